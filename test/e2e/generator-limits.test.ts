import { spawn, spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clearTimeout, setTimeout } from 'node:timers'
import { fileURLToPath } from 'node:url'
import type { RunResult } from 'vitest-load'
import { describe, expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject, type Project } from './project.ts'

const vitestCli = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
/** A run that takes longer hangs. */
const limitMs = 40_000

/**
 * Takes every handle that is left, so that neither a socket nor the look-up of a name gets one. On one thread: another one
 * might still be loading the spec. After a request: the first one loads what it needs.
 */
const namesSpec = `
  import { closeSync, openSync } from 'node:fs'
  import { expectErrorRate, http, scenario } from 'vitest-load'
  const taken = []
  const before = async () => {
    await http.get('/')
    for (;;) try { taken.push(openSync('/dev/null')) } catch { return }
  }
  const after = () => { for (const handle of taken.splice(0)) closeSync(handle) }
  const names = scenario('names', { load: { vus: 2, iterationsPerVU: 3 }, before, after }, async () => {
    await http.get('http://nothing.invalid/').catch(() => {})
    await http.get('/')
  })
  expectErrorRate(names).toBeBelow('1%')
`

/** More users, each with a connection of its own, than there are handles or ports; for longer than a report takes. */
const usersSpec = `
  import { createServer } from 'node:http'
  import { inject } from 'vitest'
  import { expectLatency, http, scenario, think } from 'vitest-load'
  let server
  const before = () => new Promise((resolve) => {
    const port = inject('port')
    if (port === 0) return resolve()
    server = createServer({ keepAliveTimeout: 60_000 }, (_, response) => response.end()).listen(port, '127.0.0.1', () => resolve())
  })
  const after = () => { server?.close(); server?.closeAllConnections() }
  const users = scenario('users', { load: { vus: 300, iterationsPerVU: 2 }, before, after }, async () => {
    await http.get('/').catch(() => {})
    await think('600ms')
  })
  expectLatency(users).p(95).toBeBelow('1us')
`

/** In a network of its own, with a hundred ports to connect from. */
const fewPorts = ['unshare', '-rn', 'bash', '-ec']
const narrow = 'ip link set lo up; echo "40000 40099" > /proc/sys/net/ipv4/ip_local_port_range'

describe('a load generator that runs out', () => {
  it('of file handles makes its runs invalid', async () => {
    const server = await startServer((_, response) => json(response, {}))
    const load = `baseUrl: '${server.url}', targets: ['http://nothing.invalid'], threads: 1, config: { test: { provide: { port: 0 } } },`
    const project = await createProject(
      { 'names.spec.ts': namesSpec, 'users.spec.ts': usersSpec },
      { load, functional: '' },
    )
    const run = await runUnder(['bash', '-ec', 'ulimit -n 200; exec "$0" "$@"'], project)
    expect(run.output).not.toContain('Unhandled')
    expect(run.exitCode).toBe(1)
    expect(run.statuses).toEqual({
      'names load': 'failed',
      'names error rate': 'skipped',
      'users load': 'failed',
      'users p(95)': 'skipped',
    })
    // Nothing could be written while the handles were taken, and the report says that.
    expect([...run.results.keys()]).toEqual(['users'])
    expect(run.output).toMatch(/not written to .*too many open files \(EMFILE\)/)
    expect(run.output).toContain("The load of 'names' is invalid")
    expect(run.output).not.toContain('ENOTFOUND')

    // All but the one of the hook.
    const answered = server.total - 1
    const users = run.results.get('users')
    expect(users?.iterations).toMatchObject({ started: 600, aborted: 0, dropped: 0 })
    expect(users?.requests).toMatchObject({ started: 600, ok: answered, failed: 600 - answered, aborted: 0 })
    expectInvalid(users, 600 - answered, 'this process has no file handles left (ulimit -n) (EMFILE)')
  })

  it('of ports makes its run invalid', async (context) => {
    const [command = '', ...rest] = fewPorts
    const probe = spawnSync(command, [...rest, narrow])
    context.skip(probe.status !== 0, 'this machine lets nobody make a network of his own (unshare, ip)')
    const port = 8080
    const load = `baseUrl: 'http://127.0.0.1:${port}', threads: 2, config: { test: { provide: { port: ${port} } } },`
    const project = await createProject({ 'users.spec.ts': usersSpec }, { load, functional: '' })
    const run = await runUnder([...fewPorts, `${narrow}; exec "$0" "$@"`], project)
    expect(run.output).not.toContain('Unhandled')
    expect(run.exitCode).toBe(1)
    expect(run.statuses).toEqual({ 'users load': 'failed', 'users p(95)': 'skipped' })

    const users = run.results.get('users')
    expect(users?.requests).toMatchObject({ started: 600, ok: 200, failed: 400, aborted: 0 })
    expectInvalid(users, 400, 'this machine has no local ports left (EADDRNOTAVAIL)')
  })
})

function expectInvalid(result: RunResult | undefined, failures: number, message: string): void {
  expect(failures).toBeGreaterThan(0)
  expect(result?.verdict).toBe('invalid')
  expect(result?.errors).toMatchObject([{ category: 'generator', message, request: 'GET /', count: failures }])
  expect(result?.reasons[0]).toContain(`${message}. Lower the number of virtual users or raise the machine's limits`)
  expect(result?.slos.map(({ status }) => status)).toEqual(['skipped', 'skipped'])
}

interface LimitedRun {
  readonly exitCode: number | null
  /** Standard output and error, as they came. */
  readonly output: string
  readonly results: ReadonlyMap<string, RunResult>
  readonly statuses: Readonly<Record<string, string>>
}

/** Runs a project's load by a command that takes means away from it. */
async function runUnder([command = '', ...rest]: readonly string[], project: Project): Promise<LimitedRun> {
  const report = join(project.folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const child = spawn(command, [...rest, process.execPath, vitestCli, 'run', '--project', 'load', ...reporters], {
    cwd: project.folder,
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  }
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearTimeout(timer)
  return { exitCode, output, results: await readResults(project.folder), statuses: await readStatuses(report) }
}

async function readResults(folder: string): Promise<Map<string, RunResult>> {
  const results = join(folder, '.vitest-load/results')
  const names = await readdir(results).catch(() => [])
  const texts = names.map((name) => readFile(join(results, name), 'utf8'))
  const all = (await Promise.all(texts)).map((text) => JSON.parse(text) as RunResult)
  return new Map(all.map((result) => [result.scenario, result]))
}

interface JsonReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

async function readStatuses(path: string): Promise<Record<string, string>> {
  const { testResults } = JSON.parse(await readFile(path, 'utf8')) as JsonReport
  const cases = testResults.flatMap((file) => file.assertionResults)
  return Object.fromEntries(cases.map(({ fullName, status }) => [fullName, status]))
}
