import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { capacity, http } from 'vitest-load'
  const hook = () => http.post('/hook').expect(200)
  const options = { from: 1, to: 500, unit: 'vus', hold: '400ms', settle: 0, rest: '1s', before: hook, after: hook }
  capacity('users', options, () => http.get('/').expect(200))
`

it.for([
  ['within a level', /users +4 VUs/, 1300],
  ['between two levels', /users +4 VUs/, 0],
] as const)('tells what it knows when it is interrupted %s', async ([, after, delayMs]) => {
  const server = await startServer((_request, response) => setTimeout(() => json(response, {}), 20))
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  let sent = false
  const { exitCode, results } = await project.vitest(['run', '--project', 'load'], {}, (output, send) => {
    if (sent || !after.test(output)) return
    sent = true
    setTimeout(() => send('SIGINT'), delayMs)
  })
  expect(exitCode).not.toBe(0)
  const { capacity, verdict } = results.get('users') ?? expect.fail('no result')
  expect(capacity).toMatchObject({ ended: 'interrupted', highest: 4 })
  expect(capacity?.summary).toBe(
    'capacity at least 4 VUs, since the search was ended early: the test run was cancelled',
  )
  expect(verdict).toBe('fail')
  expect(server.requests.get('POST /hook')).toBe(2)
})
