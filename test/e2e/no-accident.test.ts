import { describe, expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
import { test } from 'vitest'
import { http, scenario } from 'vitest-load'
scenario('visit', { load: { vus: 3, iterations: 30 } }, async () => {
  await http.get('/').expect(200)
})
test('a plain test', async () => {
  await http.get('/plain').expect(200)
})
`

describe('a load project', () => {
  it('sends no load unless asked, says how to ask, and obeys', async () => {
    const server = await startServer((_request, response) => json(response, {}))
    const project = await createProject({ 'a.spec.ts': spec }, { load: `baseUrl: '${server.url}',` })

    const bare = await project.vitest(['run'])
    expect(bare.exitCode).toBe(0)
    expect(Object.fromEntries(server.requests)).toEqual({ 'GET /': 1, 'GET /plain': 1 })
    expect(bare.stdout).toContain('npx vitest run --project load')
    expect(bare.results.size).toBe(0)

    server.requests.clear()
    const asked = await project.vitest(['run', '--project', 'load'], { LOAD_VUS: '5', LOAD_ITERATIONS: '40' })
    expect(asked.exitCode).toBe(0)
    expect(Object.fromEntries(server.requests)).toEqual({ 'GET /': 40 })
    expect(asked.tests.get('a plain test')?.status).toBe('skipped')
    expect(asked.results.get('visit')).toMatchObject({ vus: 5, executor: 'shared-iterations', verdict: 'pass' })

    server.requests.clear()
    const byVariable = await project.vitest(['run'], { LOAD: '1', LOAD_VUS: '2', LOAD_DURATION: '300ms' })
    expect(byVariable.results.get('visit')).toMatchObject({ vus: 2, executor: 'constant-vus' })
    expect(server.requests.get('GET /')).toBe((byVariable.results.get('visit')?.requests.started ?? 0) + 1)
  })

  it('refuses another pool loudly', async () => {
    const server = await startServer((_request, response) => json(response, {}))
    const project = await createProject({ 'a.spec.ts': spec }, { load: `baseUrl: '${server.url}',` })
    const { exitCode, stderr } = await project.vitest(['run', '--project', 'load', '--pool', 'forks'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      "The load project 'load' cannot run: its pool was replaced by 'forks', which sends no load. Run it without --pool.",
    )
    expect(server.total).toBe(0)
  })

  it('contacts no foreign target, not even by a redirect', async () => {
    const server = await startServer((_request, response) =>
      response.writeHead(302, { location: 'http://example.com/' }).end(),
    )
    const foreign = `
      import { http, scenario } from 'vitest-load'
      scenario('redirected', { load: { iterations: 1 } }, async () => { await http.get('/') })
      scenario('direct', { load: { iterations: 1 } }, async () => { await http.get('http://example.com/') })
    `
    const project = await createProject({ 'a.spec.ts': foreign }, { load: `baseUrl: '${server.url}',` })
    const { exitCode, results, stdout } = await project.vitest(['run', '--project', 'load'])
    expect(exitCode).toBe(1)
    for (const result of results.values()) {
      expect(result.errors).toHaveLength(1)
      expect(result.errors[0]?.message).toContain('http://example.com')
    }
    expect(stdout).toContain("targets: ['http://example.com']")
  })
})

describe('wrong options', () => {
  it('are all told at once, before any request', async () => {
    const server = await startServer((_request, response) => json(response, {}))
    const wrong = `
      import { http, scenario } from 'vitest-load'
      scenario('wrong', { load: { vus: 0, duration: 'soon', itertions: 3 }, cookies: 'always', slo: { errorRate: 7 } }, async () => { await http.get('/') })
    `
    const project = await createProject({ 'a.spec.ts': wrong }, { load: `baseUrl: '${server.url}',` })
    const { exitCode, stderr } = await project.vitest(['run', '--project', 'load'])
    expect(exitCode).toBe(1)
    const start = stderr.indexOf('LoadError')
    expect(stderr.slice(start, stderr.indexOf('❯', start)).trim()).toMatchInlineSnapshot(`
      "LoadError: Options of scenario 'wrong': 5 problems.
        - cookies: expected 'iteration', 'vu' or 'none'; received "always"
        - slo.errorRate: expected a ratio such as '1%', or false; received 7
        - load.vus: expected a whole number from 1 to 100,000; received 0
        - load.duration: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received "soon"
        - load.itertions: unknown option; did you mean 'iterations'?"
    `)
    expect(server.total).toBe(0)
  })

  it('of the project and the environment are told before anything runs', async () => {
    const project = await createProject(
      { 'a.spec.ts': spec },
      { load: `baseUrl: 'store', threads: 0, timeuot: '1s',`, functional: '' },
    )
    const { exitCode, stderr } = await project.vitest(['run', '--project', 'load'], {
      LOAD_VUS: 'many',
      LOAD_SCALE: '0',
    })
    expect(exitCode).toBe(1)
    const start = stderr.indexOf('LoadError')
    expect(stderr.slice(start, stderr.indexOf('\n    at ', start)).trim()).toMatchInlineSnapshot(`
      "LoadError: Configuration of the load project: 5 problems.
        - LOAD_VUS: expected a whole number from 1 to 100,000; received "many"
        - LOAD_SCALE: expected a number above zero such as 0.5, or a percentage such as '50%'; received "0"
        - baseUrl: expected an absolute URL such as 'http://127.0.0.1:3000'; received "store"
        - threads: expected a whole number from 1 to 64; received 0
        - timeuot: unknown option; did you mean 'timeout'?"
    `)
  })
})
