import { createServer as createTlsServer } from 'node:https'
import { describe, expect, it } from 'vitest'
import type { ProxySettings } from '../shared/transport-settings.ts'
import { selfSigned, trusting } from './fixtures/certificate.ts'
import { startHttp2 } from './fixtures/http2-servers.ts'
import { proxyFaults } from './fixtures/proxy-faults.ts'
import { startProxy } from './fixtures/proxy.ts'
import { listen, startEcho, startRawServer, type Echo, type TestServer } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const credentials = ['proxy-authorization', `Basic ${Buffer.from('u:s3cret').toString('base64')}`]

function through({ port }: Pick<TestServer, 'port'>, more: Partial<ProxySettings> = {}): ProxySettings {
  return { protocol: 'http:', hostname: '127.0.0.1', port: String(port), headers: [], bypass: [], ...more }
}

function startTls(): Promise<TestServer> {
  return listen(
    createTlsServer({ ...selfSigned, keepAliveTimeout: 60_000 }, (request, response) =>
      response.end(JSON.stringify(request.headers)),
    ),
    'https',
  )
}

describe('a proxy', () => {
  it('opens one tunnel to an https origin, which is used again', async () => {
    const [server, proxy] = [await startTls(), await startProxy()]
    const visitor = createVisitor({
      baseUrl: server.origin,
      proxy: through(proxy, { headers: [...credentials, 'x-team', 'a'] }),
      tls: trusting,
    })
    const seen = await visitor.run(async () => {
      await http.get('/')
      return (await http.get('/').expect(200)).json()
    })
    expect(proxy.asked).toMatchObject([
      { what: `CONNECT 127.0.0.1:${server.port}`, headers: { 'proxy-authorization': credentials[1], 'x-team': 'a' } },
    ])
    expect(seen).not.toHaveProperty('proxy-authorization')
    expect(seen).not.toHaveProperty('x-team')
    const snapshot = await visitor.finish()
    expect(snapshot.counters).toMatchObject({ connectionsOpened: 1, connectionsReused: 1, connectionsClosed: 1 })
    // ok, service; blocked, connecting, tls, sending, waiting, receiving.
    expect(countSamples(snapshot)['GET /']).toEqual({ 0: 2, 4: 2, 5: 2, 7: 1, 8: 1, 9: 2, 10: 2, 11: 2 })
    await proxy.closed()
    expect(snapshot.counters.bytesSent).toBe(proxy.bytesRead())
    // The alert with which TLS ends is not read any more.
    expect(proxy.bytesWritten() - snapshot.counters.bytesReceived).toBeOneOf([0, 24])
  })

  it('forwards requests to http origins', async () => {
    const [server, proxy] = [await startEcho(), await startProxy()]
    const visitor = createVisitor({ baseUrl: server.origin, proxy: through(proxy, { headers: credentials }) })
    const echo = (await visitor.run(() => http.post('/x?a=1', { json: { b: 2 } }).json())) as Echo
    expect(echo).toMatchObject({ method: 'POST', url: '/x?a=1', body: '{"b":2}' })
    expect(echo.headers.host).toBe(`127.0.0.1:${server.port}`)
    expect(echo.headers).not.toHaveProperty('proxy-authorization')
    expect(proxy.asked).toMatchObject([
      { what: `POST ${server.origin}/x?a=1`, headers: { 'proxy-authorization': credentials[1] } },
    ])
    await visitor.run(() => http.get('/').expect(200))
    expect((await visitor.finish()).counters).toMatchObject({ connectionsOpened: 1, connectionsReused: 1 })
  })

  it('is spoken to over TLS where its URL says so, with TLS in TLS', async () => {
    const [server, plain, proxy] = [await startTls(), await startEcho(), await startProxy({ tls: true })]
    const config = { proxy: through(proxy, { protocol: 'https:' }), tls: trusting }
    const visitor = createVisitor({ ...config, baseUrl: server.origin })
    await visitor.run(async () => {
      await http.get('/').expect(200)
      await http.get(plain.origin).expect(200)
    })
    expect(proxy.asked.map(({ what }) => what)).toEqual([`CONNECT 127.0.0.1:${server.port}`, `GET ${plain.origin}/`])
  })

  it('carries HTTP/2 in its tunnel', async () => {
    const proxy = await startProxy()
    const server = await startHttp2((_, stream) => {
      stream.respond()
      stream.end('ok')
    })
    const visitor = createVisitor({ baseUrl: server.origin, proxy: through(proxy), tls: trusting, http2: true })
    await visitor.run(() => Promise.all(Array.from({ length: 5 }, () => http.get('/').expect(200))))
    expect([server.sessions(), proxy.asked.length]).toEqual([1, 1])
  })

  it('is left out for hosts that bypass it', async () => {
    const [server, proxy] = [await startEcho(), await startProxy()]
    const bypass = ['*.localhost', '127.0.0.1']
    const visitor = createVisitor({ baseUrl: server.origin, proxy: through(proxy, { bypass }) })
    const echo = (await visitor.run(() => http.get('/').json())) as Echo
    expect(echo.url).toBe('/')
    expect(proxy.asked).toEqual([])
  })

  it('keeps requests from foreign origins all the same', async () => {
    const proxy = await startProxy()
    const visitor = createVisitor({ proxy: through(proxy) })
    await expect(visitor.run(() => http.get('https://example.com/'))).rejects.toMatchObject({ code: 'ERR_LOAD_TARGET' })
    expect(proxy.connections()).toBe(0)
  })
})

describe('a proxy that', () => {
  it.for(proxyFaults)('$name is a failure of category $category that says so', async ({ category, message, act }) => {
    const [server, proxy] = [await startTls(), await startProxy({ onConnect: act })]
    // On a busy machine what is wrong comes late.
    const connectTimeoutMs = message.source.includes('timed out') ? 300 : 20_000
    const config = { baseUrl: server.origin, proxy: through(proxy, { headers: credentials }), connectTimeoutMs }
    const visitor = createVisitor({ ...config, tls: trusting })
    const failed: unknown[] = await visitor.run(() =>
      Promise.all(Array.from({ length: 8 }, () => http.get('/').catch((error: unknown) => error))),
    )
    for (const error of failed) expect(error).toMatchObject({ category, message: expect.stringMatching(message) })
    expect(JSON.stringify(failed) + String((failed[0] as Error).stack)).not.toContain('s3cret')
    expect(server.connections()).toBe(0)
    expect(proxy.asked).toHaveLength(8)
    expect((await visitor.finish()).counters).toMatchObject({ requestsStarted: 8, connectionsOpened: 0 })
  })

  const bad = { protocol: 'http:', headers: [], bypass: [] } as const
  it.for([
    ['refuses connections', { ...bad, hostname: '127.0.0.1', port: '1' }, 'connect', /proxy: connection refused/],
    ['has no address', { ...bad, hostname: 'proxy.invalid', port: '1' }, 'dns', /proxy: host name/],
  ] as const)('%s is a failure that says so', async ([, proxy, category, message]) => {
    for (const baseUrl of ['http://127.0.0.1:1', 'https://127.0.0.1:1']) {
      const visitor = createVisitor({ baseUrl, proxy })
      await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({
        category,
        message: expect.stringMatching(message),
      })
    }
  })

  it('nobody trusts is a failure of TLS, as is a target in its tunnel', async () => {
    const [server, plain, secure] = [await startTls(), await startProxy(), await startProxy({ tls: true })]
    const toSecure = createVisitor({ baseUrl: server.origin, proxy: through(secure, { protocol: 'https:' }) })
    await expect(toSecure.run(() => http.get('/'))).rejects.toMatchObject({
      category: 'tls',
      message: expect.stringMatching(/proxy: TLS failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
    })
    const inside = createVisitor({ baseUrl: server.origin, proxy: through(plain) })
    await expect(inside.run(() => http.get('/'))).rejects.toMatchObject({
      category: 'tls',
      message: expect.stringMatching(/through the proxy: TLS failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
    })
  })

  it('speaks no TLS though its URL says so is a failure of TLS', async () => {
    const server = await startRawServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    const visitor = createVisitor({ baseUrl: 'https://127.0.0.1:1', proxy: through(server, { protocol: 'https:' }) })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({
      category: 'tls',
      message: expect.stringMatching(/proxy: TLS failed/),
    })
  })

  it('breaks a tunnel in an answer fails that request, and the next has another tunnel', async () => {
    const tunnels: (() => void)[] = []
    const proxy = await startProxy({
      onConnect: (client, _, open) => {
        tunnels.push(() => client.destroy())
        open()
      },
    })
    const server = await listen(
      createTlsServer(selfSigned, (request, response) => {
        if (request.url !== '/broken') return void response.end('ok')
        response.writeHead(200, { 'content-length': '10' }).write('half')
        tunnels[0]?.()
      }),
      'https',
    )
    const visitor = createVisitor({ baseUrl: server.origin, proxy: through(proxy), tls: trusting })
    await visitor.run(async () => {
      await http.get('/').expect(200)
      await expect(http.get('/broken')).rejects.toMatchObject({ category: 'reset' })
      await http.get('/').expect(200)
    })
    expect(proxy.asked).toHaveLength(2)
    expect((await visitor.finish()).counters).toMatchObject({ connectionsOpened: 2, connectionsClosed: 2 })
  })

  it('repeats its credentials does so in no error', async () => {
    const proxy = await startRawServer((socket) =>
      socket.on('data', (request) => {
        const body = String(request)
        socket.write(`HTTP/1.1 407 No\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
      }),
    )
    const visitor = createVisitor({ baseUrl: 'http://127.0.0.1:1', proxy: through(proxy, { headers: credentials }) })
    const secrets = await visitor.run(async () => {
      const error: unknown = await http
        .get('/')
        .expect(200)
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ category: 'http_4xx' })
      return [...visitor.session.secrets()]
    })
    expect(secrets).toContain('s3cret')
    expect(secrets).toContain(Buffer.from('u:s3cret').toString('base64'))
  })
})
