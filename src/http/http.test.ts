import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { frames } from '../session/current.ts'
import { CategorisedError } from '../shared/errors.ts'
import { defaultHttpConfig } from './config.ts'
import { startEcho, startServer, type Echo } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const echo = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})

async function echoVisitor(): Promise<ReturnType<typeof createVisitor>> {
  const server = await startEcho()
  return createVisitor({ baseUrl: server.origin })
}

describe('http', () => {
  it('sends each method', async () => {
    const visitor = await echoVisitor()
    const methods = await visitor.run(() =>
      Promise.all([
        http.get('/').json(echo),
        http.post('/').json(echo),
        http.put('/').json(echo),
        http.patch('/').json(echo),
        http.delete('/').json(echo),
        http.options('/').json(echo),
        http.request('report', '/').json(echo),
      ]),
    )
    expect(methods.map(({ method }) => method)).toEqual(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'REPORT'])
    const head = await visitor.run(() => http.head('/'))
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
  })

  it('sends JSON, a form, text and bytes with their content types', async () => {
    const visitor = await echoVisitor()
    const sent = await visitor.run(async () => [
      await http.post('/', { json: { a: 'ü' } }).json(echo),
      await http.post('/', { form: { a: 'x y', b: [1, 2], c: undefined } }).json(echo),
      await http.post('/', { body: 'text', headers: { 'content-type': 'text/plain' } }).json(echo),
      await http.post('/', { body: new Uint8Array([104, 105]) }).json(echo),
      await http.post('/', { json: 1, headers: { 'Content-Type': 'application/vnd.api+json' } }).json(echo),
    ])
    expect(sent.map(({ body, headers }) => [headers['content-type'], body])).toEqual([
      ['application/json', '{"a":"ü"}'],
      ['application/x-www-form-urlencoded', 'a=x+y&b=1&b=2'],
      ['text/plain', 'text'],
      [undefined, 'hi'],
      ['application/vnd.api+json', '1'],
    ])
  })

  it('sends headers and credentials, and no accept-encoding of its own', async () => {
    const visitor = await echoVisitor()
    const [bearer, basic, own] = await visitor.run(async () => [
      await http.get('/', { bearer: 't' }).json(echo),
      await http.get('/', { basic: { username: 'u', password: 'p' } }).json(echo),
      await http.get('/', { headers: { 'User-Agent': 'mine', 'x-none': undefined } }).json(echo),
    ])
    expect(bearer.headers['authorization']).toBe('Bearer t')
    expect(basic.headers['authorization']).toBe('Basic dTpw')
    expect(bearer.headers['user-agent']).toBe(defaultHttpConfig.userAgent)
    expect(own.headers['user-agent']).toBe('mine')
    expect(Object.keys(own.headers)).toEqual(['host', 'connection', 'user-agent'])
  })

  it('refuses options that exclude each other', async () => {
    const visitor = await echoVisitor()
    const refused = { code: 'ERR_LOAD_REQUEST', category: 'script', counted: true }
    await visitor.run(async () => {
      await expect(http.post('/', { json: 1, form: {} })).rejects.toMatchObject(refused)
      await expect(http.get('/', { bearer: 'a', basic: { username: '', password: '' } })).rejects.toMatchObject(refused)
      await expect(http.get('/', { bearer: 'a', headers: { Authorization: 'b' } })).rejects.toMatchObject(refused)
      await expect(http.request('connect', '/')).rejects.toMatchObject(refused)
    })
    expect((await visitor.finish()).counters.connectionsOpened).toBe(0)
  })

  it('encodes params and query', async () => {
    const visitor = await echoVisitor()
    const urls = await visitor.run(async () => [
      (
        await http
          .get('/a/:x/b/:y_2?z=1', { params: { x: 'ä/b', y_2: 7 }, query: { q: 'a&b', n: [1, 2], none: undefined } })
          .json(echo)
      ).url,
      (await http.get('/a', { query: new URLSearchParams({ q: '1' }) }).json(echo)).url,
      (await http.get('/a?b', { query: {} }).json(echo)).url,
    ])
    expect(urls).toEqual(['/a/%C3%A4%2Fb/b/7?z=1&q=a%26b&n=1&n=2', '/a?q=1', '/a?b'])
  })

  it('refuses a missing param before anything is sent', async () => {
    const visitor = await echoVisitor()
    const url: string = '/orders/:id'
    await visitor.run(async () => {
      await expect(http.get(url)).rejects.toThrow(
        "GET /orders/:id cannot be sent: 1 problem.\n  - params.id: expected a text or a number for ':id' of the path; it is missing",
      )
      await expect(http.get(url, { params: { id: null as unknown as string } })).rejects.toThrow(/received null/)
    })
    expect((await visitor.finish()).counters.connectionsOpened).toBe(0)
  })

  it('names requests without query and ids', async () => {
    const visitor = await echoVisitor()
    await visitor.run(async () => {
      await http.get('/products/:id?full=1', { params: { id: 42 } })
      await http.get('/products/42?x=1')
      await http.get('/products/9', { query: { q: 'secret' } })
      await http.post('/products/1/reviews/3f2504e0-4f89-41d3-9a0c-0305e82c3301')
      await http.get('/products/5', { name: 'a product' })
    })
    expect(countSamples(await visitor.finish())).toEqual({
      'GET /products/:id': expect.objectContaining({ 0: 3, 4: 3 }),
      'POST /products/:id/reviews/:id': expect.objectContaining({ 0: 1 }),
      'a product': expect.objectContaining({ 0: 1 }),
    })
  })

  it('starts at once, and records what nobody awaits', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const { scope } = visitor.frame
    const idle = new Promise<void>((resolve) => {
      scope.onIdle = resolve
    })
    visitor.run(() => {
      void http.get('/a').expect(500).json()
      void http.get('/b')
    })
    expect(scope.inFlight).toBe(2)
    await idle
    expect(visitor.frame.failedRequests).toBe(1)
    expect(countSamples(await visitor.finish())).toEqual({
      'GET /a': { 1: 1 },
      'GET /b': expect.objectContaining({ 0: 1 }),
    })
  })

  it('can be awaited late, and more than once', async () => {
    const visitor = await echoVisitor()
    const pending = visitor.run(() => http.get('/x'))
    await pending.text()
    const response = await pending
    expect((await pending.json(echo)).url).toBe('/x')
    expect(await response.json(echo)).toMatchObject({ url: '/x' })
    expect(response.timings.duration).toBeGreaterThan(0)
  })

  it('is refused outside of a scenario', () => {
    expect(() => frames.exit(() => http.get('/'))).toThrow(expect.objectContaining({ code: 'ERR_LOAD_CONTEXT' }))
  })

  it('is refused after its virtual user has ended', async () => {
    const visitor = await echoVisitor()
    await visitor.finish()
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({ code: 'ERR_LOAD_ABORTED' })
  })

  it('records the requests of hooks apart', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const frame = { ...visitor.frame, scope: { ...visitor.frame.scope, hook: true } }
    await visitor.run(() => http.get('/x'))
    await frames.run(frame, () => http.get('/x'))
    expect(countSamples(await visitor.finish())).toEqual({
      'GET /x': expect.objectContaining({ 0: 1 }),
      'hook GET /x': expect.objectContaining({ 0: 1 }),
    })
  })
})

describe('HttpResponse', () => {
  it('has status, headers, URL and timings', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(201, { 'X-One': 'a', 'x-two': ['b', 'c'] }).end('body')
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    const response = await visitor.run(() => http.get('/path?q=1'))
    expect(response.status).toBe(201)
    expect(response.url).toBe(`${server.origin}/path?q=1`)
    expect(response.headers['x-two']).toEqual(['b', 'c'])
    expect(response.header('x-ONE')).toBe('a')
    expect(response.header('X-Two')).toBe('b, c')
    expect(response.header('x-three')).toBeUndefined()
    const { duration, ...phases } = response.timings
    expect(Object.keys(phases)).toEqual(['blocked', 'dns', 'connecting', 'tls', 'sending', 'waiting', 'receiving'])
    expect(Object.values(phases).reduce((sum, value) => sum + value, 0)).toBeCloseTo(duration, 6)
    expect(phases.connecting).toBeGreaterThan(0)
    expect(phases.tls).toBe(0)
  })

  it('reads text, bytes, JSON and JSONPath', async () => {
    const server = await startServer(
      (_, response) => void response.end('\uFEFF{"items":[{"id":7,"näme":"ü"},{"id":8}]}'),
    )
    const visitor = createVisitor({ baseUrl: server.origin })
    const response = await visitor.run(() => http.get('/'))
    expect(await response.text()).toBe('{"items":[{"id":7,"näme":"ü"},{"id":8}]}')
    expect((await response.bytes()).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    expect(await response.json()).toEqual({ items: [{ id: 7, näme: 'ü' }, { id: 8 }] })
    expect(await response.jsonPath('$.items[0].id')).toBe(7)
    expect(await visitor.run(() => http.get('/').jsonPath('$.items[*].id'))).toEqual([7, 8])
  })

  it('rejects what is not JSON, or does not fit its schema, without recording a failed request', async () => {
    const server = await startServer(
      (request, response) => void response.end(request.url === '/text' ? 'token=abc' : '[{"id":"x"}]'),
    )
    const visitor = createVisitor({ baseUrl: server.origin })
    const asyncSchema = z.array(z.object({ id: z.string().refine(async (id) => id === 'y', 'is not y') }))
    await visitor.run(async () => {
      await expect(http.get('/text').json()).rejects.toMatchObject({
        code: 'ERR_LOAD_EXTRACTION',
        category: 'extraction',
        counted: false,
      })
      await expect(http.get('/text').json()).rejects.not.toThrow(/abc/)
      await expect(http.get('/').json(z.array(z.object({ id: z.number() })))).rejects.toMatchObject({
        code: 'ERR_LOAD_SCHEMA',
        category: 'schema',
        message:
          'GET / answered with JSON that does not fit its schema: [].id: Invalid input: expected number, received string.',
      })
      const unfit: unknown = await http
        .get('/')
        .json(asyncSchema)
        .catch((thrown: unknown) => thrown)
      expect(unfit).toMatchObject({ code: 'ERR_LOAD_SCHEMA' })
      expect(CategorisedError.rowOf(unfit as object)).toMatchObject({ excerpt: '[{"id":"x"}]' })
      await expect(http.get('/').jsonPath('$[1].id')).rejects.toMatchObject({ code: 'ERR_LOAD_EXTRACTION' })
    })
    const snapshot = await visitor.finish()
    expect(snapshot.errors).toEqual([])
  })

  it('puts the awaiting line into the stack of an error', async () => {
    const visitor = await echoVisitor()
    async function awaitingFunction(): Promise<unknown> {
      return await http.get('/').expect(404).json()
    }
    const error: unknown = await visitor.run(awaitingFunction).catch((thrown: unknown) => thrown)
    expect((error as Error).stack).toContain('awaitingFunction')
  })
})

describe('.expect()', () => {
  it('makes a status of 400 or more an answer like any other', async () => {
    const server = await startServer((_, response) => void response.writeHead(404).end())
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      expect((await http.get('/wanted').expect(404)).status).toBe(404)
      expect((await http.get('/list').expect([200, 404])).status).toBe(404)
      expect((await http.get('/condition').expect(({ status }) => status > 400)).status).toBe(404)
      expect((await http.get('/silent')).status).toBe(404)
    })
    const snapshot = await visitor.finish()
    expect(Object.entries(countSamples(snapshot)).map(([name, parts]) => [name, parts[0] ?? 0])).toEqual([
      ['GET /wanted', 1],
      ['GET /list', 1],
      ['GET /condition', 1],
      ['GET /silent', 0],
    ])
    expect(snapshot.errors).toMatchObject([
      { category: 'http_4xx', message: 'answered 404 Not Found', request: 'GET /silent', count: 1 },
    ])
  })

  it('rejects another answer, and records it as failed', async () => {
    const visitor = await echoVisitor()
    await visitor.run(async () => {
      await expect(http.get('/a/1').expect(201)).rejects.toMatchObject({
        name: 'LoadError',
        code: 'ERR_LOAD_UNEXPECTED_STATUS',
        category: 'unexpected_status',
        counted: true,
        message: 'GET /a/:id failed: answered 200 OK, expected 201.',
      })
      await expect(http.get('/a').expect([201, 204]).text()).rejects.toThrow('expected 201 or 204')
      await expect(
        http
          .get('/a')
          .expect(() => false)
          .bytes(),
      ).rejects.toThrow('what the condition')
    })
    const snapshot = await visitor.finish()
    expect(snapshot.errors.map(({ category, count }) => [category, count])).toEqual([
      ['unexpected_status', 1],
      ['unexpected_status', 1],
      ['unexpected_status', 1],
    ])
    expect(visitor.frame.failedRequests).toBe(3)
  })

  it('keeps the category of a status of 400 or more', async () => {
    const server = await startServer((_, response) => void response.writeHead(503).end('{"token":"t","a":1}'))
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(http.get('/').expect(200)).rejects.toMatchObject({
        category: 'http_5xx',
        code: 'ERR_LOAD_UNEXPECTED_STATUS',
      })
    })
    const [row] = (await visitor.finish()).errors
    expect(row).toMatchObject({
      message: 'answered 503 Service Unavailable, expected 200',
      exemplar: { vu: 1, seed: 7 },
    })
    expect(row?.exemplar?.response).toBe('{"token":"[redacted]","a":1}')
  })

  it('keeps a condition that throws as the cause', async () => {
    const visitor = await echoVisitor()
    const thrown = new Error('in condition')
    const pending = visitor.run(() =>
      http.get('/').expect(() => {
        throw thrown
      }),
    )
    await expect(pending).rejects.toMatchObject({ category: 'script', cause: thrown })
  })

  it('rejects after the answer too', async () => {
    const visitor = await echoVisitor()
    const pending = visitor.run(() => http.get('/'))
    await pending
    await expect(pending.expect(404)).rejects.toMatchObject({ code: 'ERR_LOAD_UNEXPECTED_STATUS', counted: false })
  })

  it('refuses what is no expectation', async () => {
    const visitor = await echoVisitor()
    const wrong = undefined as unknown as number
    await visitor.run(async () => {
      await expect(http.get('/a').expect(wrong)).rejects.toThrow(/received undefined/)
      const pending = http.get('/b')
      await pending
      await expect(pending.expect(wrong)).rejects.toMatchObject({ category: 'script', counted: false })
    })
    expect((await visitor.finish()).errors).toMatchObject([{ category: 'script', request: 'GET /a', count: 1 }])
  })
})

describe('types of http', () => {
  it('asks for the params of a literal URL', () => {
    // Type checks only: nothing is called.
    const typed = (id: string, url: string): unknown[] => [
      http.get('/a'),
      http.get(url, { params: { anything: 1 } }),
      http.get(`/a/${id}`),
      http.get('http://host:8080/a'),
      http.get('/a/:id', { params: { id } }),
      http.get('/a/:id.json?x=/:y', { params: { id: 1 } }),
      // @ts-expect-error -- the params are missing
      http.get('/a/:id'),
      // @ts-expect-error -- a param is missing
      http.get('/a/:id/:other', { params: { id } }),
      // @ts-expect-error -- there is no such param
      http.get('/a/:id', { params: { id, other: 1 } }),
      // @ts-expect-error -- there are no params
      http.get('/a', { params: { id } }),
      // @ts-expect-error -- not a value for a path
      http.get('/a/:id', { params: { id: {} } }),
    ]
    expect(typed).toBeTypeOf('function')
  })

  it('infers what a schema parses', async () => {
    const visitor = await echoVisitor()
    const value: Echo['url'] = (await visitor.run(() => http.get('/').json(echo))).url
    // @ts-expect-error -- unknown without a schema
    const unknownUrl: string = (await visitor.run(() => http.get('/').json())).url
    expect(value).toBe(unknownUrl)
  })
})
