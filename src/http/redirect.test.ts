import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { startEcho, startServer, type Echo, type TestServer } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

/** Answers `/from/<status>?<location>` with that redirect, everything else with what was requested. */
async function redirecting(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  const url = new URL(request.url ?? '/', 'http://unused')
  const [, first, status] = url.pathname.split('/')
  if (first === 'from') {
    const location = decodeURIComponent(url.search.slice(1))
    response.writeHead(Number(status), { location, 'set-cookie': 'seen=yes; Path=/' }).end('moved')
    return
  }
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }))
}

const start = (): Promise<TestServer> => startServer((request, response) => void redirecting(request, response))

describe('redirects', () => {
  it.for([
    { status: 301, method: 'POST', becomes: 'GET', body: '' },
    { status: 302, method: 'POST', becomes: 'GET', body: '' },
    { status: 302, method: 'PUT', becomes: 'PUT', body: '{"a":1}' },
    { status: 303, method: 'PUT', becomes: 'GET', body: '' },
    { status: 307, method: 'POST', becomes: 'POST', body: '{"a":1}' },
    { status: 308, method: 'PATCH', becomes: 'PATCH', body: '{"a":1}' },
  ])('sends $becomes after $status to $method', async ({ status, method, becomes, body }) => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    const answer = (await visitor.run(() =>
      http
        .request(method, `/from/${status}?/to`, { json: { a: 1 } })
        .expect(200)
        .json(),
    )) as Echo
    expect(answer).toMatchObject({ method: becomes, url: '/to', body })
    expect(answer.headers['content-type']).toBe(body === '' ? undefined : 'application/json')
  })

  it('keeps HEAD', async () => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    const response = await visitor.run(() => http.head('/from/303?/to'))
    expect([response.status, response.url]).toEqual([200, `${server.origin}/to`])
  })

  it('records every hop as a request of its own', async () => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(() => http.get('/from/302?/from/301%3F/orders/12', { name: 'start' }).expect(200))
    const snapshot = await visitor.finish()
    expect(Object.keys(countSamples(snapshot))).toEqual(['start', 'GET /from/:id', 'GET /orders/:id'])
    expect(snapshot.counters).toMatchObject({ requestsStarted: 3, connectionsOpened: 1, connectionsReused: 2 })
    expect(visitor.frame.scope.inFlight).toBe(0)
  })

  it('never looks idle between two hops', async () => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    const pending = visitor.run(() => http.get('/from/302?/to'))
    const idle = Promise.withResolvers<void>()
    visitor.frame.scope.onIdle = idle.resolve
    await idle.promise
    expect((await pending).status).toBe(200)
  })

  it('stores the cookies of a redirect', async () => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    const answer = (await visitor.run(() => http.get('/from/302?/to', { headers: { cookie: 'own=1' } }).json())) as Echo
    expect(answer.headers.cookie).toBe('own=1; seen=yes')
  })

  it('sends credentials on to the same origin only', async () => {
    const [server, other] = [await start(), await startEcho()]
    const visitor = createVisitor({ baseUrl: server.origin })
    const headers = { cookie: 'own=1', 'proxy-authorization': 'p', 'x-api-key': 'k', 'x-kept': 'yes' }
    const options = { bearer: 'secret', headers }
    const [same, foreign] = (await visitor.run(() =>
      Promise.all([
        http.get('/from/307?/to', options).json(),
        http.get(`/from/307?${other.origin.replace('127.0.0.1', 'localhost')}/to`, options).json(),
      ]),
    )) as [Echo, Echo]
    expect(same.headers).toMatchObject({ authorization: 'Bearer secret', 'proxy-authorization': 'p', 'x-kept': 'yes' })
    expect(foreign.headers).not.toHaveProperty('authorization')
    expect(foreign.headers).not.toHaveProperty('cookie')
    expect(foreign.headers).not.toHaveProperty('proxy-authorization')
    expect(foreign.headers).not.toHaveProperty('x-api-key')
    expect(foreign.headers).toHaveProperty('x-kept', 'yes')
  })

  it('hands a redirect over, or fails, when told to', async () => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      const response = await http.get('/from/302?/to', { redirect: 'manual' }).expect(302)
      expect(response.header('location')).toBe('/to')
      await expect(http.get('/from/302?/to', { redirect: 'error' })).rejects.toMatchObject({
        code: 'ERR_LOAD_REQUEST',
        category: 'unexpected_status',
      })
    })
    expect((await visitor.finish()).counters.requestsStarted).toBe(2)
  })

  it('gives up after ten', async () => {
    const server = await startServer((request, response) => response.writeHead(302, { location: request.url }).end())
    const visitor = createVisitor({ baseUrl: server.origin })
    await expect(visitor.run(() => http.get('/loop'))).rejects.toMatchObject({
      code: 'ERR_LOAD_REQUEST',
      category: 'protocol',
      message: 'GET /loop failed: too many redirects (10).',
    })
    const snapshot = await visitor.finish()
    expect(snapshot.counters.requestsStarted).toBe(11)
    expect(countSamples(snapshot)).toMatchObject({ 'GET /loop': { 0: 10, 1: 1 } })
  })

  it('refuses a redirect to what is not an http URL', async () => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(http.get('/from/302?ftp://host/')).rejects.toMatchObject({ category: 'protocol' })
      await expect(http.get('/from/302?http://u:p@localhost/')).rejects.toMatchObject({ category: 'protocol' })
    })
  })

  it('refuses a redirect to an origin that is not allowed, and says how to allow it', async () => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    const pending = visitor.run(() => http.get('/from/302?https://elsewhere.example/x'))
    await expect(pending).rejects.toMatchObject({
      code: 'ERR_LOAD_TARGET',
      message: expect.stringContaining("allow it with targets: ['https://elsewhere.example']"),
      cause: { message: expect.stringContaining("targets: ['https://elsewhere.example']") },
    })
    expect((await visitor.finish()).counters.requestsStarted).toBe(1)
  })

  it('are told with the answer, in order', async () => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    const first = '/from/302?/from/307%3F/orders/12%23top'
    const response = await visitor.run(() => http.get(first))
    expect(response.url).toBe(`${server.origin}/orders/12`)
    expect(response.redirects).toEqual([
      {
        status: 302,
        url: server.origin + first,
        location: '/from/307?/orders/12#top',
        headers: expect.objectContaining({ 'set-cookie': 'seen=yes; Path=/' }),
        durationMs: expect.any(Number),
      },
      expect.objectContaining({ status: 307, url: `${server.origin}/from/307?/orders/12#top`.replace('#top', '') }),
    ])
    expect(response.redirects[0]?.durationMs).toBeGreaterThan(0)
    const [one, other] = await visitor.run(() => Promise.all([http.get('/to'), http.get('/to')]))
    expect(one.redirects).toEqual([])
    expect(one.redirects).toBe(other.redirects)
  })

  it.for([
    ['to', '/from/to'],
    ['../to?a=1', '/to?a=1'],
    ['?a=1', '/from/302?a=1'],
    ['//HOST/to', '/to'],
  ])('resolves %s', async ([location, url]) => {
    const server = await startServer((request, response) => {
      const { host } = new URL(`http://${request.headers.host}`)
      if (request.url === '/from/302') response.writeHead(302, { location: location?.replace('HOST', host) }).end()
      else response.end(request.url)
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    expect(await visitor.run(() => http.get('/from/302').text())).toBe(url)
  })

  it('refuses a redirect to more than one place', async () => {
    const server = await startServer((_, response) =>
      response.writeHead(302, ['location', '/a', 'location', '/b']).end(),
    )
    const visitor = createVisitor({ baseUrl: server.origin })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({
      category: 'protocol',
      message: expect.stringContaining('more than one location'),
    })
  })

  it('loses what describes a body together with it', async () => {
    const server = await start()
    const visitor = createVisitor({ baseUrl: server.origin })
    const send = (status: number): Promise<unknown> =>
      visitor.run(() => http.post(`/from/${status}?/to`, { multipart: { a: 1 }, compress: 'gzip' }).json())
    const bare = (await send(303)) as Echo
    for (const name of ['content-type', 'content-encoding', 'content-length'])
      expect(bare.headers).not.toHaveProperty(name)
    expect(await send(308)).toMatchObject({ method: 'POST', headers: { 'content-encoding': 'gzip' } })
  })

  it('answers with a redirect that has no location', async () => {
    const server = await startServer((_, response) => response.writeHead(302).end())
    const visitor = createVisitor({ baseUrl: server.origin })
    expect((await visitor.run(() => http.get('/'))).status).toBe(302)
  })
})
