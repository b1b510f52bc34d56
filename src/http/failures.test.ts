import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ErrorCategory } from '../shared/error-category.ts'
import { selfSigned } from './fixtures/certificate.ts'
import { listen, startRawServer, startScripted, startServer, type TestServer } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const limit = 100_000

const resets = (): Promise<TestServer> =>
  startRawServer((socket) => socket.once('data', () => socket.resetAndDestroy()))

const cases: { name: string; category: ErrorCategory; message: RegExp; start: () => Promise<TestServer> }[] = [
  { name: 'a reset before the answer', category: 'reset', message: /ECONNRESET/, start: resets },
  {
    name: 'a reset in the body',
    category: 'reset',
    message: /ECONNRESET|UND_ERR_SOCKET/,
    start: () =>
      startScripted('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', (socket) => socket.resetAndDestroy()),
  },
  {
    name: 'a close before the answer',
    category: 'reset',
    message: /UND_ERR_SOCKET/,
    start: () => startRawServer((socket) => socket.once('data', () => socket.end())),
  },
  {
    name: 'a body shorter than its length',
    category: 'protocol',
    message: /UND_ERR_RES_CONTENT_LENGTH_MISMATCH/,
    start: () =>
      startScripted('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\nhalf', (socket) => socket.end()),
  },
  {
    name: 'a body with a length and in chunks',
    category: 'protocol',
    message: /UND_ERR_RES_CONTENT_LENGTH_MISMATCH/,
    start: () =>
      startScripted('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'),
  },
  {
    name: 'a body over the limit',
    category: 'protocol',
    message: /^body is too large: more than 100000 bytes/,
    start: () => startServer((_, response) => void response.end(Buffer.alloc(limit + 1))),
  },
  {
    name: 'a body over the limit when decompressed',
    category: 'protocol',
    message: /^body is too large when decompressed/,
    start: () =>
      startServer((_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(limit + 1)))
      }),
  },
  {
    name: 'what is not HTTP',
    category: 'protocol',
    message: /^malformed answer/,
    start: () => startScripted('SSH-2.0-x\r\n\r\n'),
  },
  {
    name: 'an answer without an end of its headers',
    category: 'protocol',
    message: /UND_ERR_HEADERS_OVERFLOW/,
    start: () => startScripted(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n`),
  },
  {
    name: 'an unexpected 100',
    category: 'protocol',
    message: /bad response/,
    start: () => startScripted('HTTP/1.1 100 Continue\r\n\r\n'),
  },
  {
    name: 'a switch to another protocol',
    category: 'protocol',
    message: /bad upgrade/,
    start: () => startScripted('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  },
  {
    name: 'a body that is not what its coding says',
    category: 'protocol',
    message: /content-encoding/,
    start: () => startServer((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip')),
  },
  {
    name: 'a certificate of nobody',
    category: 'tls',
    message: /DEPTH_ZERO_SELF_SIGNED_CERT/,
    start: () => listen(createTlsServer(selfSigned), 'https'),
  },
  {
    name: 'plain HTTP where TLS is spoken',
    category: 'tls',
    message: /ERR_SSL_|EPROTO/,
    start: async () => ({ ...(await startScripted('HTTP/1.1 400 Bad Request\r\n\r\n')) }),
  },
]

describe('failures of the transport', () => {
  it.for(cases)('counts $name as $category', async ({ name, category, message, start }) => {
    const server = await start()
    const baseUrl = name.startsWith('plain HTTP') ? server.origin.replace('http:', 'https:') : server.origin
    const visitor = createVisitor({ baseUrl, maxResponseBytes: limit })
    await expect(visitor.run(() => http.get('/x'))).rejects.toMatchObject({
      code: 'ERR_LOAD_REQUEST',
      category,
      counted: true,
    })
    const { errors } = await visitor.finish()
    expect(errors).toMatchObject([{ category, request: 'GET /x', count: 1, message: expect.stringMatching(message) }])
  })

  it('takes a body as long as the limit, and informational answers before it', async () => {
    const hints = 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'
    const server = await startScripted(`${hints}HTTP/1.1 200 OK\r\nx-a: b\r\ncontent-length: 5\r\n\r\nright`)
    const visitor = createVisitor({ baseUrl: server.origin, maxResponseBytes: 5 })
    const response = await visitor.run(() => http.get('/').expect(200))
    expect([await response.text(), response.header('x-a'), response.header('link')]).toEqual(['right', 'b', undefined])
  })

  it('counts a refused connection', async () => {
    const server = await startRawServer(() => {})
    const visitor = createVisitor({ baseUrl: 'http://127.0.0.1:1' })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({
      category: 'connect',
      message: expect.stringContaining('connection refused (ECONNREFUSED)'),
      cause: { code: 'ECONNREFUSED' },
    })
    expect(server.connections()).toBe(0)
    expect((await visitor.finish()).counters).toMatchObject({ connectionsOpened: 0, connectionsClosed: 0 })
  })

  it('counts a host that does not exist', async () => {
    const visitor = createVisitor({ baseUrl: 'http://nonexistent.invalid' })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({ category: 'dns' })
  })

  it('counts a request that cannot be sent, and goes on', async () => {
    const server = await startServer((_, response) => response.end())
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(http.get('/', { headers: { 'x-bad': 'line\nbreak' } }).expect(200)).rejects.toMatchObject({
        category: 'script',
      })
      await http.get('/').expect(200)
    })
    expect(visitor.frame.scope.inFlight).toBe(0)
  })

  it('connects anew after a failure', async () => {
    let first = true
    const server = await startRawServer((socket: Socket) => {
      socket.on('data', () => {
        if (first) socket.resetAndDestroy()
        else socket.write('HTTP/1.1 204 No Content\r\n\r\n')
        first = false
      })
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(http.get('/')).rejects.toMatchObject({ category: 'reset' })
      await http.get('/').expect(204)
    })
    expect((await visitor.finish()).counters).toMatchObject({
      connectionsOpened: 2,
      connectionsClosed: 2,
      connectionsReused: 0,
    })
  })

  it('shows nothing of headers, query or body in its errors', async () => {
    const server = await startScripted('HTTP/1.1 200 OK\r\nx-secret: s3cret\r\nbroken s3cret\r\n\r\n')
    const visitor = createVisitor({ baseUrl: server.origin })
    const options = { bearer: 's3cret', query: { token: 's3cret' }, json: { password: 's3cret' } }
    const error: unknown = await visitor.run(() => http.post('/x', options).catch((thrown: unknown) => thrown))
    expect(error).toMatchObject({ category: 'protocol' })
    expect(
      `${(error as Error).stack} ${JSON.stringify(error)} ${JSON.stringify((error as Error).cause)}`,
    ).not.toContain('s3cret')
  })
})
