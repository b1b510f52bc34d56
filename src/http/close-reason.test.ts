import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import type { CloseReason, ConnectionCounts } from '../metrics/connection-counts.ts'
import { selfSigned } from './fixtures/certificate.ts'
import { listen, startRawServer, startScripted, startServer } from './fixtures/servers.ts'
import { createVisitor, type Visitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

/** Ends the user and tells why its connections were closed. */
async function closedBy(visitor: Visitor): Promise<Partial<Record<CloseReason, number>>> {
  await visitor.finish()
  const [report, ...others] = visitor.connections()
  expect(others).toEqual([])
  const { closed, opened } = report?.measured ?? expect.fail('no connection')
  expect(Object.values(closed).reduce((sum, count) => sum + count, 0)).toBe(opened)
  return Object.fromEntries(Object.entries(closed).filter(([, count]) => count > 0))
}

async function countsOf(visitor: Visitor): Promise<ConnectionCounts> {
  await visitor.finish()
  return visitor.connections()[0]?.measured ?? expect.fail('no connection')
}

describe('a connection is closed', () => {
  it('at the end of its virtual user', async () => {
    const server = await startServer((_, response) => response.end())
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(() => http.get('/').expect(200))
    expect(await closedBy(visitor)).toEqual({ end: 1 })
  })

  it('by a server that ends it while it is idle', async () => {
    const server = await startScripted(ok, (socket) => setImmediate(() => socket.end()))
    const visitor = createVisitor({ baseUrl: server.origin })
    for (let count = 0; count < 3; count++) {
      await visitor.run(() => http.get('/').expect(200))
      await server.closed()
    }
    expect(server.connections()).toBe(3)
    expect(await closedBy(visitor)).toEqual({ server: 3 })
  })

  it.for([
    ['connection: close', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['an answer that ends with it', 'HTTP/1.1 200 OK\r\n\r\nok'],
  ] as const)('by a server that says so with %s', async ([, answer]) => {
    const server = await startScripted(answer, (socket) => socket.end())
    const visitor = createVisitor({ baseUrl: server.origin })
    for (let count = 0; count < 2; count++) await visitor.run(() => http.get('/').expect(200))
    expect(server.connections()).toBe(2)
    expect(await closedBy(visitor)).toEqual({ server: 2 })
  })

  it('by a server that ends it in the midst of an answer', async () => {
    const server = await startScripted('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok', (socket) => socket.end())
    const visitor = createVisitor({ baseUrl: server.origin })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({ category: 'reset' })
    expect(await closedBy(visitor)).toEqual({ server: 1 })
  })

  it('by an error when it is reset, with a request on it or without', async () => {
    let accepted: Socket | undefined
    const server = await startRawServer((socket) => {
      accepted = socket
      socket.on('data', (data) => {
        if (data.includes('/reset')) socket.resetAndDestroy()
        else socket.write(ok)
      })
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    await expect(visitor.run(() => http.get('/reset'))).rejects.toMatchObject({ category: 'reset' })
    await visitor.run(() => http.get('/').expect(200))
    const [socket] = [accepted ?? expect.fail('nobody has come')]
    socket.resetAndDestroy()
    await once(socket, 'close')
    // Until the reset has come, a request would be its victim.
    await new Promise((resolve) => setTimeout(resolve, 20))
    await visitor.run(() => http.get('/').expect(200))
    expect(server.connections()).toBe(3)
    expect(await closedBy(visitor)).toEqual({ error: 2, end: 1 })
  })

  it('by an error when what is answered is no HTTP', async () => {
    const server = await startScripted('hello\r\n\r\n')
    const visitor = createVisitor({ baseUrl: server.origin })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({ category: 'protocol' })
    expect(await closedBy(visitor)).toEqual({ error: 1 })
  })

  it('with a request that takes too long, or whose answer is too large, or that is left when time is over', async () => {
    const server = await startServer((request, response) => {
      if (request.url === '/large') response.end('x'.repeat(2000))
      else if (request.url === '/') response.end()
    })
    const visitor = createVisitor({ baseUrl: server.origin, maxResponseBytes: 1000 })
    await expect(visitor.run(() => http.get('/slow', { timeout: 20 }))).rejects.toMatchObject({ category: 'timeout' })
    await expect(visitor.run(() => http.get('/large'))).rejects.toMatchObject({ category: 'protocol' })
    const left = visitor.run(() => http.get('/left').catch(() => {}))
    await new Promise((resolve) => setTimeout(resolve, 20))
    visitor.cut()
    await left
    expect(server.connections()).toBe(3)
    expect(await closedBy(visitor)).toEqual({ cut: 3 })
  })

  it('after its only request', async () => {
    const server = await startServer((_, response) => response.end('ok'))
    const visitor = createVisitor({ baseUrl: server.origin, connections: 'none' })
    for (let count = 0; count < 3; count++) await visitor.run(() => http.get('/').expect(200))
    expect(server.connections()).toBe(3)
    expect(await closedBy(visitor)).toEqual({ single: 3 })
  })

  it('before the server would close it, as its keep-alive announces', async () => {
    const server = await startScripted(`HTTP/1.1 200 OK\r\nkeep-alive: timeout=2\r\ncontent-length: 2\r\n\r\nok`)
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(() => http.get('/').expect(200))
    await server.closed()
    expect(await closedBy(visitor)).toEqual({ idle: 1 })
  })
})

describe('connecting', () => {
  it('that fails is no connection', async () => {
    const visitor = createVisitor({ baseUrl: 'http://127.0.0.1:1' })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({ category: 'connect' })
    expect(await countsOf(visitor)).toMatchObject({ opened: 0, failed: 1, peakOpen: 0, peakInUse: 0 })
  })

  it('that fails at TLS is none either', async () => {
    const server = await listen(createTlsServer(selfSigned), 'https')
    const visitor = createVisitor({ baseUrl: server.origin.replace('127.0.0.1', 'localhost') })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({ category: 'tls' })
    expect(await countsOf(visitor)).toMatchObject({ opened: 0, failed: 1, peakOpen: 0 })
  })

  it('that was given up has not failed', async () => {
    const server = await startRawServer(() => {})
    const visitor = createVisitor({ baseUrl: server.origin.replace('http', 'https') })
    await expect(visitor.run(() => http.get('/', { timeout: 30 }))).rejects.toMatchObject({ category: 'timeout' })
    await visitor.finish()
    expect(visitor.connections()).toEqual([])
  })
})

describe('connections in use', () => {
  it('are told apart from idle ones, and from requests that wait', async () => {
    const server = await startServer((_, response) => setTimeout(() => response.end(), 30))
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(() => Promise.all(Array.from({ length: 20 }, () => http.get('/').expect(200))))
    const [first] = visitor.connections()
    expect(first?.measured).toMatchObject({
      opened: 6,
      reused: 14,
      peakOpen: 6,
      peakInUse: 6,
      peakWaiting: 14,
      waited: 14,
    })
    const { waitedMs = 0, longestWaitMs = 0 } = first?.measured ?? {}
    expect(longestWaitMs).toBeGreaterThan(40)
    expect(waitedMs).toBeGreaterThan(longestWaitMs)
    await visitor.run(() => http.get('/').expect(200))
    expect(visitor.connections()[0]?.measured).toMatchObject({ opened: 0, reused: 1, peakOpen: 6, peakInUse: 1 })
    expect(visitor.connections()[0]?.measured).toMatchObject({ reused: 0, peakOpen: 6, peakInUse: 0, peakWaiting: 0 })
  })

  it('are waited for no longer by requests that are cut', async () => {
    const server = await startServer(() => {})
    const visitor = createVisitor({ baseUrl: server.origin })
    const all = visitor.run(() => Array.from({ length: 10 }, () => http.get('/', { timeout: 50 }).catch(() => {})))
    await Promise.all(all)
    expect(visitor.connections()[0]?.measured).toMatchObject({ waited: 4, peakWaiting: 4 })
    await visitor.finish()
    visitor.connections()
    expect(visitor.connections()).toEqual([])
  })
})
