import type { OriginReport } from '../metrics/connection-table.ts'
import type { MetricsSnapshot } from '../metrics/snapshot.ts'
import type { ProbeReport } from './probes.ts'
import type { ThreadHealth } from './run-result.ts'

/** What a thread reports about once a second. */
export interface ThreadProgress {
  readonly snapshot: MetricsSnapshot
  /** Of the warm-up, which is kept apart; absent where the load has none. */
  readonly warmup?: MetricsSnapshot
  /** Of the origins it has connections to. */
  readonly connections?: readonly OriginReport[]
  readonly activeVUs: number
  /** Where objectives are judged in windows, or may end the load. */
  readonly probes?: ProbeReport
}

/**
 * What a thread does outside of the load itself, where main can only wait and see that it does not take for ever:
 * the reading of data rows, the leader's hooks, and tear-down; `idle` when a hook has ended. `waiting`, for the end of another load, may take as long
 * as that does.
 */
export type RunPhase = 'data' | 'before' | 'waiting' | 'teardown' | 'after' | 'idle'

/** For how many of a thread's virtual users a hook failed. */
export interface HookFailures {
  readonly hook: 'setup' | 'teardown'
  readonly failed: number
  /** What the first of them threw. */
  readonly message: string
}

/** Errors that reached nobody. */
export interface StrayErrors {
  readonly count: number
  /** Of the first one. */
  readonly message: string
}

/** What a thread knows of its data rows, where iterations had to ask for them. */
export interface RowsReport {
  /** How often an iteration waited for a row before it started, and how long altogether. */
  readonly waits: number
  readonly waitedMs: number
  /** Names of the feeders that had no row left. */
  readonly ended: readonly string[]
}

/** What a thread reports at the end of its segment. Counts, where threads add up to the run's. */
export interface ThreadReport extends ThreadProgress {
  readonly durationMs: number
  /** Missing where the thread had too little to do for its figures to mean anything. */
  readonly health: Omit<ThreadHealth, 'thread'> | undefined
  /** Why the run failed as seen from this thread, a sentence each. */
  readonly failures: readonly string[]
  readonly hookFailures: readonly HookFailures[]
  /** Iterations that were given up because they did not settle when they were cut. */
  readonly abandoned: number
  /** Errors that no body caught: rejections nobody waits for, exceptions in timers. */
  readonly stray: StrayErrors
  /** Timers that the bodies started and that still run. */
  readonly timersLeft: number
  /** Where iterations ask for rows before they start. */
  readonly rows?: RowsReport | undefined
}
