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
