import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const visit = (path: string): string => `async () => { await http.get('/${path}').expect(200) }`

const chosen = `
  import { describe, test } from 'vitest'
  import { expectLatency, http, loadTest, scenario } from 'vitest-load'
  const load = { iterations: 2 }
  const one = loadTest.only('one', { load }, ${visit('one')})
  expectLatency(one).p(95).toBeBelow('20s')
  loadTest('two', { load }, ${visit('two')})
`
const plain = `
  import { http, loadTest } from 'vitest-load'
  loadTest('three', { load: { iterations: 2 } }, ${visit('three')})
`

it('runs what is .only, refuses it with --allowOnly=false, and passes an empty selection only when told', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    { 'a.spec.ts': chosen, 'b.spec.ts': plain },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const only = await project.vitest(['run', 'a.spec', '--project', 'load'])
  expect(only.exitCode).toBe(0)
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /one': 2 })
  expect([...only.tests].map(([name, { status }]) => [name, status])).toEqual([
    ['one load', 'passed'],
    ['one p(95)', 'passed'],
    ['two load', 'skipped'],
  ])

  server.requests.clear()
  const refused = await project.vitest(['run', 'a.spec', '--project', 'load', '--allowOnly=false'])
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toContain('Unexpected .only modifier')
  const nothing = await project.vitest(['run', 'no-such-file', '--project', 'load'])
  expect(nothing.exitCode).toBe(1)
  const allowed = await project.vitest(['run', 'no-such-file', '--project', 'load', '--passWithNoTests'])
  expect(allowed.exitCode).toBe(0)
  expect(server.total).toBe(0)
})

it('lists what a load project would run without running it', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const scenarios = chosen.replace('loadTest.only', 'loadTest')
  const project = await createProject(
    { 'a.spec.ts': scenarios, 'b.spec.ts': scenarios.replaceAll('loadTest', 'scenario').replace('loadTest, ', '') },
    { load: `baseUrl: '${server.url}',`, functional: '' },
  )
  const parsed = await project.vitest(['list', 'a.spec', '--project', 'load'])
  expect(parsed.stdout.trim().split('\n')).toEqual(['[load] a.spec.ts > one', '[load] a.spec.ts > two'])
  const executed = await project.vitest(['list', 'a.spec', '--project', 'load', '--no-static-parse'])
  expect(executed.stdout.trim().split('\n')).toEqual([
    '[load] a.spec.ts > one > load',
    '[load] a.spec.ts > one > p(95)',
    '[load] a.spec.ts > two > load',
  ])
  expect([parsed.exitCode, executed.exitCode]).toEqual([0, 0])
  expect(server.total).toBe(0)
})

it('runs only the loads that --changed finds', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    {
      'a.spec.ts': plain.replace('import { http', "import './helper.ts'\n import { http"),
      'b.spec.ts': plain.replaceAll('three', 'four'),
      'helper.ts': 'export const helper = 1',
      '.gitignore': 'node_modules\nreport.json\n.vitest-load\n',
    },
    { load: `baseUrl: '${server.url}',`, functional: '' },
  )
  const git = (...command: string[]): Buffer =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...command], { cwd: project.folder })
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '--message', 'first')
  await writeFile(join(project.folder, 'helper.ts'), 'export const helper = 2')
  const { exitCode } = await project.vitest(['run', '--project', 'load', '--changed'])
  expect(exitCode).toBe(0)
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /three': 2 })
})
