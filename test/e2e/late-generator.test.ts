import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const computing = `
import { expectLatency, http, scenario } from 'vitest-load'

const load = { vus: 2, duration: '2500ms' }
const compute = async () => {
  const untilMs = performance.now() + 60
  while (performance.now() < untilMs);
  await http.get('/').expect(200)
}

const judged = scenario.concurrent('judged', { load }, compute)
expectLatency(judged).mean.toBeBelow('10s')
const tight = scenario.concurrent('tight', { load }, compute)
expectLatency(tight.request('GET /')).mean.toBeBelow('200ms')
`

it('is invalid when the load generator itself was late, by the tightest objective or the bound of the project', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject({ 'a.spec.ts': computing }, { load: `baseUrl: '${server.url}',` })
  const { exitCode, results, tests } = await project.vitest(['run', '--project', 'load'], { LOAD_THREADS: '1' })
  expect(exitCode).toBe(1)
  expect(results.get('judged')).toMatchObject({
    verdict: 'pass',
    warnings: [expect.stringMatching(/^the only thread of the load generator was busy \S+ % of the time/)],
  })
  expect(results.get('tight')).toMatchObject({
    verdict: 'invalid',
    reasons: [expect.stringMatching(/^the load generator was late itself: .* more than 20 ms, .* Use more /)],
    warnings: [],
  })
  expect(tests.get('tight GET / mean')?.status).toBe('skipped')
})
