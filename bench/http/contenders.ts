import { fileURLToPath } from 'node:url'
import { cpuTimeOf, findProgram, generatorCore, runGenerator } from '../support/children.ts'
import { runSpec } from '../support/fixture.ts'
import { requestsPerIteration, vus, type GeneratorArguments, type GeneratorResult, type Workload } from './workloads.ts'

/** One round's work. */
export interface Round {
  readonly workload: Workload
  readonly url: string
  /** Iterations to warm up with, and to measure. */
  readonly warmup: number
  readonly iterations: number
}

/** A way to send the load. */
export interface Contender {
  readonly name: string
  /** Gives the CPU time of the generator for each request, user and system, in microseconds. */
  readonly measure: (round: Round) => Promise<number>
}

const here = (path: string): URL => new URL(path, import.meta.url)

/** Measures in the generator's own process, after it has warmed up. */
function inProcess(name: string, script: URL, extra: Partial<GeneratorArguments> = {}): Contender {
  const measure = async (round: Round): Promise<number> => {
    const result = (await runGenerator(script, [JSON.stringify({ ...round, ...extra })])) as GeneratorResult
    return (result.cpuMs * 1000) / result.requests
  }
  return { name, measure }
}

type Run = (round: Round, iterations: number) => Promise<number>

/** Measures whole processes: what more iterations take, so that starting up and warming up are left out. */
function bySlope(name: string, run: Run): Contender {
  const measure = async (round: Round): Promise<number> => {
    const short = await run(round, round.warmup)
    const long = await run(round, round.warmup + round.iterations)
    return ((long - short) * 1000) / (round.iterations * requestsPerIteration[round.workload])
  }
  return { name, measure }
}

async function runVitest({ workload, url }: Round, iterations: number): Promise<number> {
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
    return cpuTimeOf(command, env, generatorCore)
  }
}

/** Name of what everything is compared with. */
export const baseline = 'bare dispatch'

/** Everything that can run on this machine. */
export function createContenders(): readonly Contender[] {
  const k6 = findProgram('k6')
  const autocannon = findProgram('autocannon')
  return [
    inProcess(baseline, here('bare.ts')),
    inProcess('bare dispatch, awaited', here('bare.ts'), { awaited: true }),
    inProcess('vitest-load engine', here('engine.ts')),
    bySlope('vitest run, 1 thread', runVitest),
    ...(k6 === undefined ? [] : [bySlope('k6', runK6(k6))]),
    ...(autocannon === undefined ? [] : [inProcess('autocannon, scripted', here('autocannon.ts'))]),
  ]
}
