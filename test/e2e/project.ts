import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { RunResult } from 'vitest-load'

const repository = fileURLToPath(new URL('../../', import.meta.url))
/** Vitest starts in two thirds of the time when what it is made of is compiled already. */
export const compileCache: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: join(repository, 'node_modules/.cache/e2e'),
}
const vitestCli = join(repository, 'node_modules/vitest/vitest.mjs')
/** A run that takes longer hangs, also on a machine with much else to do, unless a test says otherwise. */
const defaultLimitMs = 90_000

/** What a Vitest run in a project of its own came to. */
export interface ProjectRun {
  readonly exitCode: number | null
  /** Standard output without colours. */
  readonly stdout: string
  readonly stderr: string
  /** The full results, by name of the scenario. */
  readonly results: ReadonlyMap<string, RunResult>
  /** State of each test by its full name, as Vitest's own json reporter tells it. */
  readonly tests: ReadonlyMap<string, VitestCase>
}

/** A test case in Vitest's json report. */
export interface VitestCase {
  readonly status: string
  readonly messages: readonly string[]
  readonly meta: Readonly<Record<string, unknown>>
}

/** Hears what a Vitest run prints, and may send it signals. */
export type OutputListener = (output: string, send: (signal: NodeJS.Signals) => void) => void

/** A project in a temporary folder that uses this package from its source. */
export class Project {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Runs Vitest in the project, with an environment that nothing of the outer run leaks into. */
  async vitest(
    flags: readonly string[],
    variables: Readonly<Record<string, string>> = {},
    onOutput: OutputListener = () => {},
    limitMs: number = defaultLimitMs,
  ): Promise<ProjectRun> {
    const report = join(this.folder, 'report.json')
    await rm(report, { force: true })
    // A replay looks its failure up in the results of the run before.
    if (variables['LOAD_REPLAY'] === undefined)
      await rm(join(this.folder, '.vitest-load'), { recursive: true, force: true })
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const ended = await this.#spawn([vitestCli, ...flags, ...reporters], variables, onOutput, limitMs)
    return { ...ended, results: await readResults(this.folder), tests: await readReport(report) }
  }

  async #spawn(
    command: readonly string[],
    variables: Readonly<Record<string, string>>,
    onOutput: OutputListener,
    limitMs: number,
  ): Promise<Pick<ProjectRun, 'exitCode' | 'stdout' | 'stderr'>> {
    const child = spawn(process.execPath, command, {
      cwd: this.folder,
      env: { ...cleanEnvironment(), ...compileCache, NO_COLOR: '1', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    let stdout = ''
    let stderr = ''
    const listen = (): void => onOutput(stdout + stderr, (signal) => child.kill(signal))
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
      listen()
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
      listen()
    })
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
    clearTimeout(timer)
    return { exitCode, stdout, stderr }
  }
}

/** Writes a project. `load` and `functional` are options of its two projects, `others` further projects, as source text. */
export async function createProject(
  files: Readonly<Record<string, string>>,
  options: { readonly load?: string; readonly functional?: string; readonly others?: string } = {},
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'vitest-load-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'))
  const all = {
    'package.json': '{ "type": "module", "private": true }',
    'vitest.config.ts': configOf(options),
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return new Project(folder)
}

function configOf({
  load = '',
  functional = load,
  others = '',
}: {
  load?: string
  functional?: string
  others?: string
}): string {
  const source = (path: string): string => JSON.stringify(join(repository, path))
  return `
    import { defineConfig } from 'vitest/config'
    import { functionalProject, loadProject } from ${source('src/config.ts')}
    const alias = { 'vitest-load': ${source('src/index.ts')} }
    export default defineConfig({
      // What Vitest remembers of a run changes the order of the next one's files.
      cacheDir: './.cache',
      resolve: { alias },
      test: { projects: [
        functionalProject({ include: ['*.spec.ts'], ${functional} }),
        loadProject({ include: ['*.spec.ts'], ${load} }),
        ${others}
      ] },
    })
  `
}

/** Variables of the outer run that would change an inner one: Vitest's, this package's, colours and CI. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign =
    /^(VITEST|LOAD|VITE_|NODE_V8|NODE_COMPILE|NODE_OPTIONS|CI$|GITHUB_|FORCE_|NO_COLOR|TEST$|NODE_ENV|MODE$|DEV$|PROD$|SSR$|BASE_URL|COLUMNS|TERM)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}

async function readResults(folder: string): Promise<Map<string, RunResult>> {
  const results = join(folder, '.vitest-load/results')
  const names = await readdir(results).catch(() => [])
  const all = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(results, name), 'utf8')) as RunResult),
  )
  return new Map(all.map((result) => [result.scenario, result]))
}

interface JsonReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[] | null
      readonly meta: Readonly<Record<string, unknown>>
    }[]
  }[]
}

async function readReport(path: string): Promise<Map<string, VitestCase>> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return new Map()
  const cases = (JSON.parse(text) as JsonReport).testResults.flatMap((file) => file.assertionResults)
  return new Map(
    cases.map((test) => [
      test.fullName,
      { status: test.status, messages: test.failureMessages ?? [], meta: test.meta },
    ]),
  )
}
