import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { RunResult } from 'vitest-load'
import { createProject, type Project, type ProjectRun } from './project.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const source = (path: string): string => JSON.stringify(join(repository, path))

/** The twelve; in the mix there are three at once. */
const scenarios = [
  'authentication',
  'browsing',
  'cart operations',
  'error handling',
  'health',
  'order management',
  'response variations',
  'search and filter',
  'shopping flow',
  'streaming',
  'stress',
  'visitors who browse',
  'visitors who buy',
  'visitors who search',
]

/** Nothing fails but what is made again: each iteration is told once to come later. */
const failures: Readonly<Record<string, [category: string, count: number][]>> = { 'error handling': [['http_4xx', 16]] }

/** The library with a pencil: a functional run leaves no result that would tell its steps and checks. */
const noting = `
import { appendFileSync } from 'node:fs'
import * as library from ${source('src/index.ts')}
import { currentFrame } from ${source('src/session/current.ts')}
export * from ${source('src/index.ts')}

function note(kind, name = '') {
  const { path, session } = currentFrame()
  appendFileSync('noted.jsonl', JSON.stringify({ scenario: session.scenario, text: [kind, path, name].join(' ') }) + '\\n')
}
export const step = (name, fn) => library.step(name, () => {
  note('step')
  return fn()
})
export const check = (name, condition) => {
  note('check', name)
  return library.check(name, condition)
}
export const scenario = (name, options, body) =>
  library.scenario(name, options, (context) => body({ ...context, step, check }))
`

const store = `
  include: ['specs/store/*.spec.ts'],
  globalSetup: './examples/store/global-setup.ts',
  baseUrl: { inject: 'storeUrl' },
`
const projects = {
  functional: `${store} config: { resolve: { alias: { 'vitest-load': new URL('./noting.ts', import.meta.url).pathname } } },`,
  // How busy this machine is is not the question here.
  load: `${store} threads: 1, validity: { eventLoopDelay: false },`,
  others: `loadProject({
    name: 'offline', include: ['specs/store/*.spec.ts'], offline: './examples/store/handlers.ts',
  }),`,
}
/** Whatever the load of a scenario is: so many iterations of this seed are the same ones wherever they run. */
const intensity = { LOAD_SEED: '20261121', LOAD_VUS: '8', LOAD_ITERATIONS: '16' }

/** Twelve specs, each in a thread of its own, on a machine that is busy. */
const runLimitMs = 180_000
const limits = { timeout: 3 * runLimitMs }

/** What a run of a scenario consisted of, a line for each kind of thing. */
type Described = ReadonlyMap<string, readonly string[]>

async function createStoreProject(): Promise<Project> {
  const project = await createProject({ 'noting.ts': noting }, projects)
  for (const folder of ['specs/store', 'examples/store'])
    await cp(join(repository, folder), join(project.folder, folder), { recursive: true })
  const specs = join(project.folder, 'specs/store')
  for (const name of await readdir(specs)) {
    const text = await readFile(join(specs, name), 'utf8')
    if (name.endsWith('.spec.ts')) await writeFile(join(specs, name), relaxed(text))
  }
  return project
}

/** A spec whose objectives any machine meets: how quick this one is just now is not the question here. */
function relaxed(text: string): string {
  return text
    .replaceAll(/toBeBelow\('[\d.]+m?s'/g, "toBeBelow('1m'")
    .replaceAll(/toBeBetween\('[\d.]+m?s', '[\d.]+m?s'/g, "toBeBetween('1ms', '1m'")
    .replaceAll(/toBeAbove\('[\d.]+\/s'/g, "toBeAbove('0.01/s'")
}

async function run(project: Project, name: string): Promise<ProjectRun> {
  const ended = await project.vitest(['run', '--project', name], intensity, undefined, runLimitMs)
  const failed = Array.from(ended.tests, ([test, { status, messages }]) => ({ test, status, messages }))
  expect(failed.filter(({ status }) => status !== 'passed')).toEqual([])
  expect(ended.exitCode, ended.stderr).toBe(0)
  return ended
}

function readNotes(text: string): Described {
  const noted = new Map<string, string[]>()
  for (const line of text.trim().split('\n')) {
    if (line === '') continue
    const { scenario, text: note } = JSON.parse(line) as { scenario: string; text: string }
    const notes = noted.get(scenario) ?? []
    noted.set(scenario, notes.includes(note) ? notes : [...notes, note].toSorted())
  }
  return noted
}

/** As the functional run notes it: what was there, however often. */
function namesOf({ series, checks }: RunResult): string[] {
  const steps = series.filter(({ kind }) => kind === 'step').map(({ name }) => `step ${name} `)
  return [...steps, ...checks.map(({ name, step }) => `check ${step} ${name}`)].toSorted()
}

/** What may not depend on who answers. */
function report({ iterations, requests, series, checks, errors, slos }: RunResult): object {
  const { perSecond: _iterations, ...iterationCounts } = iterations
  const { perSecond: _requests, ...requestCounts } = requests
  const rows = series.map(({ kind, name, ok, failed, aborted }) => `${kind} ${name}: ${ok}, ${failed}, ${aborted}`)
  return {
    iterationCounts,
    requestCounts,
    series: rows.toSorted(),
    checks: checks.map((check) => `${check.step} ${check.name}: ${check.passed}, ${check.failed}`).toSorted(),
    categories: errors.map(({ category, count }) => `${category}: ${count}`).toSorted(),
    slos: slos.map(({ slo }) => slo.id).toSorted(),
  }
}

it('runs the twelve scenarios as tests, as load and offline, and reports the same', limits, async () => {
  const project = await createStoreProject()
  const functional = await run(project, 'functional')
  const noted = readNotes(await readFile(join(project.folder, 'noted.jsonl'), 'utf8'))
  const load = await run(project, 'load')
  const offline = await run(project, 'offline')

  expect([...functional.tests.values()].map(({ status }) => status)).toEqual(scenarios.map(() => 'passed'))
  expect([...load.results.keys()].toSorted()).toEqual(scenarios)
  expect([...offline.results.keys()].toSorted()).toEqual(scenarios)
  for (const name of scenarios) {
    const [served, mocked] = [load.results.get(name), offline.results.get(name)]
    if (served === undefined || mocked === undefined) expect.fail(`no result of ${name}`)
    expect([served.verdict, mocked.verdict], name).toEqual(['pass', 'pass'])
    expect([served.offline, mocked.offline], name).toEqual([undefined, './examples/store/handlers.ts'])
    expect(report(mocked), name).toEqual(report(served))
    expect(
      served.errors.map(({ category, count }) => [category, count]),
      name,
    ).toEqual(failures[name] ?? [])
    expect(namesOf(served), name).toEqual(noted.get(name))
  }
})
