import { describe, expect, it } from 'vitest'
import { createProject } from './project.ts'

const handlers = `
  import { http, HttpResponse } from 'msw'
  export const handlers = [http.get('*/', () => HttpResponse.json({}))]
`
const spec = `
  import { http, scenario } from 'vitest-load'
  scenario('home', { load: { vus: 2, iterationsPerVU: 5 } }, () => http.get('/').expect(200))
`

describe('offline settings', () => {
  it('that cannot work are refused before anything runs', async () => {
    const files = { 'a.spec.ts': spec, 'mocks/handlers.ts': handlers }
    const project = await createProject(files, { load: '', functional: '' })
    for (const name of ['load', 'functional']) {
      const asked = await project.vitest(['run', '--project', name], { LOAD_OFFLINE: '1' })
      expect(asked.exitCode).toBe(1)
      expect(asked.stderr).toContain(`Configuration of the project '${name}': 1 problem.`)
      expect(asked.stderr).toContain("Name them with offline: './mocks/handlers.ts', or unset the variable")
    }
    const wrong = await createProject(files, {
      load: `offline: { handler: './h.ts', enabled: 1 }, threads: 0,`,
      functional: '',
    })
    const { stderr } = await wrong.vitest(['run', '--project', 'load'], { LOAD_OFFLINE: 'perhaps' })
    for (const problem of [
      "offline.handler: unknown option; did you mean 'handlers'?",
      "offline.handlers: expected the path of a module such as './mocks/handlers.ts'; received undefined",
      'offline.enabled: expected true or false; received 1',
      'threads: ',
      'LOAD_OFFLINE: expected 1 for mocks in place of the network, or 0; received "perhaps"',
    ])
      expect(stderr).toContain(problem)
  })

  it('that name no handlers fail every spec with a sentence', async () => {
    const files = { 'a.spec.ts': spec, 'empty.ts': 'export const routes = []' }
    const missing = await createProject(files, { load: `offline: './nowhere.ts',`, functional: '' })
    expect((await missing.vitest(['run', '--project', 'load'])).stderr).toContain(
      "offline: there is no file './nowhere.ts' in the project's root",
    )
    const empty = await createProject(files, { load: `offline: './empty.ts', threads: 2,`, functional: '' })
    const { exitCode, stderr } = await empty.vitest(['run', '--project', 'load'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain("'./empty.ts' exports neither 'handlers' nor 'server'; it exports routes.")
  })
})
