import type { Duration } from '../shared/durations.ts'
import type { Rate } from '../shared/rates.ts'

/** Which fields each executor knows, beside `executor` and those that all of them know. */
export const fieldsOf = {
  'constant-vus': ['vus', 'duration', 'stagger', 'pacing'],
  'shared-iterations': ['vus', 'iterations', 'maxDuration', 'stagger', 'pacing'],
  'per-vu-iterations': ['vus', 'iterations', 'iterationsPerVU', 'maxDuration', 'stagger', 'pacing'],
  'ramping-vus': ['startVUs', 'stages', 'gracefulRampDown', 'pacing'],
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
  /**
   * The most requests per second, over all threads: a number or a text such as `'100/s'`. A request over it waits before it is
   * sent, in the order of arrival; the wait is no part of its latency, and is taken out of steps and iterations as think
   * time is. Each redirect is a request; those of hooks do not count. Every thread has the share of its virtual users.
   * @default no bound
   */
  readonly throttle?: Rate
  /**
   * Iterations that start in this time – in an open model, that are planned for it – are left out of objectives, counts and
   * rates, and shown apart. The load is the same with it as without.
   * @default 0
   */
  readonly warmup?: Duration
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
