import { expect, it } from 'vitest'
import type { RunResult } from 'vitest-load'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, scenario, step, vu } from 'vitest-load'

  scenario.concurrent('throttled', { load: { vus: 8, duration: '2s', throttle: '50/s' } }, () =>
    step('visit', () => http.get('/throttled').expect(200)))
  scenario.concurrent('warm', { load: { vus: 4, duration: '2s', warmup: '1s' } }, async () => {
    await http.get('/warm').expect(200)
    await new Promise((resolve) => setTimeout(resolve, 20))
  })
  scenario.concurrent('arrivals', { load: { rate: 40, duration: '2s', warmup: '500ms' } }, () => http.get('/arrivals').expect(200))
  scenario.concurrent('paced', { load: { vus: 6, duration: '2s', pacing: '500ms', stagger: '120ms' } }, () =>
    http.get('/paced/:id', { params: { id: vu.id } }).expect(200))
`

it('paces, throttles and warms up on two threads, by the count of the server', async () => {
  const throttledMs: number[] = []
  const server = await startServer((request, response) => {
    if (request.url === '/throttled') throttledMs.push(performance.now())
    json(response, {})
  })
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const { results, stdout } = await project.vitest(['run', '--project', 'load'])
  const resultOf = (name: string): RunResult => results.get(name) ?? expect.fail(`no result of ${name}`)
  // Whether arrivals are in time depends on the machine.
  for (const name of ['throttled', 'warm', 'paced'])
    expect(resultOf(name)).toMatchObject({ verdict: 'pass', reasons: [] })

  const throttled = resultOf('throttled')
  expect(server.requests.get('GET /throttled')).toBe(throttled.requests.ok)
  for (const fromMs of throttledMs) {
    const within = throttledMs.filter((ms) => ms >= fromMs && ms < fromMs + 1000).length
    // A busy machine hands over what came in a fifth of a second at once.
    expect(within).toBeLessThanOrEqual(50 + 15)
  }
  expect(throttled.requests.ok).toBeGreaterThan(60)
  // Eight users at 50 a second wait for 160 ms each; none of their times knows of it.
  expect(throttled.throttled?.waitedMs ?? 0).toBeGreaterThan(50 * (throttled.throttled?.requests ?? 0))
  for (const { name, kind, latency } of throttled.series) expect(latency.p50, `${kind} ${name}`).toBeLessThan(80_000)

  const warm = resultOf('warm')
  expect(warm.warmup?.iterations).toMatchObject({ failed: 0, aborted: 0 })
  expect(warm.warmup?.iterations.ok).toBeGreaterThan(20)
  expect(warm.iterations.ok).toBeGreaterThan(20)
  expect(warm.iterations.ok + (warm.warmup?.iterations.ok ?? 0)).toBe(server.requests.get('GET /warm'))
  expect(warm.requests.ok + (warm.warmup?.requests.ok ?? 0)).toBe(server.requests.get('GET /warm'))
  expect(warm.timeline.reduce((sum, { requests }) => sum + requests, 0)).toBe(server.requests.get('GET /warm'))
  expect(warm.series.find(({ kind }) => kind === 'request')?.ok).toBe(warm.requests.ok)
  expect((warm.requests.perSecond * (warm.durationMs - 1000)) / 1000).toBeCloseTo(warm.requests.ok, 6)
  // Made in the warm-up, they serve what comes after it.
  expect(warm.warmup?.connections.opened).toBe(4)
  expect(warm.connections.opened).toBe(0)
  // They count when they are used: at the border, not always in the part of the iteration.
  const reused = warm.connections.reused + (warm.warmup?.connections.reused ?? 0)
  expect(reused + 4).toBe(server.requests.get('GET /warm'))

  const arrivals = resultOf('arrivals')
  expect(arrivals.iterations).toMatchObject({ planned: 60, started: 60, ok: 60, dropped: 0 })
  expect(arrivals.warmup?.iterations).toMatchObject({ started: 20, ok: 20 })
  expect(server.requests.get('GET /arrivals')).toBe(80)

  expect(resultOf('paced')).toMatchObject({ pacingMissed: 0, iterations: { ok: 24 } })
  for (let id = 1; id <= 6; id++) expect(server.requests.get(`GET /paced/${id}`)).toBe(4)

  expect(stdout).toMatch(/Warm-up {2}0\.5 s left out of the figures +rates over the other 1\.\d s +20 iterations/)
  expect(stdout).toMatch(/Throttle {2}\d+ requests held back +\d+ ms each on average/)
})
