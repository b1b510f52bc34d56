import type { RunResult } from '../../src/index.ts'
import { runGenerator, startServer, type RunningServer } from '../support/children.ts'
import { markdownTable } from '../support/markdown.ts'
import { profileGenerator } from '../support/profile.ts'
import type { Budget } from '../support/report.ts'
import { spreadOf } from '../support/statistics.ts'
import type { ArrivalsArguments, ArrivalsResult } from './generator.ts'
import { runPool } from './pool.ts'

/** Where a rate comes from. */
export interface RateCase {
  /** The engine on a core of its own, or everything as a user runs it, wherever there is room. */
  readonly way: 'engine' | 'vitest run'
  readonly threads: number
  readonly ratePerSecond: number
  /** Further fields of the load. */
  readonly fields?: { readonly maxVUs?: number; readonly timer?: 'coarse' | 'precise' }
}

/** What one run came to. Times in milliseconds. */
interface RateSample {
  readonly planned: number
  readonly started: number
  readonly lagP50: number
  /** Of all arrivals, and without those of the first second, in which code is compiled. */
  readonly lagP99: number
  readonly steadyLagP99: number
  /** CPU time of the engine for each request, in microseconds; NaN where there is more than the engine. */
  readonly cpuUs: number
  /** `–` where nobody judged. */
  readonly verdict: string
  readonly reasons: readonly string[]
}

const here = (path: string): URL => new URL(path, import.meta.url)

async function sampleOnce({ way, threads, ratePerSecond, fields }: RateCase, seconds: number): Promise<RateSample> {
  const server = await startServer(here('../http/server.ts'))
  const load = { rate: ratePerSecond, duration: `${seconds}s`, ...fields }
  try {
    if (way === 'engine') return await sampleEngine(server, load)
    return fromResult(await runPool({ url: server.url, path: '/health', load, threads }))
  } finally {
    await server.stop()
  }
}

async function sampleEngine({ url }: RunningServer, load: ArrivalsArguments['load']): Promise<RateSample> {
  const told: ArrivalsArguments = { url, path: '/health', load }
  const { started, dropped, lag, cpuUs } = (await runGenerator(here('generator.ts'), [
    JSON.stringify(told),
  ])) as ArrivalsResult
  return {
    planned: started + dropped,
    started,
    lagP50: lag.p50,
    lagP99: lag.p99,
    steadyLagP99: lag.steadyP99,
    cpuUs,
    verdict: '–',
    reasons: [],
  }
}

function fromResult({ iterations, series, verdict, reasons }: RunResult): RateSample {
  const phases = series.find(({ kind }) => kind === 'iteration')?.phases
  const ms = (us: number | undefined): number => (us ?? Number.NaN) / 1000
  return {
    planned: iterations.planned ?? Number.NaN,
    started: iterations.started,
    lagP50: ms(phases?.['start_lag']?.p50),
    lagP99: ms(phases?.['start_lag']?.p99),
    steadyLagP99: ms(phases?.['steady_start_lag']?.p99),
    cpuUs: Number.NaN,
    verdict,
    reasons,
  }
}

/** Runs every case once per round, in turn. */
export async function sampleRates(
  cases: readonly RateCase[],
  rounds: number,
  seconds: number,
): Promise<ReadonlyMap<RateCase, readonly RateSample[]>> {
  const samples = new Map<RateCase, RateSample[]>(cases.map((one) => [one, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const [one, values] of samples) {
      const sample = await sampleOnce(one, seconds)
      values.push(sample)
      console.error(`round ${round}: ${describeCase(one)}: ${JSON.stringify(sample)}`)
    }
  }
  return samples
}

function describeCase({ way, threads, ratePerSecond, fields = {} }: RateCase): string {
  const more = Object.entries(fields).map(([name, value]) => `, ${name} ${value}`)
  return `${ratePerSecond.toLocaleString('en')}/s, ${way}, ${threads} thread${threads === 1 ? '' : 's'}${more.join('')}`
}

const medianOf = (samples: readonly RateSample[], of: (sample: RateSample) => number): number =>
  spreadOf(samples.map(of)).median

function deliveredShare(samples: readonly RateSample[]): number {
  return Math.min(...samples.map(({ started, planned }) => started / planned))
}

/** A row for each case. */
export function renderRates(all: ReadonlyMap<RateCase, readonly RateSample[]>): string {
  const rows = [...all].map(([one, samples]) => [
    describeCase(one),
    (samples[0]?.planned ?? 0).toLocaleString('en'),
    `${(deliveredShare(samples) * 100).toFixed(2)} %`,
    ...[
      medianOf(samples, (sample) => sample.lagP50),
      medianOf(samples, (sample) => sample.lagP99),
      medianOf(samples, (sample) => sample.steadyLagP99),
    ].map((ms) => ms.toFixed(2)),
    one.way === 'engine' ? medianOf(samples, (sample) => sample.cpuUs).toFixed(0) : '–',
    [...new Set(samples.map(({ verdict }) => verdict))].join(', '),
  ])
  const head = ['rate', 'planned', 'least delivered', 'lag p50, ms', 'p99', 'p99 after 1 s', 'CPU µs each', 'verdict']
  const reasons = [...new Set([...all.values()].flat().flatMap((sample) => sample.reasons))]
  const told = reasons.length === 0 ? '' : `\n\n${reasons.map((reason) => `- ${reason}`).join('\n')}`
  return `${markdownTable(head, rows)}${told}`
}

/** Where the time of the engine goes at a rate. */
export async function profileRate(ratePerSecond: number, seconds: number): Promise<string> {
  const server = await startServer(here('../http/server.ts'))
  const load = { rate: ratePerSecond, duration: `${seconds}s` }
  const told: ArrivalsArguments = { url: server.url, path: '/health', load }
  try {
    return await profileGenerator(here('generator.ts'), [JSON.stringify(told)])
  } finally {
    await server.stop()
  }
}

/** The budgets that a case has. */
export function judgeRate(one: RateCase, samples: readonly RateSample[]): Budget[] {
  const share = deliveredShare(samples)
  const [p50, p99] = [medianOf(samples, (sample) => sample.lagP50), medianOf(samples, (sample) => sample.steadyLagP99)]
  const measured = `${(share * 100).toFixed(2)} %, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms after the first second`
  const what = `open loop, ${describeCase(one)}`
  if (one.fields !== undefined) return []
  if (one.ratePerSecond === 5000) {
    const order = one.way === 'engine' ? 50 : 51
    const budget = 'all delivered, start lag p50 ≤ 1 ms, p99 ≤ 5 ms'
    return [{ order, what, budget, measured, isMet: share === 1 && p50 <= 1 && p99 <= 5 }]
  }
  if (one.way === 'engine') return []
  const isHonest = samples.every(
    ({ started, planned, verdict, reasons }) =>
      (verdict === 'pass' && started / planned >= 0.99) ||
      (verdict === 'invalid' && reasons.some((reason) => /Use more (?:threads|machines)/.test(reason))),
  )
  const verdicts = samples.map(({ verdict }) => verdict).join(', ')
  const budget = '≥ 99 % delivered and pass, or invalid with the advice to use more threads or machines'
  return [{ order: 52, what, budget, measured: `${measured}; ${verdicts}`, isMet: isHonest }]
}
