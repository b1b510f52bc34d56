import type { Exemplar } from '../metrics/error-table.ts'
import type { LatencySummary } from '../metrics/histogram.ts'
import type { ErrorCategory } from '../shared/error-category.ts'
import type { SloOutcome } from '../slo/model.ts'
import type { CapacityResult } from './capacity-result.ts'
import type { ConnectionPoint, OriginResult } from './connection-totals.ts'
import { fitLists, type Ranks } from './fit-lists.ts'
import type { WarmupResult } from './warmup-result.ts'

/** Version of `RunResult`'s shape; it grows when a reader of the old shape would misread the new one. */
export const runResultVersion = 1

/**
 * How a run ended. `invalid`: the load generator could not deliver the planned load, so that the figures say nothing
 * about the target.
 */
export type Verdict = 'pass' | 'fail' | 'invalid'

/** Measurements of one step, request name or of the iterations. Latencies in microseconds. */
export interface SeriesResult {
  readonly kind: 'iteration' | 'step' | 'request' | 'hook'
  readonly name: string
  readonly ok: number
  /** Timeouts included. */
  readonly failed: number
  /** Cut by us because time was over: neither ok nor failed. */
  readonly aborted: number
  /** Of all that ended, per second of the load's duration without its warm-up. */
  readonly perSecond: number
  /** Successes, and what timed out or was cut, at the time it had taken: what objectives read. */
  readonly latency: LatencySummary
  /** Of failures other than timeouts; absent when there were none. */
  readonly failedLatency: LatencySummary | undefined
  /** Sending, waiting and receiving: k6's `http_req_duration`. Requests only. */
  readonly service: LatencySummary | undefined
  /** By name of the phase. Requests only. */
  readonly phases: Readonly<Record<string, LatencySummary>>
  /** The merged counts of `latency`, in HdrHistogram's V2 compressed encoding as base64. */
  readonly histogram: string
}

/** How often a check held. */
export interface CheckResult {
  readonly name: string
  /** Path of the step it belongs to; empty outside of steps. */
  readonly step: string
  readonly passed: number
  readonly failed: number
}

/** One kind of failure. Times in milliseconds since the start of the load. */
export interface ErrorResult {
  /** Six letters and digits: the same for this kind of failure in every run. `LOAD_REPLAY` takes it. */
  readonly id: string
  readonly category: ErrorCategory
  readonly message: string
  readonly step: string
  readonly request: string
  readonly count: number
  /** Part of all failures, 0 to 1. */
  readonly share: number
  readonly firstSeenMs: number
  readonly lastSeenMs: number
  readonly exemplar: Exemplar | undefined
}

/** One second of the run, be it of the warm-up; of a run longer than an hour, the two, four, … seconds up to the next point. */
export interface TimelinePoint {
  /** Seconds since the start of the load. */
  readonly second: number
  readonly iterations: number
  readonly failedIterations: number
  readonly requests: number
  readonly failedRequests: number
  /** p95 of the requests that ended in it, in microseconds; 0 when none did. */
  readonly p95: number
  /** Virtual users with an iteration running at its end. */
  readonly activeVUs: number
  /** Of all threads and origins, each one's most added up; absent where there was no connection. */
  readonly connections?: ConnectionPoint
}

/** How one thread of the load generator fared. */
export interface ThreadHealth {
  readonly thread: number
  /** Event-loop delay, 99th percentile, in microseconds. */
  readonly eventLoopDelayP99: number
  /** The same after the first second, in which code is compiled; absent where less than a second followed. */
  readonly steadyEventLoopDelayP99?: number
  /** Share of the time in which the thread's event loop was busy, 0 to 1. */
  readonly eventLoopUtilization: number
  /** CPU time of the thread, user and system, per elapsed time: 1 is a whole core. Absent where Node cannot tell (before 24). */
  readonly cpuUtilization?: number
}

/** Everything that one scenario run measured. Plain JSON. */
export interface RunResult {
  readonly version: typeof runResultVersion
  /** Shared by all scenarios of one start, on all threads. */
  readonly runId: string
  readonly scenario: string
  /** Path of the spec, relative to the project's root. */
  readonly file: string
  readonly project: string
  /** ISO 8601. */
  readonly startedAt: string
  /** From the first to the end of the last iteration, in milliseconds, the warm-up included. Rates are over what follows it. */
  readonly durationMs: number
  readonly seed: number
  readonly threads: number
  /** Name of the executor and a sentence on what it was told to do: `50 VUs for 30s`. */
  readonly executor: string
  readonly load: string
  /** Name of the profile that has replaced or scaled the load; `undefined` where none has. */
  readonly profile: string | undefined
  /** What profile and `LOAD_SCALE` have multiplied the written load by. */
  readonly scale: number
  /** The most virtual users at once. */
  readonly vus: number
  readonly baseUrl: string | undefined
  /** Path of the module whose MSW handlers answered in place of the network; `undefined` when the network did. */
  readonly offline: string | undefined
  readonly iterations: {
    /** `undefined` where time or chance decides how many there are. */
    readonly planned: number | undefined
    readonly started: number
    readonly ok: number
    readonly failed: number
    readonly aborted: number
    readonly dropped: number
    readonly perSecond: number
  }
  readonly requests: {
    readonly started: number
    readonly ok: number
    readonly failed: number
    readonly aborted: number
    readonly perSecond: number
    /** Of those started, which were made again after one that had failed; absent where there were none. */
    readonly retries?: number
  }
  /** How many requests waited for their turn under the throttle, and how long in all; absent where there is none. */
  readonly throttled?: { readonly requests: number; readonly waitedMs: number }
  /** Iterations that took longer than their virtual user's pacing; absent where there is none. */
  readonly pacingMissed?: number
  /** What took place in the warm-up, of which the other figures hold nothing; absent where there is none. */
  readonly warmup?: WarmupResult
  readonly bytes: { readonly sent: number; readonly received: number }
  readonly connections: {
    readonly opened: number
    readonly reused: number
    readonly closed: number
    /**
     * By origin, at most 20 and one for the rest; absent where nothing was connected to. Peaks of several threads are
     * those of each added up, second by second: the true ones, or more.
     */
    readonly origins?: readonly OriginResult[]
  }
  /**
   * Where the time of all requests went, those of hooks excepted, by name of the phase; absent where nothing was
   * requested. A phase has the requests that went through it: `connecting` those that opened a connection. Failures other
   * than timeouts are in none.
   */
  readonly phases?: Readonly<Record<string, LatencySummary>>
  readonly series: readonly SeriesResult[]
  readonly checks: readonly CheckResult[]
  readonly errors: readonly ErrorResult[]
  readonly timeline: readonly TimelinePoint[]
  readonly health: readonly ThreadHealth[]
  readonly slos: readonly SloOutcome[]
  /** Set in the result of a capacity search, whose other figures are those of the level that counts: the highest met. */
  readonly capacity?: CapacityResult
  readonly verdict: Verdict
  /** Why the verdict is not `pass`, a sentence each; SLO breaches excepted, which `slos` tells. */
  readonly reasons: readonly string[]
  /** What the reader should know although the run passed. */
  readonly warnings: readonly string[]
}

/** How many entries a summary leaves out because it would be too large with them. */
interface OmittedEntries {
  readonly series: number
  readonly checks: number
  readonly errors: number
  readonly slos: number
}

/**
 * The part of a `RunResult` that travels with Vitest's own results: no timeline, histograms or exemplars, and never more
 * than 256 kB of JSON. Where all of it would be more, the least used series, checks and errors are left out, and
 * objectives that were met; `omitted` and a warning say how many. The counts of the whole run stay complete.
 */
export type RunSummary = Omit<RunResult, 'timeline' | 'series' | 'errors'> & {
  readonly series: readonly Omit<SeriesResult, 'histogram' | 'phases'>[]
  readonly errors: readonly Omit<ErrorResult, 'exemplar'>[]
  /** Absent where nothing is left out. */
  readonly omitted?: OmittedEntries
}

/** Less than the 256 kB, for the warning on what is left out, and what others write around it. */
const maxSummaryBytes = 250_000

/** Cuts a result down to what Vitest's blob, json and merge paths should carry. */
export function summariseResult(result: RunResult): RunSummary {
  const { timeline: _timeline, series, errors, ...rest } = result
  const whole: RunSummary = {
    ...rest,
    series: series.map(({ histogram: _histogram, phases: _phases, ...summary }) => summary),
    errors: errors.map(({ exemplar: _exemplar, ...row }) => row),
  }
  const { fitted, omitted } = fitLists(whole, summaryRanks, maxSummaryBytes)
  const left = Object.entries(omitted).filter(([, count]) => count > 0)
  if (left.length === 0) return whole
  const list = left.map(([name, count]) => `${count} of ${whole[name as keyof typeof summaryRanks].length} ${name}`)
  const warning = `this summary leaves out ${list.join(', ')}: the result file has them`
  const { series: leftSeries, checks, errors: leftErrors, slos } = omitted
  return {
    ...fitted,
    warnings: [...fitted.warnings, warning],
    omitted: { series: leftSeries, checks, errors: leftErrors, slos },
  }
}

/** What of a summary can be left out, and how much each entry matters. */
const summaryRanks: Ranks<RunSummary, 'series' | 'checks' | 'errors' | 'slos' | 'warnings' | 'reasons'> = {
  series: ({ kind, ok, failed, aborted }) => (kind === 'iteration' ? Number.POSITIVE_INFINITY : ok + failed + aborted),
  checks: ({ passed, failed }) => failed * 1_000_000 + passed,
  errors: ({ count }) => count,
  slos: ({ status }) => (status === 'pass' ? 0 : 1),
  warnings: () => 0,
  reasons: () => 0,
}
