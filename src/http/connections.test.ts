import { describe, expect, it } from 'vitest'
import { startEcho, startRawServer, startServer, type Echo } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

describe('connections', () => {
  it('are kept and used again, also after HEAD and DELETE with a body', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await http.get('/')
      await http.head('/')
      await http.delete('/', { json: {} })
      await http.post('/', { json: {} })
    })
    const { counters } = await visitor.finish()
    expect(counters).toMatchObject({ connectionsOpened: 1, connectionsReused: 3, connectionsClosed: 1 })
    expect(server.connections()).toBe(1)
  })

  it('are as many as there are parallel requests, at most six', async () => {
    let open = 0
    let most = 0
    const server = await startServer((_, response) => {
      most = Math.max(most, ++open)
      setImmediate(() => {
        open -= 1
        response.end()
      })
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(() => Promise.all(Array.from({ length: 20 }, () => http.get('/').expect(200))))
    await visitor.run(() => http.get('/'))
    expect(server.connections()).toBe(6)
    expect(most).toBeLessThanOrEqual(6)
    expect((await visitor.finish()).counters).toMatchObject({ connectionsOpened: 6, connectionsReused: 15 })
  })

  it('are not shared between virtual users', async () => {
    const server = await startEcho()
    const visitors = [createVisitor({ baseUrl: server.origin }), createVisitor({ baseUrl: server.origin })]
    for (const visitor of visitors) await visitor.run(() => http.get('/'))
    expect(server.connections()).toBe(2)
  })

  it('are new for every request when told so', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin, connections: 'none' })
    await visitor.run(async () => {
      const answer = (await http.get('/').json()) as Echo
      expect(answer.headers.connection).toBe('close')
      await http.get('/')
    })
    expect((await visitor.finish()).counters).toMatchObject({
      connectionsOpened: 2,
      connectionsReused: 0,
      connectionsClosed: 2,
    })
    expect(server.connections()).toBe(2)
  })

  it('are opened only once they are needed', async () => {
    const server = await startRawServer(() => {})
    createVisitor({ baseUrl: server.origin })
    expect(server.connections()).toBe(0)
  })

  it('have their phases recorded when they are opened', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin.replace('127.0.0.1', 'localhost') })
    await visitor.run(async () => {
      await http.get('/')
      await http.get('/')
    })
    const parts = countSamples(await visitor.finish())['GET /']
    // ok, service; then blocked, dns, connecting, (tls), sending, waiting, receiving
    expect(parts).toEqual({ 0: 2, 4: 2, 5: 2, 6: 1, 7: 1, 9: 2, 10: 2, 11: 2 })
  })
})

describe('bytes and requests', () => {
  it('are what the server counts', async () => {
    const server = await startServer((request, response) => {
      if (request.url === '/moved') {
        response.writeHead(302, { location: '/to' }).end()
        return
      }
      request.resume().once('end', () => response.end('y'.repeat(Number(request.headers['x-size'] ?? 0))))
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      for (const size of [0, 1, 1000, 200_000]) await http.get('/', { headers: { 'x-size': String(size) } }).expect(200)
      await http.post('/', { body: 'ü'.repeat(100_000) }).expect(200)
      await http.get('/moved').expect(200)
      await Promise.all(Array.from({ length: 10 }, () => http.post('/', { json: { a: 1 } }).expect(200)))
    })
    const { counters } = await visitor.finish()
    await server.closed()
    expect(counters).toMatchObject({
      requestsStarted: 17,
      bytesSent: server.bytesRead(),
      bytesReceived: server.bytesWritten(),
      connectionsOpened: server.connections(),
      connectionsClosed: server.connections(),
    })
    expect(counters.bytesReceived).toBeGreaterThan(201_000)
  })

  it.for(['per-vu', 'none'] as const)('are right on connections that the server closes (%s)', async (connections) => {
    const server = await startServer((_, response) => response.setHeader('connection', 'close').end('bye'))
    const visitor = createVisitor({ baseUrl: server.origin, connections })
    await visitor.run(async () => {
      await http.get('/')
      await http.get('/')
    })
    const { counters } = await visitor.finish()
    await server.closed()
    expect([counters.bytesSent, counters.bytesReceived]).toEqual([server.bytesRead(), server.bytesWritten()])
  })

  it('include what a request that was cut has sent and received', async () => {
    const body = 'half of an answer'
    const server = await startRawServer((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${body}`))
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    const pending = visitor.run(() => http.get('/', { timeout: 250 }))
    await expect(pending).rejects.toMatchObject({ category: 'timeout' })
    const { counters } = await visitor.finish()
    await server.closed()
    expect([counters.bytesSent, counters.bytesReceived]).toEqual([server.bytesRead(), server.bytesWritten()])
  })
})
