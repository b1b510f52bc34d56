import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { describe, expect, it } from 'vitest'
import { currentFrame } from '../session/current.ts'
import { trusting } from './fixtures/certificate.ts'
import { closeAll, createCrowd } from './fixtures/crowd.ts'
import { startHttp2 } from './fixtures/http2-servers.ts'
import { startProxy } from './fixtures/proxy.ts'
import { startEcho, startServer, type Echo, type TestServer } from './fixtures/servers.ts'
import { countSamples, createVisitor, type Visitor } from './fixtures/visitor.ts'
import type { HttpConfig } from './config.ts'
import { http } from './http.ts'

const shared = (server: { readonly origin: string }, size: number): Partial<HttpConfig> => ({
  baseUrl: server.origin,
  connections: 'shared',
  sharedConnections: size,
})

/** A server that answers when it is told to, the one that came first at first, and what has come. */
async function startHolding(): Promise<
  TestServer & { come: string[]; arrive: () => Promise<string>; answer: () => void }
> {
  const held: ServerResponse[] = []
  const come: string[] = []
  const arrivals = new EventTarget()
  const server = await startServer((request, response) => {
    come.push(request.url ?? '')
    held.push(response)
    arrivals.dispatchEvent(new Event('arrival'))
  })
  return {
    ...server,
    come,
    arrive: async () => {
      await once(arrivals, 'arrival')
      return come.at(-1) ?? ''
    },
    answer: () => void held.shift()?.end('ok'),
  }
}

const get = (visitor: Visitor, url: string, options = {}): Promise<unknown> =>
  visitor
    .run(() => Promise.resolve(http.get(url, options)))
    .then(
      ({ status }) => status,
      (error: unknown) => (error as { category: string }).category,
    )

describe('shared connections', () => {
  it('are no more than their number, whoever makes how many requests', async () => {
    const server = await startEcho()
    const crowd = createCrowd(20, shared(server, 3))
    const statuses = await Promise.all(
      crowd.flatMap((visitor) => Array.from({ length: 10 }, (_, index) => get(visitor, `/${index}`))),
    )
    expect(statuses).toEqual(Array.from({ length: 200 }, () => 200))
    expect(server.connections()).toBe(3)
    await closeAll(crowd.slice(1))
    const [{ measured } = expect.fail()] = crowd[0].connections()
    expect(measured).toMatchObject({ opened: 3, reused: 197, waited: 197, peakOpen: 3, peakInUse: 3, peakWaiting: 197 })
    const snapshot = await crowd[0].finish()
    expect(snapshot.counters).toMatchObject({
      requestsStarted: 200,
      connectionsClosed: 3,
      bytesSent: server.bytesRead(),
      bytesReceived: server.bytesWritten(),
    })
    await server.closed()
  })

  it('serve requests in the order in which they were made', async () => {
    const server = await startHolding()
    const crowd = createCrowd(4, shared(server, 1))
    const arrived = server.arrive()
    const all = Promise.all(
      ['/0', '/1', '/2', '/3', '/4', '/5'].map((url, index) => get(crowd[index % 4] as Visitor, url)),
    )
    await arrived
    for (let left = 5; left > 0; left--) {
      const next = server.arrive()
      server.answer()
      await next
    }
    server.answer()
    await all
    expect(server.come).toEqual(['/0', '/1', '/2', '/3', '/4', '/5'])
    expect(server.connections()).toBe(1)
  })

  it('count the wait for one of them as blocked', async () => {
    const server = await startHolding()
    const [first, second] = createCrowd(2, shared(server, 1))
    const arrived = server.arrive()
    const both = [get(first, '/a'), second?.run(() => http.get('/b'))] as const
    await arrived
    await new Promise((resolve) => setTimeout(resolve, 50))
    const next = server.arrive()
    server.answer()
    await next
    server.answer()
    const waited = await both[1]
    expect(waited?.timings.blocked).toBeGreaterThan(40)
    expect(waited?.timings.waiting).toBeLessThan(waited?.timings.blocked ?? 0)
  })

  it('lose a user that is cut, with what it has in flight or waiting, and nobody else', async () => {
    const server = await startHolding()
    const [cut, other] = createCrowd(2, shared(server, 1)) as [Visitor, Visitor]
    const arrived = server.arrive()
    const theirs = [get(cut, '/cut'), get(other, '/1'), get(cut, '/cut-waiting'), get(other, '/2')]
    await arrived
    const next = server.arrive()
    cut.cut()
    await next
    server.answer()
    // That of the one who was cut is gone.
    const last = server.arrive()
    server.answer()
    await last
    server.answer()
    expect(await Promise.all(theirs)).toEqual(['aborted', 200, 'aborted', 200])
    expect(server.come).toEqual(['/cut', '/1', '/2'])
    expect(cut.frame.scope.inFlight).toBe(0)
    expect(server.connections()).toBe(2)
  })

  it('stay open when a user ends, and are closed with the last', async () => {
    const server = await startHolding()
    const crowd = createCrowd(3, shared(server, 1)) as [Visitor, Visitor, Visitor]
    const answered = async (visitor: Visitor): Promise<unknown> => {
      const arrived = server.arrive()
      const status = get(visitor, '/')
      await arrived
      server.answer()
      return status
    }
    for (const visitor of crowd) expect(await answered(visitor)).toBe(200)
    await crowd[0].session.close()
    await crowd[1].session.close()
    expect(await answered(crowd[2])).toBe(200)
    expect(server.connections()).toBe(1)
    await crowd[2].session.close()
    await server.closed()
    expect(crowd[0].connections()[0]?.measured).toMatchObject({ opened: 1, reused: 3, closed: { end: 1 } })
  })

  it('are those of one run', async () => {
    const server = await startEcho()
    const runs = [createCrowd(2, shared(server, 1)), createCrowd(2, shared(server, 1))]
    for (const visitor of runs.flat()) await get(visitor, '/')
    expect(server.connections()).toBe(2)
  })

  it('keep cookies and credentials apart', async () => {
    const server = await startServer((request, response) => {
      const { cookie, authorization } = request.headers
      response
        .setHeader('set-cookie', `id=${request.url?.slice(1)}; Path=/`)
        .end(JSON.stringify({ cookie, authorization }))
    })
    const crowd = createCrowd(2, shared(server, 1))
    const visit = (index: number, bearer: string): Promise<unknown> =>
      (crowd[index] as Visitor).run(() => http.get(`/${index}`, { bearer }).json())
    await Promise.all([visit(0, 'a'), visit(1, 'b')])
    expect(await Promise.all([visit(0, 'a'), visit(1, 'b')])).toEqual([
      { cookie: 'id=0', authorization: 'Bearer a' },
      { cookie: 'id=1', authorization: 'Bearer b' },
    ])
  })

  it('are replaced when they break', async () => {
    let requests = 0
    const server = await startServer((request, response) => {
      if (++requests % 3 === 0) request.socket.resetAndDestroy()
      else response.end('ok')
    })
    const crowd = createCrowd(10, shared(server, 2))
    const outcomes = await Promise.all(
      crowd.flatMap((visitor) => [get(visitor, '/'), get(visitor, '/'), get(visitor, '/')]),
    )
    expect(outcomes.filter((outcome) => outcome === 'reset')).toHaveLength(10)
    expect(outcomes.filter((outcome) => outcome === 200)).toHaveLength(20)
    const [{ measured } = expect.fail()] = crowd[0].connections()
    expect(measured).toMatchObject({ opened: server.connections(), peakOpen: 2, closed: { error: 10 } })
    expect(measured.opened + measured.reused).toBe(30)
  })

  it('end the wait of a request in time', async () => {
    const server = await startHolding()
    const [first, second] = createCrowd(2, shared(server, 1)) as [Visitor, Visitor]
    const arrived = server.arrive()
    const held = get(first, '/held')
    await arrived
    expect(await get(second, '/late', { timeout: 50 })).toBe('timeout')
    server.answer()
    expect(await held).toBe(200)
    expect(server.come).toEqual(['/held'])
  })

  it('are held by a stream until it is read', async () => {
    const server = await startServer((_, response) => response.end('some text'))
    const [first, second] = createCrowd(2, shared(server, 1)) as [Visitor, Visitor]
    let after: Promise<unknown> | undefined
    await first.run(async () => {
      const lines: string[] = []
      for await (const line of http.get('/stream').lines()) {
        after = get(second, '/after')
        lines.push(line)
      }
      expect(lines).toEqual(['some text'])
    })
    expect(await after).toBe(200)
    expect(server.connections()).toBe(1)
  })

  it('send a stream as the user that has made it', async () => {
    const server = await startEcho()
    const crowd = createCrowd(3, shared(server, 1))
    const bodies = await Promise.all(
      crowd.map((visitor, index) =>
        visitor.run(async () => {
          async function* pieces(): AsyncGenerator<string> {
            yield await Promise.resolve(`${index} `)
            yield String(currentFrame() === visitor.frame)
          }
          return ((await http.post('/', { body: () => pieces() }).json()) as Echo).body
        }),
      ),
    )
    expect(bodies).toEqual(['0 true', '1 true', '2 true'])
  })

  it('go through a proxy', async () => {
    const server = await startEcho()
    const proxy = await startProxy()
    const through = {
      protocol: 'http:',
      hostname: '127.0.0.1',
      port: String(proxy.port),
      headers: [],
      bypass: [],
    } as const
    const crowd = createCrowd(5, { ...shared(server, 2), proxy: through })
    expect(await Promise.all(crowd.map((visitor) => get(visitor, '/')))).toEqual([200, 200, 200, 200, 200])
    expect(proxy.connections()).toBe(2)
    expect(proxy.asked).toHaveLength(5)
  })
})

describe('a shared connection of HTTP/2', () => {
  const ok = (stream: ServerHttp2Stream): void => {
    stream.respond({ ':status': 200 })
    stream.end('ok')
  }
  const h2 = { http2: true, tls: trusting } as const

  it('carries the requests of all users, no more at once than its number', async () => {
    let open = 0
    let most = 0
    const server = await startHttp2((_, stream) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open -= 1
        ok(stream)
      }, 5)
    })
    const crowd = createCrowd(10, { ...shared(server, 4), ...h2 })
    const statuses = await Promise.all(
      crowd.flatMap((visitor) => [get(visitor, '/'), get(visitor, '/'), get(visitor, '/')]),
    )
    expect(statuses).toEqual(Array.from({ length: 30 }, () => 200))
    expect([server.sessions(), most]).toEqual([1, 4])
    await closeAll(crowd.slice(1))
    const snapshot = await crowd[0].finish()
    expect(snapshot.counters).toMatchObject({ connectionsOpened: 1, connectionsReused: 29, connectionsClosed: 1 })
    // ok; blocked, connecting and tls
    expect(countSamples(snapshot)['GET /']).toMatchObject({ 0: 30, 5: 30, 7: 1, 8: 1 })
  })

  it('outlives the user whose request opens it', async () => {
    const server = await startHttp2((_, stream) => ok(stream))
    const crowd = createCrowd(3, { ...shared(server, 10), ...h2 }) as [Visitor, Visitor, Visitor]
    const outcomes = crowd.map((visitor) => get(visitor, '/'))
    crowd[0].cut()
    await crowd[0].session.close()
    expect(await Promise.all(outcomes)).toEqual(['aborted', 200, 200])
    expect(server.sessions()).toBe(1)
  })

  it('that does not come about fails those who wait for it, and each tries again where it is to', async () => {
    const retry = {
      limit: 1,
      delayMs: 1,
      maxDelayMs: 10,
      methods: ['GET'],
      errors: ['connect'],
      statuses: [],
    } as unknown as NonNullable<HttpConfig['retry']>
    const crowd = createCrowd(3, { ...shared({ origin: 'https://127.0.0.1:1' }, 10), ...h2, retry })
    expect(await Promise.all(crowd.map((visitor) => get(visitor, '/')))).toEqual(['connect', 'connect', 'connect'])
    await closeAll(crowd.slice(1))
    expect((await crowd[0].finish()).counters).toMatchObject({ retries: 3 })
  })
})

it('are what one user has as well', async () => {
  const server = await startEcho()
  const visitor = createVisitor(shared(server, 2))
  await visitor.run(() => Promise.all(Array.from({ length: 5 }, () => http.get('/').expect(200))))
  expect(server.connections()).toBe(2)
})
