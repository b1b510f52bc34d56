import { createServer as createTlsServer } from 'node:https'
import { constants, type ServerHttp2Stream } from 'node:http2'
import { clearTimeout, setTimeout } from 'node:timers'
import { describe, expect, it } from 'vitest'
import type { ErrorCategory } from '../shared/error-category.ts'
import type { CategorisedError } from '../shared/errors.ts'
import { selfSigned, trusting } from './fixtures/certificate.ts'
import { startHttp2, type Http2TestServer } from './fixtures/http2-servers.ts'
import { listen, startEcho, startRawServer, startServer } from './fixtures/servers.ts'
import { createVisitor, type Visitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const tls = trusting

function ok(stream: ServerHttp2Stream, body = 'ok'): void {
  stream.respond({ ':status': 200 })
  stream.end(body)
}

function startOk(options: Parameters<typeof startHttp2>[1] = {}): Promise<Http2TestServer> {
  return startHttp2((_, stream) => ok(stream), options)
}

/** Category of what a request came to, or its status. */
async function outcomeOf(request: PromiseLike<{ readonly status: number }>): Promise<ErrorCategory | number> {
  return Promise.resolve(request).then(
    ({ status }) => status,
    (error: unknown) => (error as CategorisedError).category,
  )
}

const many = (count: number, send: (index: number) => PromiseLike<unknown>): Promise<unknown[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => send(index)))

describe('HTTP/2', () => {
  it('carries parallel requests of a virtual user over one connection', async () => {
    let open = 0
    let most = 0
    const server = await startHttp2((_, stream) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open -= 1
        ok(stream)
      }, 20)
    })
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls })
    const versions = await visitor.run(() => many(20, async () => (await http.get('/').expect(200)).httpVersion))
    expect(new Set(versions)).toEqual(new Set(['2']))
    expect([server.sessions(), server.connections()]).toEqual([1, 1])
    // Until the server has told its settings there is one.
    expect(most).toBeGreaterThanOrEqual(19)
    const { counters } = await visitor.finish()
    expect(counters).toMatchObject({
      requestsStarted: 20,
      connectionsOpened: 1,
      connectionsReused: 19,
      connectionsClosed: 1,
    })
  })

  it('sends methods, headers, cookies and bodies as HTTP/1.1 does', async () => {
    const server = await startHttp2((_, stream) => {
      let body = ''
      stream.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      stream.on('end', () => {
        const { ':method': method, ':path': path, authorization, cookie } = server.headers.get(stream) ?? {}
        stream.respond({
          ':status': 201,
          'set-cookie': ['a=1; Path=/', 'b=2; Path=/'],
          'content-type': 'application/json',
        })
        stream.end(JSON.stringify({ method, path, authorization, cookie, body }))
      })
    }, {})
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls })
    await visitor.run(async () => {
      await http.get('/first')
      const answer = await http.post('/x', { json: { a: 'ü' }, bearer: 't', query: { q: 'a b' } }).expect(201)
      expect(await answer.json()).toEqual({
        method: 'POST',
        path: '/x?q=a+b',
        authorization: 'Bearer t',
        cookie: 'a=1; b=2',
        body: '{"a":"ü"}',
      })
    })
  })

  it('keeps to the number of streams that the server allows, and ends who waits for one in time', async () => {
    const held: ServerHttp2Stream[] = []
    let most = 0
    const server = await startHttp2(
      (path, stream) => {
        if (path === '/ok') {
          ok(stream)
          return
        }
        held.push(stream)
        most = Math.max(most, held.length)
        stream.once('close', () => held.splice(held.indexOf(stream), 1))
        setTimeout(() => ok(stream), 300)
      },
      { settings: { maxConcurrentStreams: 2 } },
    )
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls })
    await visitor.run(async () => {
      await http.get('/ok')
      const outcomes = await Promise.all([
        outcomeOf(http.get('/held')),
        outcomeOf(http.get('/held')),
        outcomeOf(http.get('/held', { timeout: 100 })),
        outcomeOf(http.get('/ok')),
      ])
      expect(outcomes).toEqual([200, 200, 'timeout', 200])
      await http.get('/ok').expect(200)
    })
    expect(most).toBe(2)
    expect(server.sessions()).toBe(1)
    expect(visitor.frame.scope.inFlight).toBe(0)
  })

  it('falls back to connections of HTTP/1.1 where the server speaks nothing else', async () => {
    const server = await listen(
      createTlsServer({ ...selfSigned, keepAliveTimeout: 60_000 }, (_, response) =>
        setTimeout(() => response.end(), 10),
      ),
      'https',
    )
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls })
    const versions = await visitor.run(() => many(20, async () => (await http.get('/').expect(200)).httpVersion))
    expect(new Set(versions)).toEqual(new Set(['1.1']))
    await visitor.run(() => http.get('/').expect(200))
    expect(server.connections()).toBeLessThanOrEqual(7)
    expect((await visitor.finish()).counters.requestsStarted).toBe(21)
  })

  it('is spoken without TLS where that is known, and leaves cleartext alone otherwise', async () => {
    const server = await startOk({ cleartext: true })
    const known = createVisitor({ baseUrl: server.origin, http2: 'prior-knowledge' })
    await known.run(() => many(10, async () => expect((await http.get('/').expect(200)).httpVersion).toBe('2')))
    const { counters } = await known.finish()
    await server.closed()
    expect(counters).toMatchObject({
      connectionsOpened: 1,
      bytesSent: server.bytesRead(),
      bytesReceived: server.bytesWritten(),
    })
    const plain = await startEcho()
    const visitor = createVisitor({ baseUrl: plain.origin, http2: true })
    expect((await visitor.run(() => http.get('/'))).httpVersion).toBe('1.1')
  })

  it('counts all that waited for a connection that did not come about, and tries again', async () => {
    const visitor = createVisitor({ baseUrl: 'https://127.0.0.1:1', http2: true, tls })
    for (let round = 0; round < 2; round++) {
      const outcomes = await visitor.run(() => many(20, () => outcomeOf(http.get('/'))))
      expect(new Set(outcomes)).toEqual(new Set(['connect']))
    }
    expect((await visitor.finish()).counters).toMatchObject({ requestsStarted: 40, connectionsOpened: 0 })
    expect(visitor.frame.scope.inFlight).toBe(0)
  })

  it('ends with the load while it connects', async () => {
    const server = await startRawServer((socket) => void socket.resume())
    const visitor = createVisitor({ baseUrl: server.origin.replace('http:', 'https:'), http2: true, tls })
    const pending = visitor.run(() => many(5, () => outcomeOf(http.get('/'))))
    await new Promise((resolve) => setTimeout(resolve, 50))
    visitor.cut()
    expect(await pending).toEqual(Array.from({ length: 5 }, () => 'aborted'))
    await visitor.finish()
    await server.closed()
  })

  it('ends one of several that wait for the connection, and no other', async () => {
    let delayed: (() => void) | undefined
    const server = await startRawServer((socket) => {
      delayed = () => void socket.resetAndDestroy()
    })
    const visitor = createVisitor({ baseUrl: server.origin.replace('http:', 'https:'), http2: true, tls })
    const outcomes = visitor.run(() =>
      Promise.all([
        outcomeOf(http.get('/', { timeout: 100 })),
        outcomeOf(http.get('/')),
        outcomeOf(http.get('/', { timeout: 150 })),
      ]),
    )
    const timer = setTimeout(() => delayed?.(), 300)
    expect(await outcomes).toEqual(['timeout', 'reset', 'timeout'])
    clearTimeout(timer)
  })
})

describe('a session of HTTP/2 that goes away', () => {
  const after = async (visitor: Visitor): Promise<void> => {
    await visitor.run(() => many(5, () => http.get('/ok').expect(200)))
    expect(visitor.frame.scope.inFlight).toBe(0)
  }

  it('ends its streams, and another takes the next ones', async () => {
    const server = await startHttp2(
      (path, stream, session) => {
        if (path !== '/last') {
          ok(stream)
          return
        }
        session.goaway(constants.NGHTTP2_NO_ERROR, stream.id)
        setTimeout(() => ok(stream, 'late'), 50)
      },
      { cleartext: true },
    )
    const visitor = createVisitor({ baseUrl: server.origin, http2: 'prior-knowledge' })
    await visitor.run(async () => {
      const last = http.get('/last')
      await new Promise((resolve) => setTimeout(resolve, 20))
      await http.get('/ok').expect(200)
      expect(await (await last).text()).toBe('late')
    })
    await after(visitor)
    const { counters } = await visitor.finish()
    await server.closed()
    expect(counters).toMatchObject({
      connectionsOpened: 2,
      connectionsClosed: 2,
      bytesSent: server.bytesRead(),
      bytesReceived: server.bytesWritten(),
    })
  })

  it('fails each of its streams once when it breaks', async () => {
    let waiting = 0
    const server = await startHttp2((path, stream, session) => {
      if (path === '/ok') ok(stream)
      else if (++waiting === 10) session.destroy()
    })
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls })
    await visitor.run(() => http.get('/ok'))
    const outcomes = await visitor.run(() => many(10, () => outcomeOf(http.get('/broken'))))
    expect(outcomes).toEqual(Array.from({ length: 10 }, () => 'reset'))
    await after(visitor)
    expect(server.sessions()).toBe(2)
    expect((await visitor.finish()).counters).toMatchObject({ requestsStarted: 16, connectionsOpened: 2 })
  })

  it('is replaced after it was closed in good order', async () => {
    const server = await startHttp2((path, stream, session) => {
      ok(stream)
      if (path === '/bye') session.close()
    })
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls })
    await visitor.run(() => http.get('/bye').expect(200))
    await after(visitor)
    expect(server.sessions()).toBe(2)
  })

  it('has not been used again by a request that opens another', async () => {
    let isUnseen = true
    const server = await startHttp2((path, stream, session) => {
      if (path === '/unseen' && isUnseen) session.goaway(constants.NGHTTP2_NO_ERROR, (stream.id ?? 0) - 2)
      else ok(stream)
      isUnseen = path !== '/unseen'
    })
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls })
    await visitor.run(async () => {
      for (const path of ['/ok', '/unseen', '/ok', '/ok']) await http.get(path).expect(200)
    })
    expect([server.sessions(), server.streams.get('/unseen')]).toEqual([2, 2])
    expect((await visitor.finish()).counters).toMatchObject({ connectionsOpened: 2, connectionsReused: 2 })
  })
})

it('says nothing of HTTP/2 where it was not asked for', async () => {
  const server = await startServer((_, response) => response.end())
  const visitor = createVisitor({ baseUrl: server.origin })
  expect((await visitor.run(() => http.get('/'))).httpVersion).toBe('1.1')
})
