import { createServer as createTlsServer } from 'node:https'
import { createSecureContext, type TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { authority, trusted, wrongHost } from '../../test/e2e/misbehaving-targets/certificates.ts'
import { selfSigned, trusting } from './fixtures/certificate.ts'
import { listen, startEcho, type Echo } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const plain = { ...trusting, rejectUnauthorized: true }

describe('hosts', () => {
  it('dials another address, while URL and Host stay', async () => {
    const server = await startEcho()
    const hosts = { 'api.example.com': { hostname: '127.0.0.1', port: String(server.port) } }
    const visitor = createVisitor({ baseUrl: 'http://api.example.com', hosts })
    const echo = (await visitor.run(() => http.get('/x').expect(200).json())) as Echo
    expect(echo.headers.host).toBe('api.example.com')
    // Nothing is looked up.
    expect(countSamples(await visitor.finish())['GET /x']).not.toHaveProperty('6')
  })

  it('takes the entry of the port, then of the host, then of the closest wildcard', async () => {
    const servers = await Promise.all([startEcho(), startEcho(), startEcho()])
    const [a, b, c] = servers.map(({ port }) => ({ hostname: '127.0.0.1', port: String(port) }))
    const hosts = { 'x.example.com:81': a!, '*.example.com': b!, '*.com': c! }
    const visitor = createVisitor({ hosts })
    await visitor.run(async () => {
      for (const url of [
        'http://x.example.com:81',
        'http://x.example.com',
        'http://other.com',
        'http://a.b.example.com',
      ])
        await http.get(url).expect(200)
    })
    expect(servers.map((server) => server.connections())).toEqual([1, 2, 1])
  })

  it('asks for the name of the URL in TLS, and for its certificate', async () => {
    let servername: unknown
    const server = await listen(
      createTlsServer(
        {
          ...wrongHost,
          SNICallback: (name, done) => {
            servername = name
            done(null, createSecureContext(wrongHost))
          },
        },
        (_, response) => response.end(),
      ),
      'https',
    )
    const hosts = { 'other.test': { hostname: '127.0.0.1', port: String(server.port) } }
    const visitor = createVisitor({ baseUrl: 'https://other.test', hosts, tls: { ...plain, ca: [authority] } })
    await visitor.run(() => http.get('/').expect(200))
    expect(servername).toBe('other.test')
  })

  it('lets no request out that is dialled elsewhere, or looked up by a proxy', async () => {
    const proxy = { protocol: 'http:', hostname: '127.0.0.1', port: '1', headers: [], bypass: [] } as const
    const proxied = createVisitor({ proxy, hosts: { 'api.example.com': { hostname: '127.0.0.1', port: undefined } } })
    await expect(proxied.run(() => http.get('http://api.example.com/'))).rejects.toMatchObject({
      code: 'ERR_LOAD_TARGET',
    })
    const visitor = createVisitor({ hosts: { 'api.example.com': { hostname: '192.0.2.1', port: undefined } } })
    await expect(visitor.run(() => http.get('http://api.example.com/'))).rejects.toMatchObject({
      code: 'ERR_LOAD_TARGET',
    })
  })
})

describe('dns', () => {
  it('keeps addresses for a time, and measures a look-up only where there is one', async () => {
    const server = await startEcho()
    const config = {
      baseUrl: `http://localhost:${server.port}`,
      connections: 'none',
      dns: { family: 4, ttlMs: 60_000 },
    } as const
    const visitor = createVisitor(config)
    await visitor.run(async () => {
      for (let count = 0; count < 3; count++) await http.get('/').expect(200)
    })
    const parts = countSamples(await visitor.finish())['GET /']
    expect(parts).toMatchObject({ 6: 1, 7: 3 })
  })

  it('uses addresses of one family only', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: `http://localhost:${server.port}`, dns: { family: 4, ttlMs: 0 } })
    await visitor.run(() => http.get('/').expect(200))
    const none = createVisitor({ baseUrl: `http://localhost:${server.port}`, dns: { family: 6, ttlMs: 0 } })
    const error: unknown = await none.run(() => http.get('/').catch((thrown: unknown) => thrown))
    expect(['dns', 'connect']).toContain((error as { category?: unknown }).category)
  })
})

describe('tls', () => {
  const startMutual = async (): Promise<string> =>
    (
      await listen(
        createTlsServer(
          { ...trusted, requestCert: true, rejectUnauthorized: true, ca: [authority] },
          (request, response) => {
            response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN)
          },
        ),
        'https',
      )
    ).origin

  it('trusts the authorities it is told', async () => {
    const server = await listen(
      createTlsServer(trusted, (_, response) => response.end()),
      'https',
    )
    const visitor = createVisitor({ baseUrl: server.origin, tls: { ...plain, ca: [authority] } })
    await visitor.run(() => http.get('/').expect(200))
    const stranger = createVisitor({ baseUrl: server.origin, tls: plain })
    await expect(stranger.run(() => http.get('/'))).rejects.toMatchObject({ category: 'tls' })
  })

  it('shows the client’s certificate to a server that asks for one', async () => {
    const baseUrl = await startMutual()
    const visitor = createVisitor({ baseUrl, tls: { ...plain, ca: [authority], ...trusted } })
    expect(await visitor.run(() => http.get('/').expect(200).text())).toBe('good')
  })

  it.for([
    ['shows none', {}],
    ['shows one of nobody', selfSigned],
  ] as const)('fails where the client %s', async ([, certificate]) => {
    const visitor = createVisitor({ baseUrl: await startMutual(), tls: { ...plain, ca: [authority], ...certificate } })
    const error: unknown = await visitor.run(() => http.get('/').catch((thrown: unknown) => thrown))
    // In TLS 1.3 the client has ended its handshake before the server looks at its certificate.
    expect((error as { category?: unknown }).category).toBeOneOf(['tls', 'reset'])
  })

  it('keeps to versions and names', async () => {
    const server = await listen(
      createTlsServer({ ...trusted, maxVersion: 'TLSv1.2' }, (_, response) => response.end()),
      'https',
    )
    const tooNew = createVisitor({ baseUrl: server.origin, tls: { ...plain, ca: [authority], minVersion: 'TLSv1.3' } })
    await expect(tooNew.run(() => http.get('/'))).rejects.toMatchObject({ category: 'tls' })
    const misnamed = createVisitor({
      baseUrl: server.origin,
      tls: { ...plain, ca: [authority], servername: 'other.test' },
    })
    await expect(misnamed.run(() => http.get('/'))).rejects.toMatchObject({ category: 'tls' })
    const named = createVisitor({ baseUrl: server.origin, tls: { ...plain, ca: [authority], servername: 'localhost' } })
    await named.run(() => http.get('/').expect(200))
  })
})
