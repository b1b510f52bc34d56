import { describe, expect, it } from 'vitest'
import { startRawServer, startServer } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { httpClientSlot } from './http-client.ts'
import { http } from './http.ts'
import { inFlight } from './in-flight.ts'

const timedOut = { code: 'ERR_LOAD_REQUEST', category: 'timeout', counted: true }
const aborted = { code: 'ERR_LOAD_ABORTED', category: 'aborted' }

describe('timeouts', () => {
  it('end a request that gets no answer, and count it at its elapsed time', async () => {
    // Its time is over as soon as it has been sent, however long a busy machine takes for that.
    const server = await startRawServer((socket) =>
      socket.once('data', () => inFlight.forEach((request) => (request.deadlineAt = 0))),
    )
    const visitor = createVisitor({ baseUrl: server.origin })
    await expect(visitor.run(() => http.get('/', { timeout: 40_000 }))).rejects.toMatchObject({
      ...timedOut,
      message: expect.stringContaining('no complete answer within 40000 ms'),
    })
    expect(countSamples(await visitor.finish())).toMatchObject({ 'GET /': { 2: 1, 4: 1 } })
  })

  it('end a body that does not end', async () => {
    const server = await startServer((_, response) => void response.writeHead(200, { 'content-length': 5 }).write('x'))
    const visitor = createVisitor({ baseUrl: server.origin, timeoutMs: 20 })
    await expect(visitor.run(() => http.get('/').text())).rejects.toMatchObject(timedOut)
  })

  it('end a request that nobody reads', async () => {
    const server = await startRawServer((socket) => socket.pause())
    const visitor = createVisitor({ baseUrl: server.origin, timeoutMs: 50 })
    const body = new Uint8Array(20 * 2 ** 20)
    await expect(visitor.run(() => http.post('/', { body }))).rejects.toMatchObject(timedOut)
  })

  it('end an answer that never gets past informational ones', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => {
        const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5)
        socket.once('close', () => clearInterval(timer))
      })
    })
    const visitor = createVisitor({ baseUrl: server.origin, timeoutMs: 50 })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject(timedOut)
  })

  it('hold over all redirects together', async () => {
    const server = await startServer((request, response) => {
      setTimeout(() => response.writeHead(302, { location: request.url }).end(), 15)
    })
    const visitor = createVisitor({ baseUrl: server.origin, timeoutMs: 100 })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject(timedOut)
  })

  it('end a request that waits for a connection', async () => {
    const server = await startRawServer(() => {})
    const visitor = createVisitor({ baseUrl: server.origin, timeoutMs: 20 })
    const results = await visitor.run(() => Promise.allSettled(Array.from({ length: 8 }, () => http.get('/'))))
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'rejected'))
    const snapshot = await visitor.finish()
    expect(snapshot.errors).toMatchObject([{ category: 'timeout', count: 8 }])
    expect(visitor.frame.scope.inFlight).toBe(0)
  })

  it('end an attempt to connect, which has no service time', async () => {
    const server = await startRawServer(() => {})
    // TLS that the server does not answer: the TCP connection stands, the handshake never ends.
    const visitor = createVisitor({ baseUrl: server.origin.replace('http:', 'https:'), timeoutMs: 20 })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject(timedOut)
    const { 'GET /': samples } = countSamples(await visitor.finish())
    expect(samples).toMatchObject({ 2: 1 })
    expect(samples).not.toHaveProperty('4')
  })

  it('leave the virtual user able to go on', async () => {
    const server = await startServer((request, response) => {
      if (request.url !== '/silent') response.end()
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(http.get('/silent', { timeout: '20ms' })).rejects.toMatchObject(timedOut)
      await http.get('/').expect(200)
    })
  })
})

describe('the end of the load', () => {
  it('cuts requests in flight, waiting and connecting', async () => {
    const [server, slow] = [await startRawServer(() => {}), await startRawServer(() => {})]
    const visitor = createVisitor({ baseUrl: server.origin })
    const pending = visitor.run(() => [
      ...Array.from({ length: 8 }, () => http.get('/')),
      http.get(`${slow.origin.replace('http:', 'https:')}/`),
    ])
    visitor.cut()
    const results = await Promise.allSettled(pending)
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: aborted })
    const snapshot = await visitor.finish()
    expect(snapshot.counters.requestsStarted).toBe(9)
    expect(snapshot.errors.reduce((sum, { category, count }) => sum + (category === 'aborted' ? count : 0), 0)).toBe(9)
    expect(countSamples(snapshot)['GET /']).toMatchObject({ 3: 8 })
  })

  it('refuses further requests, but not those of a hook', async () => {
    const server = await startServer((_, response) => response.end())
    const visitor = createVisitor({ baseUrl: server.origin })
    visitor.cut()
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({ ...aborted, counted: false })
    const hook = createVisitor({ baseUrl: server.origin }, (session) => ({
      ...visitor.frame,
      session,
      scope: { ...visitor.frame.scope, hook: true },
    }))
    hook.cut()
    expect((await hook.run(() => http.get('/'))).status).toBe(200)
  })

  it('cuts the requests of one session on demand', async () => {
    const server = await startRawServer((socket) =>
      socket.once('data', () => visitor.session.get(httpClientSlot)?.abortInFlight()),
    )
    const visitor = createVisitor({ baseUrl: server.origin })
    await expect(visitor.run(() => http.get('/').json())).rejects.toMatchObject(aborted)
  })

  it('counts what ends after its iteration was cut as aborted', async () => {
    const server = await startServer((_, response) => response.end())
    const visitor = createVisitor({ baseUrl: server.origin })
    const pending = visitor.run(() => http.get('/'))
    visitor.frame.scope.cut = true
    await pending
    expect(countSamples(await visitor.finish())).toMatchObject({ 'GET /': { 3: 1 } })
  })

  it('ends requests when the session closes', async () => {
    const server = await startRawServer(() => {})
    const visitor = createVisitor({ baseUrl: server.origin })
    const pending = visitor.run(() => http.get('/'))
    await visitor.finish()
    await expect(pending).rejects.toMatchObject(aborted)
  })
})
