import type { Duration } from '../shared/durations.ts'
import type { Rate } from '../shared/rates.ts'

/** Which fields each executor knows, beside `executor` and `gracefulStop`. */
export const fieldsOf = {
  'constant-vus': ['vus', 'duration'],
  'shared-iterations': ['vus', 'iterations', 'maxDuration'],
  'per-vu-iterations': ['vus', 'iterations', 'iterationsPerVU', 'maxDuration'],
  'ramping-vus': ['startVUs', 'stages', 'gracefulRampDown'],
  'constant-arrival-rate': ['rate', 'timeUnit', 'duration', 'maxVUs', 'preAllocatedVUs', 'arrivals', 'timer'],
  'ramping-arrival-rate': ['startRate', 'timeUnit', 'stages', 'maxVUs', 'preAllocatedVUs', 'arrivals', 'timer'],
} as const

/** The executors, with k6's names. */
export type ExecutorName = keyof typeof fieldsOf

/** A field that only some executors know. */
export type FieldName = (typeof fieldsOf)[ExecutorName][number]

/** The fields of other executors, which contradict those of this one. */
export type Only<Own extends FieldName> = { readonly [Name in Exclude<FieldName, Own>]?: undefined }

/** What every load can say. */
export interface CommonLoadOptions {
  /**
   * How long running iterations may go on once no new one starts; then they are cut and counted as aborted.
   * @default '30s'
   */
  readonly gracefulStop?: Duration
  /**
   * How long after the run's start – with `startAfter`, after the end of the other's load – the load begins. The virtual
   * users are set up before.
   * @default 0
   */
  readonly startTime?: Duration
  /**
   * Name of a scenario of the same concurrent group, after whose last iteration this load begins, whatever came of it:
   * Gatling's `andThen`. Where the other one is skipped, it begins at once.
   */
  readonly startAfter?: string
}

/** One stage with k6's own field names. */
export interface TargetStageOptions<Target extends Rate> {
  /** How long the change takes; with 0 it is a jump. */
  readonly duration: Duration
  /** How many virtual users there are, or how many iterations start per `timeUnit`, at the end of the stage. */
  readonly target: Target
  readonly vus?: undefined
  readonly rate?: undefined
}
