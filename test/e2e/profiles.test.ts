import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, mix, scenario } from 'vitest-load'
  scenario('users', { load: { vus: 6, iterations: 60 } }, () => http.get('/users').expect(200))
  scenario('rate', { load: { rate: 100, duration: '500ms' } }, () => http.get('/rate').expect(200))
  mix('shop', { load: { vus: 2, iterations: 20 } }, () => {
    scenario('browsing', () => http.get('/browsing').expect(200))
    scenario('buying', () => http.get('/buying').expect(200))
  })
`

it('changes how intense all loads are without touching a spec', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const profiles = "profile: 'half', profiles: { half: { scale: '50%' }, smoke: { load: { vus: 1, iterations: 2 } } },"
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2, ${profiles}`, functional: `baseUrl: '${server.url}',` },
  )
  const half = await project.vitest(['run', '--project', 'load'])
  expect(half.exitCode).toBe(0)
  expect(Object.fromEntries(server.requests)).toEqual({
    'GET /users': 30,
    'GET /rate': 25,
    'GET /browsing': 5,
    'GET /buying': 5,
  })
  expect(half.stdout).toContain('30 iterations by 3 VUs (profile half, × 0.5)')
  expect(half.results.get('rate')).toMatchObject({
    load: '50/s for 500ms (profile half, × 0.5)',
    profile: 'half',
    scale: 0.5,
  })

  server.requests.clear()
  const smoke = await project.vitest(['run', '--project', 'load'], { LOAD_PROFILE: 'smoke' })
  expect(smoke.exitCode).toBe(0)
  expect(Object.fromEntries(server.requests)).toEqual({
    'GET /users': 2,
    'GET /rate': 2,
    'GET /browsing': 1,
    'GET /buying': 1,
  })

  server.requests.clear()
  const both = ['run', '--project', 'load', '--project', 'functional']
  const unknown = await project.vitest(both, { LOAD_PROFILE: 'smok' })
  expect(unknown.exitCode).toBe(1)
  expect(unknown.stderr).toContain(
    `LOAD_PROFILE: no such profile; received "smok"; did you mean 'smoke'? (known are half, smoke)`,
  )
  // What is no load has no profile.
  expect(Object.fromEntries(server.requests)).toEqual({
    'GET /users': 1,
    'GET /rate': 1,
    'GET /browsing': 1,
    'GET /buying': 1,
  })
})
