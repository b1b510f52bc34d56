import type { RunResult } from '../../src/index.ts'
import { generatorCore, startServer } from '../support/children.ts'
import { markdownTable } from '../support/markdown.ts'
import type { Budget } from '../support/report.ts'
import { percentileOf } from '../support/statistics.ts'
import { runPool } from './pool.ts'

// A server that stalls for 2 s while 200 requests a second are due. Without the stall each takes what the server says.

const load = { rate: 200, duration: '10s' } as const
const percentiles = [50, 90, 99, 100] as const
const toleratedRatio = 0.05
/** Arrivals wait for a timer of a millisecond, and then go to the server and back: as much as that is not the stall's. */
const toleratedMs = 2

/** What a load met, beside what it was to meet. */
interface Stall {
  readonly result: RunResult
  /** What the server took for each request. */
  readonly servedMs: readonly number[]
}

async function runStall(options: { readonly maxVUs?: number }): Promise<Stall> {
  const server = await startServer(new URL('server.ts', import.meta.url))
  try {
    const run = { url: server.url, path: '/stall', load: { ...load, ...options }, threads: 1, core: generatorCore }
    const result = await runPool(run)
    return { result, servedMs: JSON.parse(await server.ask('report')) as number[] }
  } finally {
    await server.stop()
  }
}

/** Figures of a row, in milliseconds, in the order of `percentiles`. */
function latenciesOf({ series }: RunResult): number[] {
  const latency = series.find(({ kind }) => kind === 'iteration')?.latency
  return latency === undefined ? [] : [latency.p50, latency.p90, latency.p99, latency.max].map((us) => us / 1000)
}

function rowOf(name: string, { iterations, verdict }: RunResult, latencies: readonly number[]): string[] {
  const counts = [iterations.started, iterations.dropped].map((count) => count.toLocaleString('en'))
  return [name, ...counts, ...latencies.map((ms) => ms.toFixed(1)), verdict]
}

/** Compares what is reported with what the server did, and with what was never sent. */
export async function measureStall(): Promise<{ section: string; budget: Budget }> {
  const free = await runStall({})
  const bound = await runStall({ maxVUs: 10 })
  const served = free.servedMs.toSorted((left, right) => left - right)
  const truth = percentiles.map((percentile) => percentileOf(served, percentile))
  const ours = latenciesOf(free.result)
  const rows = [
    ['the server', served.length.toLocaleString('en'), '', ...truth.map((ms) => ms.toFixed(1)), ''],
    rowOf('default options', free.result, ours),
    rowOf('maxVUs: 10', bound.result, latenciesOf(bound.result)),
  ]
  const off = ours.map((ms, index) => ms - (truth[index] ?? Number.NaN))
  const isTrue = off.every((ms, index) => Math.abs(ms) <= Math.max(toleratedMs, toleratedRatio * (truth[index] ?? 0)))
  const reasons = free.result.reasons.map((reason) => `\n\nDefault options: ${reason}.`).join('')
  return {
    section: `### A server that stalls for 2 s, 200/s for 10 s\n\n${markdownTable(['', 'sent', 'dropped', 'p50, ms', 'p90', 'p99', 'max', 'verdict'], rows)}${reasons}`,
    budget: {
      order: 60,
      what: 'server that stalls 2 s: p50, p90, p99, max against the truth; verdict, and with maxVUs 10',
      budget: 'within 5 % or 2 ms; valid; invalid',
      measured: `${off.map((ms) => `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(1)}`).join(', ')} ms; ${free.result.verdict}; ${bound.result.verdict}`,
      isMet: isTrue && free.result.verdict === 'pass' && bound.result.verdict === 'invalid',
    },
  }
}
