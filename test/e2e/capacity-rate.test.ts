import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { capacity, expectCapacity, expectLatency, http, step } from 'vitest-load'
  const options = { from: '40/s', to: '640/s', hold: '2s', rest: '100ms', precision: '20%' }
  const visits = capacity('visits', options, () => step('visit', () => http.get('/').expect(200)))
  expectLatency(visits.step('visit')).p(90).toBeBelow('150ms')
  expectCapacity(visits).toBeAbove('60/s')
`

it('finds the rate of a target that serves one request after another', async () => {
  const serviceMs = 10
  let freeAtMs = 0
  const server = await startServer((_request, response) => {
    const nowMs = performance.now()
    freeAtMs = Math.max(freeAtMs, nowMs) + serviceMs
    setTimeout(() => json(response, {}), freeAtMs - nowMs)
  })
  const load = `baseUrl: '${server.url}', threads: 2, validity: { startLag: false },`
  const project = await createProject({ 'a.spec.ts': spec }, { load, functional: '' })
  const { results, tests, stdout } = await project.vitest(['run', '--project', 'load'])
  const { capacity, warmup } = results.get('visits') ?? expect.fail('no result')
  expect(capacity, stdout).toMatchObject({ unit: 'rate', ended: 'found' })
  // 100 a second are all it can do; how much more a level of two seconds hides, and how much less a busy machine allows.
  expect(capacity?.highest).toBeGreaterThanOrEqual(60)
  expect(capacity?.highest).toBeLessThanOrEqual(121)
  expect(capacity?.broken).toBeGreaterThan(capacity?.highest ?? 0)
  expect(warmup?.durationMs).toBe(200)
  expect(tests.get('visits capacity above 60/s')?.status).toBe(capacity?.highest === 60 ? 'failed' : 'passed')
})
