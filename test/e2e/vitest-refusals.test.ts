import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, scenario } from 'vitest-load'
  import { path } from './path.ts'
  scenario('visit', { load: { vus: 2, iterations: 4 } }, async () => { await http.get(path()).expect(200) })
`
const files = { 'a.spec.ts': spec, 'path.ts': `export function path() {\n  return '/'\n}\n` }

it('refuses flags that stop or slow the threads, and what Vitest does not know', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(files, { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' })
  const told = async (...flags: string[]): Promise<string | undefined> => {
    const { exitCode, stderr } = await project.vitest(['run', '--project', 'load', ...flags])
    expect(exitCode).toBe(1)
    return /(?:LoadError|CACError): (.+)/.exec(stderr)?.[1]
  }
  expect(await told('--inspect-brk', '--no-file-parallelism')).toBe(
    "The load project 'load' cannot run on 2 threads with --inspect-brk: they would all want the debugger's port. Set LOAD_THREADS=1.",
  )
  expect(await told('--detectAsyncLeaks')).toBe(
    "The load project 'load' cannot run with --detectAsyncLeaks, which tracks every promise and socket and so slows each request. Run it without.",
  )
  expect(await told('--coverage', '--coverage.provider=istanbul')).toBe(
    "The load project 'load' cannot run with coverage by 'istanbul', which changes the code that is measured. Run it without --coverage, or set coverage.provider to 'v8', which leaves load projects alone.",
  )
  expect(await told('--no-threads')).toBe('Unknown option `--threads`')
  expect(server.total).toBe(0)

  const debugged = await project.vitest(['run', '--project', 'load', '--inspect', '--no-file-parallelism'], {
    LOAD_THREADS: '1',
  })
  // The port may be another debugger's.
  expect(debugged.stderr).toMatch(/^(Debugger listening on|Starting inspector on .+ failed: address already in use)/m)
  expect(debugged.exitCode).toBe(0)
  expect(server.total).toBe(4)
})

it('measures coverage in other projects, never in a load', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(files, {
    load: `baseUrl: '${server.url}', threads: 2,`,
    functional: `baseUrl: '${server.url}',`,
  })
  const run = await project.vitest([
    ...'run --project load --project functional --coverage'.split(' '),
    ...'--coverage.include=path.ts --coverage.reporter=json --coverage.reportsDirectory=out'.split(' '),
  ])
  expect(run.exitCode).toBe(0)
  expect(server.total).toBe(5)
  expect(run.stderr).toContain("The load project 'load' runs without coverage, which would slow the load generator.")
  const coverage = JSON.parse(await readFile(join(project.folder, 'out/coverage-final.json'), 'utf8')) as Record<
    string,
    { f: Record<string, number> }
  >
  // Once, by the functional project: the load called it four times.
  expect(Object.values(coverage).map(({ f }) => Object.values(f))).toEqual([[1]])
})
