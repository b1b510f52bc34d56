import { formatRateRange } from '../shared/rates.ts'

/** What a capacity search varies: iterations per second, or virtual users at once. */
export type CapacityUnit = 'rate' | 'vus'

/** How a level ended. `invalid`: the load generator could not deliver it. `interrupted`: it was ended early. */
export type LevelOutcome = 'met' | 'broken' | 'invalid' | 'interrupted'

/**
 * Why a search ended. `found`: between a level that met the objectives and one that did not lies no more than the
 * precision. `below-from`: not even the lowest level met them. `reached-to`: the highest did. `generator`: the load
 * generator could not deliver a level. `interrupted`: somebody or something ended it early.
 */
export type SearchEnd = 'found' | 'below-from' | 'reached-to' | 'generator' | 'interrupted'

/** One level of a capacity search, as it was measured. Latencies in microseconds, of whole iterations. */
export interface CapacityLevel {
  /** Iterations per second, or virtual users. */
  readonly level: number
  readonly outcome: LevelOutcome
  /** Why it was not met, in a sentence; `undefined` where it was. */
  readonly why: string | undefined
  readonly started: number
  readonly failed: number
  /** Arrivals that found no free virtual user. */
  readonly dropped: number
  /** Iterations that ended, per second. */
  readonly iterationsPerSecond: number
  readonly requestsPerSecond: number
  /** Part of the started iterations that failed, 0 to 1. */
  readonly errorRatio: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** How an expectation of a capacity ended. `skipped`: it could not be judged, for the reason in `message`. */
export interface CapacityExpectation {
  /** The capacity must be above it, in the search's unit. */
  readonly limit: number
  readonly status: 'pass' | 'fail' | 'skipped'
  readonly message: string
}

/** What a capacity search found: the curve of load against latency, errors and throughput. */
export interface CapacityResult {
  readonly unit: CapacityUnit
  readonly from: number
  readonly to: number
  /** The highest level that met every objective; `undefined` when none did. A lower bound unless `ended` is `found`. */
  readonly highest: number | undefined
  /** The lowest level that broke one; `undefined` when none did. */
  readonly broken: number | undefined
  readonly ended: SearchEnd
  /** Whether `highest` met the objectives a second time. */
  readonly confirmed: boolean
  /** What all of it comes to, in a sentence. */
  readonly summary: string
  /** In the order in which they were tried; some more than once. */
  readonly levels: readonly CapacityLevel[]
  readonly expectations: readonly CapacityExpectation[]
}

/** Writes a level: `206/s`, `40 VUs`. */
export function formatLevel(unit: CapacityUnit, level: number): string {
  if (unit === 'rate') return formatRateRange(level, level)
  return level === 1 ? '1 VU' : `${level.toLocaleString('en')} VUs`
}
