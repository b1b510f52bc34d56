import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, scenario } from 'vitest-load'
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  const visit = (path) => http.get(path).expect(200)

  scenario.concurrent('constant', { load: { rate: 40, duration: '3s' } }, () => visit('/constant'))
  scenario.concurrent('fraction', { load: { rate: '150/m', duration: '3s' } }, () => visit('/fraction'))
  scenario.concurrent('ramp', { load: { stages: [{ duration: '2s', rate: 60 }, { duration: '1s', rate: 60 }] } }, () => visit('/ramp'))
  scenario.concurrent('k6', {
    load: {
      executor: 'ramping-arrival-rate', startRate: 600, timeUnit: '1m', preAllocatedVUs: 50,
      stages: [{ target: 600, duration: '1s' }, { target: 2400, duration: '0s' }, { target: 2400, duration: '2s' }],
    },
  }, () => visit('/k6'))
  scenario.concurrent('users', { load: { startVUs: 1, stages: [{ duration: '1s', vus: 9 }, { duration: '1s', vus: 9 }, { duration: '1s', vus: 1 }] } }, async () => {
    await visit('/users')
    await pause(100)
  })
  scenario.concurrent('too few', { load: { rate: 40, duration: '3s', maxVUs: 2 } }, async () => {
    await visit('/too-few')
    await pause(500)
  })
`

/** What the server should see in each second of a load, and how far off a busy machine may put it. */
const plans: Readonly<Record<string, readonly number[]>> = {
  '/constant': [40, 40, 40],
  '/fraction': [3, 2, 3],
  '/ramp': [15, 45, 60],
  '/k6': [10, 40, 40],
}

it('sends what each executor plans, on two threads, by the count of the server', async () => {
  const seconds = new Map<string, number[]>()
  const firstMs = new Map<string, number>()
  const server = await startServer((request, response) => {
    const path = request.url ?? ''
    const nowMs = performance.now()
    if (!firstMs.has(path)) firstMs.set(path, nowMs)
    const counts = seconds.get(path) ?? []
    const second = Math.min(2, Math.floor((nowMs - (firstMs.get(path) ?? 0)) / 1000))
    counts[second] = (counts[second] ?? 0) + 1
    seconds.set(path, counts)
    json(response, {})
  })
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const { results } = await project.vitest(['run', '--project', 'load'])

  for (const [path, plan] of Object.entries(plans)) {
    const result = results.get(path.slice(1))
    const planned = plan.reduce((sum, count) => sum + count, 0)
    expect(result?.iterations, path).toMatchObject({ started: planned, ok: planned, failed: 0, dropped: 0 })
    expect(server.requests.get(`GET ${path}`), path).toBe(planned)
    // A quarter of a second is what a busy machine may be late by.
    for (const [second, count] of plan.entries())
      expect(Math.abs((seconds.get(path)?.[second] ?? 0) - count), `${path} in second ${second}`).toBeLessThanOrEqual(
        2 + count / 4,
      )
    expect(result?.series.find(({ kind }) => kind === 'iteration')?.phases['start_lag']?.count, path).toBe(planned)
  }

  // Each user makes up to ten visits a second: 5, 9 and 5 users on average.
  const users = seconds.get('/users') ?? []
  expect(results.get('users')).toMatchObject({ executor: 'ramping-vus', vus: 9 })
  expect(results.get('users')?.requests.ok).toBe(server.requests.get('GET /users'))
  expect((users[1] ?? 0) / (users[0] ?? 0)).toBeGreaterThan(1.2)
  expect((users[1] ?? 0) / (users[2] ?? 0)).toBeGreaterThan(1.2)
  expect(Math.max(...(results.get('users')?.timeline.map(({ activeVUs }) => activeVUs) ?? []))).toBeLessThanOrEqual(9)

  const { iterations, verdict, reasons, slos } = results.get('too few') ?? expect.fail('no result')
  expect(iterations.started + iterations.dropped).toBe(120)
  expect(server.requests.get('GET /too-few')).toBe(iterations.started)
  expect(iterations.started).toBeLessThan(20)
  expect(verdict).toBe('invalid')
  // On a busy machine the lag comes first.
  expect(reasons.at(-1)).toMatch(/planned iterations were started: none of at most 2 virtual users was free/)
  expect(slos.map(({ status }) => status)).toEqual(['skipped'])
})
