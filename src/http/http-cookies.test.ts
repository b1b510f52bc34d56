import { expect, it } from 'vitest'
import { startServer } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

it('keeps cookies for the origin that set them, and joins a cookie header of the request', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/login') response.setHeader('set-cookie', ['sid=1; Path=/', 'admin=2; Path=/admin'])
    response.end(request.headers.cookie ?? '')
  })
  const visitor = createVisitor({ baseUrl: server.origin })
  const cookies = await visitor.run(async () => [
    await http.get('/').text(),
    await http.get('/login').text(),
    await http.get('/').text(),
    await http.get('/admin/users').text(),
    await http.get('/', { headers: { Cookie: 'own=3' } }).text(),
    await http.get(`http://localhost:${server.port}/`).text(),
  ])
  expect(cookies).toEqual(['', '', 'sid=1', 'admin=2; sid=1', 'own=3; sid=1', ''])
})

it('counts cookies that are refused', async () => {
  const server = await startServer((_, response) =>
    response.setHeader('set-cookie', ['a=1; Domain=example.com', 'b=2']).end(),
  )
  const visitor = createVisitor({ baseUrl: server.origin })
  await visitor.run(() => http.get('/'))
  expect((await visitor.finish()).counters.cookiesRejected).toBe(1)
})

it("neither stores nor sends cookies by 'none', but for those of a request's own header", async () => {
  const server = await startServer((request, response) =>
    response.setHeader('set-cookie', 'a=1; Path=/').end(request.headers.cookie ?? 'none'),
  )
  const visitor = createVisitor({ baseUrl: server.origin }, undefined, 'none')
  await visitor.run(async () => {
    await http.get('/')
    expect(await http.get('/').text()).toBe('none')
    expect(await http.get('/', { headers: { cookie: 'own=2' } }).text()).toBe('own=2')
    expect(http.cookies.all()).toEqual({})
    expect(() => http.cookies.set('b', '2')).toThrow("cookies: 'none'")
  })
  expect((await visitor.finish()).counters.cookiesRejected).toBe(0)
})

it('lets a body read, set and forget cookies', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/login')
      response.setHeader('set-cookie', ['sid=s%201; Path=/; HttpOnly', 'area=a; Path=/admin'])
    response.end(request.headers.cookie ?? '')
  })
  const visitor = createVisitor({ baseUrl: server.origin })
  await visitor.run(async () => {
    expect(http.cookies.get('sid')).toBeUndefined()
    http.cookies.set('consent', 'yes')
    await http.get('/login').expect(200)
    expect(http.cookies.get('sid')).toBe('s%201')
    expect(http.cookies.all('/admin')).toEqual({ area: 'a', consent: 'yes', sid: 's%201' })
    expect(http.cookies.all(`http://localhost:${server.port}`)).toEqual({})
    http.cookies.set('consent', '')
    expect(await http.get('/').text()).toBe('consent=; sid=s%201')
    http.cookies.clear()
    expect(await http.get('/').text()).toBe('')
  })
})

it('refuses what no cookie can be, and where none can go', async () => {
  const visitor = createVisitor({ baseUrl: 'http://127.0.0.1:9' })
  visitor.run(() => {
    expect(() => http.cookies.set('a b', '1')).toThrow(/its name has characters/)
    for (const value of ['a b', 'a;b', 'a"', 'é', 7])
      expect(() => http.cookies.set('a', value as string)).toThrow(/the value of 'a'/)
    expect(() => http.cookies.set('__Host-a', '1')).toThrow(/attributes/)
    expect(() => http.cookies.set('a', '1', 'https://example.com/')).toThrow(/example\.com/)
    expect(http.cookies.all()).toEqual({})
  })
})
