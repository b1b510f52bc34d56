import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import type { IncomingHttpHeaders, RequestListener } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { trusting } from './fixtures/certificate.ts'
import { startHttp2 } from './fixtures/http2-servers.ts'
import { startRawServer, startServer } from './fixtures/servers.ts'
import { countSamples, createVisitor, type Visitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

interface Seen {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Visit {
  readonly visitor: Visitor
  readonly seen: Seen[]
  readonly origin: string
}

/** A user of a server that reads each request, then answers by how many came before. */
async function visit(answer: (attempt: number, ...io: Parameters<RequestListener>) => void): Promise<Visit> {
  const seen: Seen[] = []
  const server = await startServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ url: request.url ?? '', headers: request.headers, body })
      answer(seen.length, request, response)
    })
  })
  return { visitor: createVisitor({ baseUrl: server.origin }), seen, origin: server.origin }
}

const soon = { limit: 2, delay: 1 } as const
const put = { ...soon, methods: ['PUT', 'POST', 'GET'] }

describe('a request that is made again', () => {
  it('sends a body again that can be', async () => {
    const { visitor, seen } = await visit(
      (attempt, _, response) => void response.writeHead(attempt % 2 ? 503 : 200).end(),
    )
    let made = 0
    const factory = async function* (): AsyncIterable<string> {
      made += 1
      yield 'from a function'
    }
    await visitor.run(async () => {
      await http.put('/', { body: new Blob(['from a blob']), retry: soon }).expect(200)
      await http.put('/', { body: factory, retry: soon }).expect(200)
      await http.put('/', { body: factory, compress: 'gzip', retry: soon }).expect(200)
      await http.put('/', { multipart: { file: new Blob(['from a form']) }, retry: soon }).expect(200)
      expect((await http.put('/', { body: factory(), retry: soon })).status).toBe(503)
    })
    expect(seen.slice(0, 4).map(({ body }) => body)).toEqual([
      'from a blob',
      'from a blob',
      'from a function',
      'from a function',
    ])
    expect(seen[4]?.body).toBe(seen[5]?.body)
    expect(seen[6]?.body).toBe(seen[7]?.body)
    expect(seen).toHaveLength(9)
    expect(made).toBe(5)
  })

  it('goes on where its redirects led, each attempt a span of one trace', async () => {
    const { visitor, seen } = await visit((attempt, request, response) => {
      if (request.url === '/from') response.writeHead(307, { location: '/to' }).end()
      else response.writeHead(attempt < 4 ? 503 : 200).end()
    })
    const options = { body: new Blob(['x']), retry: put, traceparent: true }
    const response = await visitor.run(() => http.post('/from', options).expect(200))
    expect(seen.map(({ url, body }) => url + body)).toEqual(['/fromx', '/tox', '/tox', '/tox'])
    expect(response.redirects).toHaveLength(1)
    const parents = seen.map(({ headers }) => String(headers['traceparent']).split('-'))
    expect(new Set(parents.map(([, trace]) => trace))).toEqual(new Set([response.traceId]))
    expect(new Set(parents.map(([, , span]) => span)).size).toBe(4)
  })

  it('waits however short its timeouts of headers and body are', async () => {
    const { visitor, seen } = await visit((attempt, _, response) => {
      if (attempt === 1) response.writeHead(503).end()
      else if (attempt > 2) response.end('there')
    })
    const again = { limit: 3, delay: 300, errors: ['timeout'] } as const
    const sent = visitor.run(() =>
      http.get('/', { timeout: { total: '5s', headers: 100, body: 100 }, retry: again }).text(),
    )
    expect(await sent).toBe('there')
    expect(seen).toHaveLength(3)
    expect(countSamples(await visitor.finish())['GET /']).toMatchObject({ 0: 1, 1: 1, 2: 1 })
  })

  it('ends with the timeout of all attempts', async () => {
    const { visitor } = await visit((attempt, _, response) => {
      if (attempt === 1) response.writeHead(503).end()
    })
    const sent = visitor.run(() => http.get('/', { timeout: { total: 150, headers: 120 }, retry: { delay: 60 } }))
    await expect(sent).rejects.toMatchObject({ message: expect.stringContaining('within 150 ms') as string })
  })

  it('is made again, too, where it waited for a connection that did not come about', async () => {
    let refusals = 1
    const open = await startHttp2((_, stream) => {
      stream.respond({ ':status': 200 })
      stream.end('ok')
    })
    const server = await startRawServer((socket) => {
      if (refusals-- > 0) socket.resetAndDestroy()
      else void tunnel(socket, open.port)
    })
    const visitor = createVisitor({ baseUrl: `https://127.0.0.1:${server.port}`, http2: true, tls: trusting })
    const errors = ['connect', 'reset', 'tls'] as const
    const answers = await visitor.run(() =>
      Promise.all([1, 2, 3].map(() => http.get('/', { retry: { ...soon, errors } }).text())),
    )
    expect(answers).toEqual(['ok', 'ok', 'ok'])
    const { counters } = await visitor.finish()
    expect(counters).toMatchObject({ requestsStarted: 6, retries: 3 })
    expect(visitor.frame).toMatchObject({ failedRequests: 0, inFlight: 0 })
  })

  it('takes a turn of the throttle for each attempt', async () => {
    const times: number[] = []
    const { visitor } = await visit((attempt, _, response) => {
      times.push(performance.now())
      response.writeHead(attempt < 3 ? 503 : 200).end()
    })
    visitor.throttle(5)
    await visitor.run(() => http.get('/', { retry: soon }).expect(200))
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(290)
    const { counters } = await visitor.finish()
    expect(counters).toMatchObject({ requestsStarted: 3, retries: 2 })
    expect(visitor.frame.scope).toMatchObject({ held: 0, inFlight: 0 })
  })

  it('begins its answer anew for who reads late', async () => {
    let attempts = 0
    const server = await startRawServer((socket) => {
      socket.once('data', () => {
        attempts += 1
        if (attempts > 1) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood')
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nbad', () => socket.resetAndDestroy())
      })
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    const pending = visitor.run(() => http.get('/', { retry: { limit: 1, delay: 300 } }))
    await vi.waitFor(() => expect(attempts).toBe(1))
    await sleep(60)
    let read = ''
    await visitor.run(async () => {
      for await (const line of pending.lines()) read += line
    })
    expect(read).toBe('good')
  })
})

/** Lets a connection go on to another port. */
async function tunnel(socket: Socket, port: number): Promise<void> {
  const target = connect(port, '127.0.0.1')
  target.on('error', () => socket.destroy()).on('close', () => socket.destroy())
  socket.on('close', () => target.destroy())
  await once(target, 'connect')
  socket.pipe(target).pipe(socket)
}
