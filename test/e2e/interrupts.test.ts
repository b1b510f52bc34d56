import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject, type OutputListener } from './project.ts'

const head = `
  import { afterAll } from 'vitest'
  import { expectLatency, http, scenario, step, vu } from 'vitest-load'
`
const after = `scenario('comes after', { load: { iterations: 1 } }, async () => { await http.get('/after') })`

const graceful = `${head}
  const visiting = scenario('visiting', { load: { vus: 4, duration: '10m' } }, async () => {
    await step('visit', () => http.get('/').expect(200))
    if (vu.id === 1 && vu.iteration === 20) console.log('now interrupt')
  })
  expectLatency(visiting).max.toBeBelow('30s')
  ${after}
  afterAll(() => console.log('clean-up is done'))
`

const stubborn = `${head}
  scenario('stubborn', { load: { vus: 2, duration: '10m' } }, async () => {
    await http.get('/')
    if (vu.id === 1) console.log('now interrupt')
    await new Promise(() => {})
  })
  ${after}
`

/** Sends a signal each time the next of these texts has been printed. */
function sendAfter(signal: NodeJS.Signals, ...texts: readonly string[]): OutputListener {
  let sent = 0
  return (output, send) => {
    const text = texts[sent]
    if (text === undefined || !output.includes(text)) return
    sent += 1
    send(signal)
  }
}

it.for(['SIGINT', 'SIGTERM'] as const)('ends a load gracefully on %s, with its report', async (signal) => {
  const server = await startServer((_request, response) => void setTimeout(() => json(response, {}), 5))
  const project = await createProject(
    { 'a.spec.ts': graceful, 'b.spec.ts': `${head}${after}` },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const run = await project.vitest(['run', '--project', 'load'], {}, sendAfter(signal, 'now interrupt'))
  expect(run.exitCode).toBe(signal === 'SIGINT' ? 130 : 143)
  const result = run.results.get('visiting')
  expect(result).toMatchObject({ verdict: 'fail', reasons: ['the test run was cancelled'] })
  const { started } = result?.iterations ?? {}
  expect(result?.iterations).toMatchObject({ ok: started, aborted: 0 })
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /': started })
  expect(run.stderr).toContain('Stopping: running iterations may end within their graceful stop.')
  expect(run.stdout).toContain('FAIL  visiting')
  expect(run.stdout).toContain('clean-up is done')
  expect([...run.results.keys()]).toEqual(['visiting'])
})

it('stops at once when interrupted twice', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    { 'a.spec.ts': stubborn },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const startedAtMs = performance.now()
  const run = await project.vitest(['run', '--project', 'load'], {}, sendAfter('SIGINT', 'now interrupt', 'Stopping:'))
  expect(run.exitCode).toBe(130)
  // The graceful stop alone would be 30 s.
  expect(performance.now() - startedAtMs).toBeLessThan(20_000)
  expect(server.requests.has('GET /after')).toBe(false)
})
