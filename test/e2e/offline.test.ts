import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { getResponse, type RequestHandler } from 'msw'
import { describe, expect, it } from 'vitest'
import type { RunResult } from 'vitest-load'
import { startServer, type CountingServer } from './counting-server.ts'
import { createProject } from './project.ts'

/** Faults included: their categories must not depend on who answers. */
const mocks = `
  import { http, HttpResponse } from 'msw'
  export const handlers = [
    http.get('*/products', () =>
      HttpResponse.json([{ id: 'p-1' }], { headers: [['set-cookie', 'seen=1; Path=/'], ['set-cookie', 'b=2; Path=/']] })),
    http.get('*/products/:id', ({ params, cookies }) => HttpResponse.json({ id: params.id, seen: cookies.seen })),
    http.post('*/orders', async ({ request }) => HttpResponse.json(await request.json(), { status: 201 })),
    http.get('*/old', () => new HttpResponse(null, { status: 302, headers: { location: '/products' } })),
    http.get('*/missing', () => HttpResponse.json({ error: 'none' }, { status: 404 })),
    http.get('*/broken', () => new HttpResponse('oops', { status: 503 })),
    http.get('*/text', () => HttpResponse.text('no JSON')),
    http.get('*/zipped', () => new HttpResponse('no gzip', { headers: { 'content-encoding': 'gzip' } })),
  ]
`

const spec = `
  import { check, expectErrorRate, http, scenario, step } from 'vitest-load'
  import { z } from 'zod'
  const load = { vus: 2, iterationsPerVU: 5 }
  scenario('healthy', { load }, async () => {
    const products = await step('browse', () => http.get('/products').expect(200).json(z.array(z.object({ id: z.string() }))))
    const product = await step('look', () => http.get('/products/:id', { params: { id: products[0].id } }).json())
    check('the cookie came back', product.seen === '1')
    await step('order', () => http.post('/orders', { json: { id: 1 } }).expect(201))
    await step('redirect', () => http.get('/old').expect(200))
  })
  scenario('faulty', { load, slo: { errorRate: false } }, async () => {
    const attempts = [
      () => http.get('/missing'), () => http.get('/broken').expect(200), () => http.get('/text').json(),
      () => http.get('/zipped').text(), () => http.get('/products').json(z.object({ a: z.string() })),
    ]
    for (const attempt of attempts) await step('try', attempt).catch(() => {})
  })
`

const target = (url: string, rest = ''): string =>
  `baseUrl: '${url}', offline: { handlers: './mocks/handlers.ts', enabled: false }, ${rest}`

/** Answers over HTTP what a project's handlers answer; its port is known before the project is. */
function startReal(handlers: () => readonly RequestHandler[]): Promise<CountingServer> {
  return startServer((request, response, body) => {
    const { method = 'GET', url = '/', headers } = request
    const asked = new Request(new URL(url, 'http://real.test'), {
      method,
      headers: headers as Record<string, string>,
      body: body === '' ? null : body,
    })
    void getResponse([...handlers()], asked).then(async (answer) => {
      for (const [name, value] of answer?.headers ?? []) response.appendHeader(name, value)
      response.writeHead(answer?.status ?? 500)
      response.end(await answer?.text())
    })
  })
}

/** What may not depend on who answers. */
function report({ iterations, requests, series, checks, errors }: RunResult): object {
  const { perSecond: _iterations, ...iterationCounts } = iterations
  const { perSecond: _requests, ...requestCounts } = requests
  return {
    iterationCounts,
    requestCounts,
    series: series.map(({ kind, name, ok, failed }) => ({ kind, name, ok, failed })),
    checks,
    errors: errors.map(({ category, message, step, request, count }) => ({ category, message, step, request, count })),
  }
}

describe('an offline run', () => {
  it('reports what the HTTP run of the same spec does, and sends nothing', async () => {
    const known: { handlers: readonly RequestHandler[] } = { handlers: [] }
    const server = await startReal(() => known.handlers)
    const project = await createProject(
      { 'a.spec.ts': spec, 'mocks/handlers.ts': mocks },
      { load: target(server.url), functional: target(server.url) },
    )
    const path = join(project.folder, 'mocks/handlers.ts')
    known.handlers = ((await import(pathToFileURL(path).href)) as typeof known).handlers
    const real = await project.vitest(['run', '--project', 'load'])
    expect(real.results.get('healthy')?.verdict).toBe('pass')
    expect(real.results.get('healthy')).not.toHaveProperty('offline')
    const { total } = server
    expect(total).toBe(100)

    const offline = await project.vitest(['run', '--project', 'load'], { LOAD_OFFLINE: '1' })
    expect(server.total).toBe(total)
    expect(offline.results.get('healthy')).toMatchObject({
      verdict: 'pass',
      offline: './mocks/handlers.ts',
      threads: 1,
    })
    for (const name of ['healthy', 'faulty']) {
      const [one, other] = [real.results.get(name), offline.results.get(name)]
      expect(one).toBeDefined()
      expect(report(other as RunResult)).toEqual(report(one as RunResult))
    }
    expect(
      offline.results
        .get('faulty')
        ?.errors.map(({ category }) => category)
        .toSorted(),
    ).toMatchInlineSnapshot(`
      [
        "extraction",
        "http_4xx",
        "http_5xx",
        "protocol",
        "schema",
      ]
    `)

    const functional = await project.vitest(['run', '--project', 'functional', '-t', 'healthy'], { LOAD_OFFLINE: '1' })
    expect(functional.exitCode).toBe(0)
    expect(server.total).toBe(total)
  })

  it('opens no socket and looks up no name, needs no base URL, and sees what a spec does to the handlers', async () => {
    const project = await createProject(
      {
        'no-network.ts': `
          import dns from 'node:dns'
          import net from 'node:net'
          const refuse = () => { throw new Error('the network was used') }
          net.Socket.prototype.connect = refuse
          dns.lookup = refuse
          dns.promises.lookup = refuse
        `,
        'mocks/handlers.ts': `
          import { http, HttpResponse, passthrough } from 'msw'
          export const state = { orders: 0 }
          export const handlers = [
            http.post('/orders', () => HttpResponse.json({ order: ++state.orders })),
            http.get('/through', () => passthrough()),
          ]
        `,
        'a.spec.ts': `
          import { check, http, scenario } from 'vitest-load'
          import { handlers, state } from './mocks/handlers'
          scenario('orders', { load: { vus: 4, iterations: 40 } }, async () => {
            const before = state.orders
            const { order } = await http.post('/orders').expect(200).json()
            check('the handlers are the same', order > before && state.orders >= order)
          })
          scenario('leaves', { load: { vus: 1, iterations: 1 } }, () => http.get('/through'))
          const held = { vus: 4, duration: '1s', throttle: '20/s', warmup: '400ms' }
          scenario('held', { load: held }, () => http.post('/orders').expect(200))
        `,
      },
      {
        functional: '',
        others: `loadProject({ name: 'offline', include: ['*.spec.ts'], offline: './mocks/handlers.ts', threads: 2, setupFiles: './no-network.ts' })`,
      },
    )
    const { results, exitCode } = await project.vitest(['run', '--project', 'offline'])
    expect(exitCode).toBe(1)
    expect(results.get('orders')).toMatchObject({
      verdict: 'pass',
      threads: 2,
      baseUrl: 'http://localhost',
      connections: { opened: 0, reused: 0, closed: 0 },
      bytes: { sent: 0, received: 0 },
      requests: { ok: 40, failed: 0 },
      checks: [{ passed: 40, failed: 0 }],
      warnings: [expect.stringContaining('the handlers keep their state in each of 2 threads for itself')],
    })
    // The trap works: what a mock passes on to the network falls into it.
    expect(results.get('leaves')?.requests).toMatchObject({ ok: 0, failed: 1 })

    const { warmup, throttled, requests, verdict } = results.get('held') ?? expect.fail('no result')
    expect(verdict).toBe('pass')
    expect(throttled?.requests).toBeGreaterThan(0)
    expect(warmup?.requests.ok).toBeGreaterThan(0)
    // Those of a second, and the users that wait at its end.
    expect(requests.ok + (warmup?.requests.ok ?? 0)).toBeLessThanOrEqual(20 + 4 + 2)
  })
})
