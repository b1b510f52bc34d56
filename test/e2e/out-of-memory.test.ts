import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, scenario, step, think, vu } from 'vitest-load'
  const hoard = []
  scenario('hoards', { load: { vus: 1, duration: '60s' } }, async () => {
    await step('visit', () => http.get('/').expect(200))
    hoard.push(Array.from({ length: 6000 }, () => ({ id: vu.uniqueId() })))
    await think('10ms')
  })
`

it('ends a load that is about to run out of memory, with its results', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 1,`, functional: '' },
  )
  const memory = { NODE_OPTIONS: '--max-old-space-size=160' }
  const { exitCode, results, tests } = await project.vitest(['run', '--project', 'load'], memory)
  expect(exitCode).toBe(1)
  const text = 'a thread of the load generator was about to run out of memory'
  expect(tests.get('hoards load')?.messages[0]).toContain(`The load of 'hoards' failed: ${text}`)
  const { started, ok } = results.get('hoards')?.iterations ?? {}
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /': started })
  expect(ok).toBe(started)
})
