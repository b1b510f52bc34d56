import { fileURLToPath } from 'node:url'
import { findProgram, generatorCore, runGenerator, usageOf, type Usage } from '../support/children.ts'
import { runSpec } from '../support/fixture.ts'
import { runArtillery } from './artillery.ts'
import { requestsPerIteration, vus, type GeneratorArguments, type GeneratorResult, type Round } from './workloads.ts'

/** What a request took, and all of them together. */
export interface Cost {
  /** CPU time of the generator for each request, user and system, in microseconds. */
  readonly cpuUs: number
  /** The most memory that the generator's processes had, in bytes. */
  readonly peakBytes: number
}

/** A way to send the load. */
export interface Contender {
  readonly name: string
  /** What part of a round's requests it sends; the slowest would take hours with all of them. */
  readonly share: number
  readonly measure: (round: Round) => Promise<Cost>
}

const here = (path: string): URL => new URL(path, import.meta.url)

/** Measures in the generator's own process, after it has warmed up. */
function inProcess(name: string, script: URL, extra: Partial<GeneratorArguments> = {}): Contender {
  const measure = async (round: Round): Promise<Cost> => {
    const result = (await runGenerator(script, [JSON.stringify({ ...round, ...extra })])) as GeneratorResult
    return { cpuUs: (result.cpuMs * 1000) / result.requests, peakBytes: result.peakBytes }
  }
  return { name, share: 1, measure }
}

type Run = (round: Round, iterations: number) => Promise<Usage>

/** Measures whole processes: what more iterations take, so that starting up and warming up are left out. */
function bySlope(name: string, run: Run, share: number = 1): Contender {
  const measure = async (round: Round): Promise<Cost> => {
    const short = await run(round, round.warmup)
    const long = await run(round, round.warmup + round.iterations)
    const requests = round.iterations * requestsPerIteration[round.workload]
    return { cpuUs: ((long.cpuMs - short.cpuMs) * 1000) / requests, peakBytes: long.peakBytes }
  }
  return { name, share, measure }
}

async function runVitest({ workload, url }: Round, iterations: number): Promise<Usage> {
  const size = { LOAD_VUS: String(vus), LOAD_ITERATIONS: String(iterations), LOAD_THREADS: '1' }
  return runSpec(`${workload}.spec.ts`, { LOAD_BASE_URL: url, ...size }, generatorCore)
}

function runK6(k6: string): Run {
  const command = [k6, 'run', '--quiet', fileURLToPath(here('../fixture/k6.js'))]
  return async ({ workload, url }, iterations) => {
    const env = {
      BENCH_WORKLOAD: workload,
      BENCH_URL: url,
      BENCH_ITERATIONS: String(iterations),
      K6_NO_USAGE_REPORT: 'true',
    }
    return usageOf(command, env, generatorCore)
  }
}

/** Those that budgets speak of, by what the tables call them. */
export const names = {
  /** What everything is compared with. */
  bare: 'bare dispatch',
  engine: 'vitest-load engine',
  vitest: 'vitest run, 1 thread',
  k6: 'k6',
  autocannon: 'autocannon, scripted',
} as const

/** Everything that can run on this machine. */
export function createContenders(): readonly Contender[] {
  const k6 = findProgram('k6')
  const autocannon = findProgram('autocannon')
  const artillery = findProgram('artillery')
  return [
    inProcess(names.bare, here('bare.ts')),
    inProcess('bare dispatch, awaited', here('bare.ts'), { awaited: true }),
    inProcess(names.engine, here('engine.ts')),
    bySlope(names.vitest, runVitest),
    ...(k6 === undefined ? [] : [bySlope(names.k6, runK6(k6))]),
    ...(autocannon === undefined ? [] : [inProcess(names.autocannon, here('autocannon.ts'))]),
    ...(artillery === undefined ? [] : [bySlope('Artillery', runArtillery(artillery), 0.1)]),
  ]
}
