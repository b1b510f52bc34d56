import { inspect } from 'node:util'
import { delay, http as msw, HttpResponse, passthrough } from 'msw'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startEcho, startServer } from '../http/fixtures/servers.ts'
import { countSamples } from '../http/fixtures/visitor.ts'
import { http } from '../http/http.ts'
import { createOfflineVisitor } from './fixtures/offline-visitor.ts'

const encoder = new TextEncoder()

function failed(category: string, message: string): object {
  return { code: 'ERR_LOAD_REQUEST', category, message: expect.stringContaining(message) }
}

describe('answers of mocks', () => {
  it('have the status, the headers and the body of the response', async () => {
    const visitor = createOfflineVisitor([
      msw.get('*/products/:id', ({ params }) =>
        HttpResponse.json({ id: params['id'] }, { status: 203, headers: { 'x-shop': 'yes' } }),
      ),
    ])
    const response = await visitor.run(() => http.get('/products/:id', { params: { id: 'p-1' } }))
    expect(response).toMatchObject({ status: 203, headers: { 'x-shop': 'yes', 'content-type': 'application/json' } })
    expect(await response.json()).toEqual({ id: 'p-1' })
    expect(countSamples(await visitor.finish())).toMatchObject({ 'GET /products/:id': { 0: 1 } })
  })

  it('come from handlers with relative paths, which MSW resolves against the base URL', async () => {
    const visitor = createOfflineVisitor([msw.get('/api/products', () => HttpResponse.text('found'))], {
      baseUrl: 'http://shop.test/api',
    })
    expect(await visitor.run(() => http.get('/products').text())).toBe('found')
  })

  it('see method, query, headers, cookies and body of the request', async () => {
    const visitor = createOfflineVisitor([
      msw.all('*/echo', async ({ request, cookies }) =>
        HttpResponse.json({
          method: request.method,
          search: new URL(request.url).search,
          type: request.headers.get('content-type'),
          agent: request.headers.get('user-agent'),
          cookies,
          body: await request.text(),
        }),
      ),
    ])
    const json = await visitor.run(() =>
      http.patch('/echo', { json: { a: 1 }, query: { q: 'ä' }, headers: { cookie: 'k=v' } }).json(),
    )
    expect(json).toEqual({
      method: 'PATCH',
      search: '?q=%C3%A4',
      type: 'application/json',
      agent: expect.stringMatching(/^vitest-load\//),
      cookies: { k: 'v' },
      body: '{"a":1}',
    })
    const plain = await visitor.run(() => http.put('/echo', { body: 'text' }).json())
    expect(plain).toMatchObject({ type: null, body: 'text' })
  })

  it('read forms', async () => {
    const visitor = createOfflineVisitor([
      // oxlint-disable-next-line typescript/no-deprecated -- what handlers of MSW use
      msw.post('*/form', async ({ request }) => HttpResponse.json(Object.fromEntries(await request.formData()))),
    ])
    expect(await visitor.run(() => http.post('/form', { form: { a: 'b c', d: 'ü' } }).json())).toEqual({
      a: 'b c',
      d: 'ü',
    })
    const multipart = ['--x', 'Content-Disposition: form-data; name="file"', '', 'content', '--x--', ''].join('\r\n')
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    expect(await visitor.run(() => http.post('/form', { body: multipart, headers }).json())).toEqual({
      file: 'content',
    })
  })

  it('set several cookies, which the next request sends', async () => {
    const visitor = createOfflineVisitor([
      msw.post(
        '*/login',
        () =>
          new HttpResponse(null, {
            status: 204,
            headers: [
              ['set-cookie', 'a=1; Path=/'],
              ['set-cookie', 'b=2; Path=/; HttpOnly'],
            ],
          }),
      ),
      msw.get('*/me', ({ cookies }) => HttpResponse.json(cookies)),
    ])
    const login = await visitor.run(() => http.post('/login'))
    expect(login.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Path=/; HttpOnly'])
    expect(await visitor.run(() => http.get('/me').json())).toEqual({ a: '1', b: '2' })
  })

  it('redirect, also to another method', async () => {
    const visitor = createOfflineVisitor([
      msw.post('*/old', () => HttpResponse.redirect('http://shop.test/new', 303)),
      msw.get('*/new', () => HttpResponse.text('arrived')),
    ])
    expect(await visitor.run(() => http.post('/old', { json: {} }).expect(200).text())).toBe('arrived')
    expect(countSamples(await visitor.finish())).toMatchObject({ 'POST /old': { 0: 1 }, 'GET /new': { 0: 1 } })
  })

  it('may be thrown', async () => {
    const visitor = createOfflineVisitor([
      msw.get('*/', () => {
        // oxlint-disable-next-line typescript/only-throw-error -- what MSW lets a resolver do
        throw HttpResponse.json({ why: 'teapot' }, { status: 418 })
      }),
    ])
    expect(await visitor.run(() => http.get('/').expect(418).json())).toEqual({ why: 'teapot' })
  })

  it('come once, or in turn', async () => {
    const visitor = createOfflineVisitor([
      msw.get('*/once', () => HttpResponse.text('first'), { once: true }),
      msw.get('*/once', () => HttpResponse.text('then')),
      msw.get('*/turns', function* () {
        yield HttpResponse.text('1')
        yield HttpResponse.text('2')
        return HttpResponse.text('3')
      }),
    ])
    const read = (path: string): Promise<string> => visitor.run(() => http.get(path).text())
    expect([await read('/once'), await read('/once'), await read('/once')]).toEqual(['first', 'then', 'then'])
    expect([await read('/turns'), await read('/turns'), await read('/turns'), await read('/turns')]).toEqual(
      Array.from('1233'),
    )
  })

  it('have no body for HEAD', async () => {
    const visitor = createOfflineVisitor([msw.head('*/', () => HttpResponse.text('never seen'))])
    expect(await visitor.run(() => http.head('/').text())).toBe('')
  })

  it('stream: the first byte counts as waiting, the rest as receiving', async () => {
    const visitor = createOfflineVisitor([
      msw.get('*/stream', async () => {
        await delay(30)
        const stream = new ReadableStream({
          async start(controller) {
            controller.enqueue(encoder.encode('a'))
            await delay(40)
            controller.enqueue(encoder.encode('b'))
            controller.close()
          },
        })
        return new HttpResponse(stream)
      }),
    ])
    const response = await visitor.run(() => http.get('/stream'))
    expect(await response.text()).toBe('ab')
    expect(response.timings.waiting).toBeGreaterThanOrEqual(25)
    expect(response.timings.receiving).toBeGreaterThanOrEqual(35)
  })
})

describe('failures of mocks', () => {
  it('a network error', async () => {
    const visitor = createOfflineVisitor([msw.get('*/', () => HttpResponse.error())])
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject(failed('reset', 'network error of a mock'))
  })

  it('a handler that throws, told without the credentials that it repeats', async () => {
    const visitor = createOfflineVisitor([
      msw.get('*/', ({ request }) => {
        const message = `bad token ${request.headers.get('authorization')}`
        throw new TypeError(message, { cause: new Error(message) })
      }),
    ])
    const bearer = 'secret-7d1f'
    const error = await visitor.run(() =>
      http.get('/', { bearer }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      ),
    )
    expect(error).toMatchObject({
      ...failed('script', 'a mock threw TypeError: bad token Bearer [redacted]'),
      cause: { name: 'TypeError', message: 'bad token Bearer [redacted]', stack: expect.stringMatching(/\n +at /) },
    })
    expect(inspect(error)).not.toContain(bearer)
    expect(JSON.stringify((await visitor.finish()).errors)).not.toContain(bearer)
  })

  it('a body that breaks off, that is too large, or that is no bytes', async () => {
    const bodyOf = (start: (controller: ReadableStreamDefaultController) => void): Response =>
      new Response(new ReadableStream({ start }))
    const visitor = createOfflineVisitor(
      [
        msw.get('*/broken', () =>
          bodyOf((controller) => {
            controller.enqueue(encoder.encode('a'))
            controller.error(new Error('half-way'))
          }),
        ),
        msw.get('*/large', () => HttpResponse.text('x'.repeat(101))),
        msw.get('*/words', () =>
          bodyOf((controller) => {
            controller.enqueue('text')
            controller.close()
          }),
        ),
      ],
      { maxResponseBytes: 100 },
    )
    const get = (path: string): Promise<unknown> => visitor.run(async () => http.get(path))
    await expect(get('/broken')).rejects.toMatchObject(failed('reset', 'broke off (half-way)'))
    await expect(get('/large')).rejects.toMatchObject(failed('protocol', 'too large'))
    await expect(get('/words')).rejects.toMatchObject(failed('script', 'other than bytes'))
  })

  it.for<[string, () => Response, string]>([
    ['a status that is no final answer', () => new HttpResponse(null, { status: 101 }), 'with status 101, which is no'],
    [
      'a plain object',
      () => ({ status: 200, ok: true }) as unknown as Response,
      'something that is no Response; return',
    ],
    ['an error that cannot be shown', () => throwUnshowable(), 'a mock threw boo'],
  ])('%s', async ([, respond, message]) => {
    const visitor = createOfflineVisitor([msw.get('*/', respond)])
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject(failed('script', message))
  })

  it('a response that is used twice', async () => {
    const shared = HttpResponse.text('once only')
    const visitor = createOfflineVisitor([msw.get('*/', () => shared)])
    await visitor.run(() => http.get('/'))
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject(
      failed('script', 'read before; return a new one for each request'),
    )
  })

  it('a request that fetch could not send, told like one that the network gets', async () => {
    const visitor = createOfflineVisitor([msw.all('*/', () => HttpResponse.text('never'))])
    await expect(visitor.run(() => http.request('TRACE', '/'))).rejects.toMatchObject(
      failed('script', 'not a request that can be sent'),
    )
    await expect(visitor.run(() => http.get('/', { headers: { x: '€' } }))).rejects.toMatchObject(
      failed('script', 'cannot be sent: 1 problem.'),
    )
  })

  it.for<[string, (path: string) => Promise<unknown>]>([
    ['is too late', (path) => http.get(path, { timeout: 10 }).then(() => {})],
    ['is for HEAD', (path) => http.head(path).then(() => {})],
    ['is too large', (path) => http.get(`${path}?large`).then(() => {})],
  ])('cancel the stream of an answer that %s', async ([, send]) => {
    const cancelled = Promise.withResolvers<void>()
    const visitor = createOfflineVisitor(
      [
        msw.all('*/stream', async ({ request }) => {
          await delay(30)
          const size = request.url.endsWith('large') ? 101 : 1
          const pull = (controller: ReadableStreamDefaultController): void => controller.enqueue(new Uint8Array(size))
          return new HttpResponse(new ReadableStream({ pull, cancel: () => cancelled.resolve() }))
        }),
      ],
      { maxResponseBytes: 100 },
    )
    await visitor.run(() => send('/stream').catch(() => {}))
    await cancelled.promise
  })

  it('a delay without end, which the timeout cuts and the handler hears of', async () => {
    const aborted = Promise.withResolvers<boolean>()
    const visitor = createOfflineVisitor([
      msw.get('*/', async ({ request }) => {
        request.signal.addEventListener('abort', () => aborted.resolve(request.signal.aborted))
        await delay('infinite')
      }),
    ])
    await expect(visitor.run(() => http.get('/', { timeout: 20 }))).rejects.toMatchObject({ category: 'timeout' })
    expect(await aborted.promise).toBe(true)
    expect(countSamples(await visitor.finish())).toMatchObject({ 'GET /': { 2: 1 } })
  })

  it('a body without end, which the end of the load cuts', async () => {
    const cancelled = Promise.withResolvers<void>()
    const visitor = createOfflineVisitor([
      msw.get('*/', () => {
        const stream = new ReadableStream({
          pull: async (controller) => {
            controller.enqueue(encoder.encode('more'))
            await delay(1)
          },
          cancel: () => cancelled.resolve(),
        })
        return new HttpResponse(stream)
      }),
    ])
    const request = visitor.run(async () => http.get('/'))
    setTimeout(() => visitor.cut(), 20)
    await expect(request).rejects.toMatchObject({ category: 'aborted' })
    await cancelled.promise
  })
})

function throwUnshowable(): never {
  throw Object.defineProperty(new Error('boo'), 'name', { value: Symbol('name') })
}

it('bytes of an answer are not those that the mock goes on to use', async () => {
  const shared = encoder.encode('same')
  const stream = (): ReadableStream =>
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(shared)
        controller.close()
      },
    })
  const visitor = createOfflineVisitor([msw.get('*/', () => new HttpResponse(stream()))])
  const bytes = await visitor.run(() => http.get('/').bytes())
  bytes[0] = 0
  expect(await visitor.run(() => http.get('/').text())).toBe('same')
})

describe('the network', () => {
  it('gets nothing where the base URL was invented', async () => {
    const origin = 'http://localhost'
    const visitor = createOfflineVisitor([msw.get('*/', () => passthrough())], {
      baseUrl: origin,
      inventedOrigin: origin,
    })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject(failed('script', 'the project has no baseUrl'))
  })

  it('gets what a handler passes on, and what it leaves unanswered, with its connections and bytes counted', async () => {
    const server = await startEcho()
    const visitor = createOfflineVisitor(
      [
        msw.post('*/through', () => passthrough()),
        msw.post('*/undecided', () => undefined),
        msw.get('*/mocked', () => HttpResponse.text('mocked')),
      ],
      { baseUrl: server.origin },
    )
    await visitor.run(async () => {
      expect(await http.post('/through', { json: { a: 1 } }).json()).toMatchObject({ method: 'POST', body: '{"a":1}' })
      expect(await http.post('/undecided', { json: { a: 2 } }).json()).toMatchObject({ body: '{"a":2}' })
      expect(await http.get('/mocked').text()).toBe('mocked')
    })
    const { counters } = await visitor.finish()
    expect(counters).toMatchObject({ connectionsOpened: 1, connectionsReused: 1, connectionsClosed: 1 })
    expect(server.bytesRead()).toBe(counters.bytesSent)
  })

  it('gets what nobody handles only when told so, with one warning for each path', async () => {
    const server = await startServer((_, response) => void response.end('real'))
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    const read = (unhandled: 'error' | 'warn' | 'bypass', path: string): Promise<string> => {
      const visitor = createOfflineVisitor([], { baseUrl: server.origin, unhandled })
      return visitor.run(async () => (await http.get(path).text()) + (await http.get(path).text()))
    }
    await expect(read('error', '/')).rejects.toMatchObject(failed('script', `no mock handles it at ${server.origin};`))
    expect(await read('bypass', '/')).toBe('realreal')
    expect(warn).not.toHaveBeenCalled()
    expect(await read('warn', '/a?token=secret')).toBe('realreal')
    expect(warn.mock.calls).toEqual([[expect.stringContaining(`no mock handles GET ${server.origin}/a, so it`)]])
  })

  it('is cut while it connects for a request that was passed on', async () => {
    const server = await startServer(() => {})
    const visitor = createOfflineVisitor([msw.get('*/', () => passthrough())], { baseUrl: server.origin })
    await expect(visitor.run(() => http.get('/', { timeout: 30 }))).rejects.toMatchObject({ category: 'timeout' })
    await visitor.finish()
    await server.closed()
  })
})

it('timers run beside a user whose mocks answer at once', async () => {
  const visitor = createOfflineVisitor([msw.get('*/', () => HttpResponse.text('quick'))])
  const state = { due: false }
  let requests = 0
  setTimeout(() => (state.due = true), 5)
  await visitor.run(async () => {
    // Without a turn of the event loop this would never end.
    while (!state.due && requests < 1_000_000) {
      await http.get('/')
      requests += 1
    }
  })
  expect(state.due).toBe(true)
})
