import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, scenario } from 'vitest-load'
  scenario('flood', { load: { rate: '20000/s', duration: '3s' } }, () => http.get('/').expect(200))
`

const planned = 60_000

/** What to change when the load was not delivered: the generator, or, where users waited for answers, their number. */
const advice = /Use more (?:threads|machines)|Raise maxVUs/

it('delivers 20,000 arrivals a second on two threads, or says that it could not, and counts what the server does', async () => {
  const server = await startServer((_, response) => json(response, {}))
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const { results, exitCode } = await project.vitest(['run', '--project', 'load'])
  const { iterations, requests, verdict, reasons, series, slos } = results.get('flood') ?? expect.fail('no result')

  expect(iterations.planned).toBe(planned)
  expect(iterations.started + iterations.dropped).toBe(planned)
  expect(iterations.ok + iterations.failed + iterations.aborted).toBe(iterations.started)
  // What did not reach the server was cut, or never got a connection.
  const reached = server.requests.get('GET /') ?? 0
  expect(requests.ok).toBeLessThanOrEqual(reached)
  expect(reached).toBeLessThanOrEqual(requests.started)
  if (requests.failed + requests.aborted === 0) expect(reached).toBe(requests.ok)
  expect(series.find(({ kind }) => kind === 'iteration')?.phases['start_lag']?.count).toBe(iterations.started)

  if (verdict === 'pass') {
    expect(exitCode).toBe(0)
    expect(iterations.started / planned).toBeGreaterThanOrEqual(0.99)
  } else {
    expect(exitCode).toBe(1)
    expect(verdict).toBe('invalid')
    expect(reasons.join('\n')).toMatch(advice)
    expect(slos.map(({ status }) => status)).not.toContain('pass')
  }
})
