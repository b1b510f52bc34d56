import { describe, expect, it } from 'vitest'
import { startEcho, startServer, type Echo } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const secret = 'key-4711-secret'

describe('default headers', () => {
  it('are sent with every request that does not have them itself', async () => {
    const server = await startEcho()
    const headers = { 'x-env': 'perf', authorization: `Bearer ${secret}`, 'content-type': 'a/b' }
    const userAgent = 'shop-load'
    const visitor = createVisitor({ baseUrl: server.origin, headers: { ...headers, 'X-Team': 'shop' }, userAgent })
    const sent = async (options?: object): Promise<Echo['headers']> =>
      ((await visitor.run(() => http.post('/', options).json())) as Echo).headers
    expect(await sent()).toMatchObject({ ...headers, 'x-team': 'shop', 'user-agent': userAgent })
    expect(await sent({ json: {} })).toMatchObject({ 'x-env': 'perf', 'content-type': 'application/json' })
    expect(await sent({ multipart: { a: 1 } })).toMatchObject({ 'content-type': expect.stringMatching(/^multipart/) })
    expect(await sent({ bearer: 'own' })).toMatchObject({ authorization: 'Bearer own', 'x-env': 'perf' })
    const changed = await sent({ headers: { 'X-ENV': 'test', 'x-team': undefined, 'user-agent': 'own' } })
    expect(changed).toMatchObject({ 'x-env': 'test', 'user-agent': 'own', authorization: `Bearer ${secret}` })
    expect(changed).not.toHaveProperty('x-team')
  })

  it('may hold a cookie, which goes with those of the session', async () => {
    const server = await startServer((request, response) => {
      response.setHeader('set-cookie', 'sid=1').end(request.headers.cookie)
    })
    const visitor = createVisitor({ baseUrl: server.origin, headers: { Cookie: 'consent=yes' } })
    await visitor.run(async () => {
      expect(await http.get('/').text()).toBe('consent=yes')
      expect(await http.get('/', {}).text()).toBe('consent=yes; sid=1')
      expect(await http.get('/', { headers: { cookie: 'own=1' } }).text()).toBe('own=1; sid=1')
    })
  })

  it.for([undefined, { query: { a: 1 } }])('that are credentials stay with their origin', async (options) => {
    const other = await startEcho()
    const elsewhere = other.origin.replace('127.0.0.1', 'localhost')
    const server = await startServer((_, response) => response.writeHead(302, { location: elsewhere }).end())
    const headers = { 'x-env': 'perf', 'x-api-key': secret, authorization: secret, cookie: `sid=${secret}` }
    const visitor = createVisitor({ baseUrl: server.origin, headers })
    const echo = (await visitor.run(() => http.get('/', options).json())) as Echo
    expect(echo.headers).toMatchObject({ 'x-env': 'perf', 'user-agent': expect.stringMatching(/^vitest-load/) })
    expect(JSON.stringify(echo)).not.toContain(secret)
  })

  it('are hidden in what is told of an answer', async () => {
    const server = await startServer((_, response) => response.writeHead(401).end(`unknown key ${secret}`))
    const visitor = createVisitor({ baseUrl: server.origin, headers: { 'x-api-key': secret } })
    await visitor.run(() => http.get('/'))
    expect((await visitor.finish()).errors[0]?.exemplar?.response).toBe('unknown key [redacted]')
  })
})
