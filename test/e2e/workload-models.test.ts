import { expect, it } from 'vitest'
import type { RunResult } from 'vitest-load'
import { json, startServer, type CountingServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, scenario } from 'vitest-load'
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  const visit = (path) => http.get(path).expect(200)
  // So that the plan of a closed load is a number per second, too.
  const even = { pacing: '500ms', stagger: '500ms' }

  scenario.concurrent('constant-vus', { load: { vus: 10, duration: '3s', ...even } }, () => visit('/constant-vus'))
  scenario.concurrent('shared', { load: { vus: 10, iterations: 60, ...even } }, () => visit('/shared'))
  scenario.concurrent('per-vu', { load: { vus: 10, iterationsPerVU: 6, ...even } }, () => visit('/per-vu'))
  scenario.concurrent('users', { load: { startVUs: 1, pacing: '500ms', stages: [{ duration: '1s', vus: 9 }, { duration: '1s', vus: 9 }, { duration: '1s', vus: 1 }] } }, () => visit('/users'))
  scenario.concurrent('constant', { load: { rate: 40, duration: '3s' } }, () => visit('/constant'))
  scenario.concurrent('fraction', { load: { rate: '150/m', duration: '3s' } }, () => visit('/fraction'))
  scenario.concurrent('ramp', { load: { stages: [{ duration: '2s', rate: 60 }, { duration: '1s', rate: 60 }] } }, () => visit('/ramp'))
  scenario.concurrent('k6', {
    load: {
      executor: 'ramping-arrival-rate', startRate: 600, timeUnit: '1m', preAllocatedVUs: 50,
      stages: [{ target: 600, duration: '1s' }, { target: 2400, duration: '0s' }, { target: 2400, duration: '2s' }],
    },
  }, () => visit('/k6'))
  scenario.concurrent('too few', { load: { rate: 40, duration: '3s', maxVUs: 2 } }, async () => {
    await visit('/too-few')
    await pause(500)
  })
`

interface Plan {
  readonly executor: string
  /** What the server should see in each second. */
  readonly seconds: readonly number[]
  /** Whether users who miss their pacing, on a busy machine, make fewer iterations than that. */
  readonly isElastic?: true
}

const plans: Readonly<Record<string, Plan>> = {
  'constant-vus': { executor: 'constant-vus', seconds: [20, 20, 20], isElastic: true },
  shared: { executor: 'shared-iterations', seconds: [20, 20, 20] },
  'per-vu': { executor: 'per-vu-iterations', seconds: [20, 20, 20] },
  // Those of each user, who comes when the line from 1 to 9 reaches him and goes when it has come below.
  users: { executor: 'ramping-vus', seconds: [12, 18, 12], isElastic: true },
  constant: { executor: 'constant-arrival-rate', seconds: [40, 40, 40] },
  fraction: { executor: 'constant-arrival-rate', seconds: [3, 2, 3] },
  ramp: { executor: 'ramping-arrival-rate', seconds: [15, 45, 60] },
  k6: { executor: 'ramping-arrival-rate', seconds: [10, 40, 40] },
}

/** By so much a busy machine may be late, and send in one second what belongs to the next. */
const busyS = 0.25

/** A server with its counts of each path in each second since the first request for it. */
async function startTimedServer(): Promise<{ server: CountingServer; seconds: Map<string, number[]> }> {
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
  return { server, seconds }
}

function expectTooFew(result: RunResult | undefined, arrived: number | undefined): void {
  const { iterations, verdict, reasons, slos } = result ?? expect.fail('no result')
  expect(iterations.started + iterations.dropped).toBe(120)
  expect(arrived).toBe(iterations.started)
  expect(iterations.started).toBeLessThan(20)
  expect(verdict).toBe('invalid')
  // On a busy machine the lag comes first.
  expect(reasons.at(-1)).toMatch(/planned iterations were started: none of at most 2 virtual users was free/)
  expect(slos.map(({ status }) => status)).toEqual(['skipped'])
}

it('sends what each executor plans, on two threads, by the count of the server', async () => {
  const { server, seconds } = await startTimedServer()
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const { results } = await project.vitest(['run', '--project', 'load'])

  for (const [name, { executor, seconds: plan, isElastic }] of Object.entries(plans)) {
    const result = results.get(name) ?? expect.fail(`no result of ${name}`)
    const arrived = server.requests.get(`GET /${name}`)
    expect(result, name).toMatchObject({ executor, iterations: { ok: arrived, failed: 0, aborted: 0, dropped: 0 } })
    if (isElastic !== true) expect(arrived, name).toBe(plan.reduce((sum, count) => sum + count, 0))
    const lag = result.series.find(({ kind }) => kind === 'iteration')?.phases['start_lag']?.count
    expect(lag, name).toBe(executor.endsWith('-arrival-rate') ? arrived : undefined)
    // Who has missed his pacing has another plan from then on.
    if ((result.pacingMissed ?? 0) > 0) continue
    for (const [second, count] of plan.entries())
      expect(
        Math.abs((seconds.get(`/${name}`)?.[second] ?? 0) - count),
        `${name} in second ${second}`,
      ).toBeLessThanOrEqual(2 + Math.max(...plan.slice(Math.max(0, second - 1), second + 2)) * busyS)
  }
  expect(results.get('users')?.vus).toBe(9)
  expect(Math.max(...(results.get('users')?.timeline.map(({ activeVUs }) => activeVUs) ?? []))).toBeLessThanOrEqual(9)
  expectTooFew(results.get('too few'), server.requests.get('GET /too-few'))
})
