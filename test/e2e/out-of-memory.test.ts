import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, scenario, step, vu } from 'vitest-load'
  const hoard = []
  let full = false
  scenario('hoards', { load: { vus: 2, duration: '60s' } }, async () => {
    await step('visit', () => http.get('/').expect(200))
    // Later than the first report to main, which comes after a second.
    if (vu.iteration === 0) setTimeout(() => (full = true), 1200)
    if (!full) return
    for (let index = 0; index < 100; index++) hoard.push(new Array(10_000).fill(vu.uniqueId()))
  })
`

it('keeps what was measured when a thread runs out of memory', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 1,`, functional: '' },
  )
  const memory = { NODE_OPTIONS: '--max-old-space-size=128' }
  const { exitCode, results, tests } = await project.vitest(['run', '--project', 'load'], memory)
  expect(exitCode).toBe(1)
  expect(tests.get('hoards load')?.messages[0]).toContain(
    "The load of 'hoards' failed: thread 1 of the load generator was lost: it ran out of memory.",
  )
  expect(results.get('hoards')).toMatchObject({ verdict: 'fail', threads: 1 })
  expect(results.get('hoards')?.iterations.ok).toBeGreaterThan(0)
})
