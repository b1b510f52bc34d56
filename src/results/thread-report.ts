import type { MetricsSnapshot } from '../metrics/snapshot.ts'
import type { ThreadHealth } from './run-result.ts'

/** What a thread reports about once a second. */
export interface ThreadProgress {
  readonly snapshot: MetricsSnapshot
  readonly activeVUs: number
}

/** For how many of a thread's virtual users a hook failed. */
export interface HookFailures {
  readonly hook: 'setup' | 'teardown'
  readonly failed: number
  /** What the first of them threw. */
  readonly message: string
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
}
