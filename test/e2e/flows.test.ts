import { expect, it } from 'vitest'
import { json, startServer, type Answer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { expect } from 'vitest'
  import { http, scenario, session, step, vu } from 'vitest-load'
  import { z } from 'zod'
  const token = session('token')
  const Tick = z.object({ count: z.int() })

  async function authorized(request) {
    const login = () => http.post('/login').expect(200).json(z.string())
    const bearer = await token.getOrCreate(login)
    const response = await request(bearer)
    if (response.status !== 401) return response
    if (token.get() === bearer) token.delete()
    return request(await token.getOrCreate(login)).expect(200)
  }

  scenario('flow', { load: { vus: 4, iterationsPerVU: 5 } }, async () => {
    await step('account', () => authorized((bearer) => http.get('/account', { bearer }).expect([200, 401])))
    await step('page', () => http.all({
      a: () => http.get('/a').expect(200),
      b: () => http.get('/b').expect(200),
      flaky: () => http.get('/flaky', { query: { key: vu.uniqueId() }, retry: { limit: 1, delay: '5ms' } }).expect(200),
    }, { parallel: 2 }))
    const counts = await step('follow', async () => {
      const seen = []
      for await (const { data } of http.get('/events').expect(200).events(Tick)) {
        seen.push(data.count)
        if (seen.length === 3) break
      }
      return seen
    })
    expect(counts).toEqual([0, 1, 2])
    // Nobody reads it.
    http.get('/events', { name: 'unread' }).events()
  })
`

/** The first answer to a key of `/flaky` is 503; a token is good for three requests. */
function createAnswer(): Answer {
  const uses = new Map<string, number>()
  const known = new Set<string>()
  return (request, response) => {
    if (request.url === '/login') {
      const token = `t${String(uses.size)}`
      uses.set(token, 0)
      json(response, token)
    } else if (request.url === '/account') {
      const token = request.headers.authorization?.slice('Bearer '.length) ?? ''
      const used = (uses.get(token) ?? 9) + 1
      uses.set(token, used)
      json(response, {}, used > 3 ? 401 : 200)
    } else if (request.url?.startsWith('/flaky') === true) {
      json(response, {}, known.has(request.url) ? 200 : 503)
      known.add(request.url)
    } else if (request.url === '/events') {
      let count = 0
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const send = (): unknown => response.write(`data: {"count":${String(count++)}}\n\n`)
      send()
      const timer = setInterval(send, 5)
      response.on('close', () => {
        clearInterval(timer)
      })
    } else {
      json(response, {})
    }
  }
}

it('keeps values, makes requests at once and again, and follows events, as load and as an ordinary test', async () => {
  const server = await startServer(createAnswer())
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}',`, functional: `baseUrl: '${server.url}',` },
  )
  const ordinary = await project.vitest(['run', '--project', 'functional'])
  expect(ordinary.exitCode, ordinary.stdout + ordinary.stderr).toBe(0)
  server.requests.clear()
  const run = await project.vitest(['run', '--project', 'load'], { LOAD_THREADS: '2' })
  expect(run.exitCode, run.stdout + run.stderr).toBe(0)
  const result = run.results.get('flow')
  expect(result).toMatchObject({ verdict: 'pass', threads: 2, iterations: { started: 20, ok: 20, failed: 0 } })
  // Four users with a token for three requests each: two log in twice over five iterations.
  expect(server.requests.get('POST /login')).toBe(8)
  expect(server.requests.get('GET /account')).toBe(24)
  expect(server.requests.get('GET /flaky')).toBe(40)
  expect(result?.requests.retries).toBe(20)
  expect(result?.errors).toMatchObject([{ request: 'GET /flaky', category: 'http_5xx', count: 20 }])
  const series = (name: string): unknown => result?.series.find((one) => one.kind === 'request' && one.name === name)
  expect(series('GET /events')).toMatchObject({ ok: 20, failed: 0, aborted: 0 })
  expect(series('unread')).toMatchObject({ ok: 20, failed: 0, aborted: 0 })
  expect(result?.requests.started).toBe(server.total)
  expect(run.stdout).toContain('20 requests were made again after a failure')
})

const endless = `
  import { http, scenario } from 'vitest-load'
  scenario('endless', { load: { vus: 2, duration: '300ms', gracefulStop: '200ms' } }, async () => {
    for await (const event of http.get('/events').expect(200).events()) if (event.data === '') return
  })
`

it('cuts endless streams with the load', async () => {
  const server = await startServer(createAnswer())
  const project = await createProject(
    { 'a.spec.ts': endless },
    { load: `baseUrl: '${server.url}', threads: 1,`, functional: '' },
  )
  const run = await project.vitest(['run', '--project', 'load'])
  const result = run.results.get('endless')
  expect(result, run.stdout + run.stderr).toMatchObject({
    iterations: { started: 2, ok: 0, failed: 0, aborted: 2 },
    requests: { started: 2, failed: 0, aborted: 2 },
    errors: [{ category: 'aborted', count: 2, request: 'GET /events' }],
  })
  expect(result?.durationMs).toBeLessThan(5000)
})
