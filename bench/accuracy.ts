import { parseArgs } from 'node:util'
import type { LoadOptions, RunResult } from '../src/index.ts'
import { routes, type ServerLog } from './accuracy/routes.ts'
import { startServer, type RunningServer } from './support/children.ts'
import { removeResults, runSpec, takeResult } from './support/fixture.ts'
import { toleratedLoad, waitForQuiet, watchMachine } from './support/machine-load.ts'
import { describeMachine, markdownTable } from './support/markdown.ts'
import { percentileOf } from './support/statistics.ts'

const { values: flags } = parseArgs({
  options: {
    vus: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '6' },
    threads: { type: 'string', multiple: true, default: ['1', '2', '4'] },
    seed: { type: 'string', default: '1' },
    /** How often a run is made while the machine is busy with other things. */
    attempts: { type: 'string', default: '5' },
    /** How many seconds to wait for a quiet machine before each. */
    patience: { type: 'string', default: '60' },
  },
})

/** One run under load, with what both sides have seen of it. */
interface Observed {
  readonly name: string
  /** Part of the machine that other processes took. */
  readonly othersRatio: number
  readonly result: RunResult
  readonly log: ServerLog
}

/** Rows of a table; the last cell of each is its verdict. */
type Comparison = readonly string[][]

const percentiles = [50, 95, 99] as const
const toleratedRatio = 0.02
const toleratedMs = 1

const vus = Number(flags.vus)
const seconds = Number(flags.seconds)
/** About as many iterations as the users manage in that time. */
const iterationsPerVU = seconds * 20
const loads: Readonly<Record<string, LoadOptions>> = {
  'constant-vus': { vus, duration: `${seconds}s` },
  'per-vu-iterations': { vus, iterationsPerVU },
}

/**
 * Runs a load, and again while other processes take too much of the machine: what takes the generator's core for some
 * milliseconds delays what it sees. Whether a run counts never depends on its figures.
 */
async function observe(server: RunningServer, executor: string, load: LoadOptions, threads: string): Promise<Observed> {
  const name = `${executor}, ${threads} thread${threads === '1' ? '' : 's'}`
  const env = { LOAD_BASE_URL: server.url, LOAD_THREADS: threads, BENCH_LOAD: JSON.stringify(load) }
  for (let attempt = 1; ; attempt++) {
    await waitForQuiet(Number(flags.patience) * 1000)
    const others = watchMachine()
    const generator = await runSpec('accuracy.spec.ts', env)
    const log = JSON.parse(await server.ask('report')) as ServerLog
    const othersRatio = others(generator.cpuMs + log.cpuMs)
    console.error(`${name}: others took ${(othersRatio * 100).toFixed(1)} % of the machine`)
    const result = await takeResult()
    if (othersRatio <= toleratedLoad || attempt >= Number(flags.attempts)) return { name, othersRatio, log, result }
  }
}

/** Writes a difference in milliseconds, with a mark when it is over both tolerances. */
function difference(oursUs: number, truthMs: number): { text: string; passed: boolean } {
  const ms = oursUs / 1000 - truthMs
  const passed = Math.abs(ms) <= Math.max(toleratedMs, toleratedRatio * truthMs)
  return { text: `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(2)}${passed ? '' : ' !'}`, passed }
}

/** On a busy machine both sides are late, the tolerances with them: neither a pass nor a failure says anything. */
function verdictOf(passed: boolean, othersRatio: number): string {
  if (othersRatio > toleratedLoad) return 'NOISY'
  return passed ? 'PASS' : 'FAIL'
}

function compareTimes({ name, othersRatio, result, log }: Observed): Comparison {
  return routes.flatMap((route) => {
    const series = result.series.find((candidate) => candidate.kind === 'request' && candidate.name === route.name)
    const truth = (log.routes[route.name]?.serviceMs ?? []).toSorted((left, right) => left - right)
    return percentiles.map((percentile) => {
      const truthMs = percentileOf(truth, percentile)
      const service = difference(series?.service?.[`p${percentile}`] ?? Number.NaN, truthMs)
      const response = difference(series?.latency[`p${percentile}`] ?? Number.NaN, truthMs)
      return [
        `${name}: ${route.name}`,
        `p${percentile}`,
        truthMs.toFixed(2),
        service.text,
        response.text,
        verdictOf(service.passed && response.passed, othersRatio),
      ]
    })
  })
}

function compareCounts({ name, result, log }: Observed): Comparison {
  const counts: [what: string, ours: number | undefined, server: number | undefined][] = routes.map((route) => [
    route.name,
    result.series.find((series) => series.kind === 'request' && series.name === route.name)?.ok,
    log.routes[route.name]?.serviceMs.length,
  ])
  const total = Object.values(log.routes).reduce((sum, route) => sum + route.serviceMs.length, 0)
  counts.push(
    ['requests', result.requests.started, total],
    ['iterations', result.iterations.ok, total / routes.length],
    ['connections', result.connections.opened, log.connections],
    ['bytes sent', result.bytes.sent, log.bytesReceived],
    ['bytes received', result.bytes.received, log.bytesSent],
  )
  return counts.map(([what, ours, server]) => [
    `${name}: ${what}`,
    String(server),
    String(ours),
    ours === server ? 'PASS' : 'FAIL',
  ])
}

function summarise(comparison: Comparison): string {
  const verdicts = comparison.map((row) => row.at(-1))
  const count = (verdict: string): number => verdicts.filter((candidate) => candidate === verdict).length
  const result = count('FAIL') > 0 ? 'FAIL' : count('NOISY') > 0 ? 'INCONCLUSIVE' : 'PASS'
  return `${result}: ${count('PASS')} passed, ${count('FAIL')} failed, ${count('NOISY')} on a machine too busy to tell`
}

await removeResults()
const server = await startServer(new URL('accuracy/server.ts', import.meta.url), [flags.seed])
try {
  const observed: Observed[] = []
  for (const threads of flags.threads) {
    for (const [executor, load] of Object.entries(loads)) observed.push(await observe(server, executor, load, threads))
  }
  const times = observed.flatMap(compareTimes)
  const counts = observed.flatMap(compareCounts)
  const timeHead = ['run: request', 'figure', 'server ms', 'service', 'response', 'verdict']
  console.log(`### Times\n\n${markdownTable(timeHead, times)}\n`)
  console.log(`### Counts\n\n${markdownTable(['run: what', 'server', 'vitest-load', 'verdict'], counts)}\n`)
  console.log(`${describeMachine()}; ${vus} VUs, seed ${flags.seed}.`)
  const verdict = summarise([...times, ...counts])
  console.log(verdict)
  process.exitCode = verdict.startsWith('PASS') ? 0 : 1
} finally {
  await server.stop()
  await removeResults()
}
