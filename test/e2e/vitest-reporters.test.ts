import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject, type Project } from './project.ts'
import { VitestProcess } from './vitest-process.ts'

const spec = `
  import { expectLatency, http, scenario } from 'vitest-load'
  const shopping = scenario('shopping', { load: { vus: 2, iterations: 4 } }, async () => {
    console.log('noise of a body')
    await http.get('/').expect(200)
  })
  expectLatency(shopping).p(95).toBeBelow('1us')
`

async function shop(): Promise<Project> {
  const server = await startServer((_request, response) => json(response, {}))
  return createProject({ 'a.spec.ts': spec }, { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' })
}

it('tells an objective that failed to every reporter, and the figures to those that carry them', async () => {
  const project = await shop()
  const reporters = ['junit', 'blob', 'html', 'github-actions', 'dot', 'minimal', 'verbose', 'tree', 'agent']
  const run = await project.vitest([
    ...'run --project load --silent'.split(' '),
    ...reporters.map((name) => `--reporter=${name}`),
    ...['junit', 'blob'].map((name) => `--outputFile.${name}=out/${name}`),
  ])
  const read = async (name: string): Promise<string> => readFile(join(project.folder, 'out', name), 'utf8')
  expect(run.exitCode).toBe(1)
  expect(run.tests.get('shopping load')?.meta['load']).toMatchObject({ scenario: 'shopping', verdict: 'fail' })
  expect(run.tests.get('shopping p(95)')?.messages[0]).toMatch(/p\(95\) was .+ over the limit of 1 µs/)
  expect(await read('junit')).toMatch(/<testcase .*name="shopping &gt; p\(95\)"[^]+?<failure message="p\(95\) was /)
  expect(await read('blob')).toContain('"verdict"')
  const page = gunzipSync(await readFile(join(project.folder, '.vitest/ui/html.meta.json.gz'))).toString()
  expect(page).toContain('"verdict"')
  expect(page).toMatch(/p\(95\) was .+ over the limit of 1 µs/)
  expect(run.stdout).toMatch(/::error file=.+a\.spec\.ts.*p\(95\)/)
  expect(run.stdout.match(/FAIL {2}shopping: 1 of 2 SLOs breached/g)).toHaveLength(1)
  expect(run.stdout).not.toContain('noise of a body')
})

it('leaves standard output to a reporter that prints for programs', async () => {
  const project = await shop()
  const tap = new VitestProcess(project, ['run', '--project', 'load', '--silent', '--reporter=tap'])
  expect(await tap.exit()).toBe(1)
  expect(tap.stdout).toMatch(/^TAP version 13\n[^]+ not ok 2 - p\(95\)/)
  expect(tap.stdout).not.toContain('SLOs')
  expect(tap.stderr).toContain('FAIL  shopping: 1 of 2 SLOs breached')

  const config = join(project.folder, 'vitest.config.ts')
  const text = await readFile(config, 'utf8')
  await writeFile(config, text.replace('test: { projects', "test: { reporters: [['json', { stdout: true }]], projects"))
  const printed = new VitestProcess(project, ['run', '--project', 'load', '--silent'])
  expect(await printed.exit()).toBe(1)
  expect(JSON.parse(printed.stdout)).toMatchObject({ numFailedTests: 1, numPassedTests: 1 })
  expect(printed.stderr).toContain('FAIL  shopping: 1 of 2 SLOs breached')
})
