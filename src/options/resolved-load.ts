import type { Delay } from '../shared/delays.ts'
import type { RateStage } from '../shared/rate-profile.ts'

/** A load with its defaults, ready for an executor. Durations in milliseconds. */
export type ResolvedLoad =
  | ConstantVUsLoad
  | IterationBoundLoad<'shared-iterations'>
  | IterationBoundLoad<'per-vu-iterations'>
  | RampingVUsLoad
  | ArrivalRateLoad<'constant-arrival-rate'>
  | ArrivalRateLoad<'ramping-arrival-rate'>

/** When a load begins; absent where it begins at once. */
export interface LoadStart {
  readonly startTimeMs?: number
  /** Name of the scenario after whose load this one begins. */
  readonly startAfter?: string
}

/** What refines a load of any executor; a field is absent where it was not asked for. */
export interface LoadRefinements {
  /** From the start of an iteration to that of the virtual user's next one, at least. Closed models only. */
  readonly pacing?: Delay
  /** In this time virtual users start, evenly spread. Of those only whose number is fixed. */
  readonly staggerMs?: number
  /** The most requests per second of all threads together. */
  readonly throttlePerSecond?: number
  /** Iterations that start in this time are left out of what is judged. */
  readonly warmupMs?: number
}

interface ConstantVUsLoad extends LoadRefinements, LoadStart {
  readonly executor: 'constant-vus'
  readonly vus: number
  readonly durationMs: number
  readonly gracefulStopMs: number
}

interface IterationBoundLoad<Name extends string> extends LoadRefinements, LoadStart {
  readonly executor: Name
  readonly vus: number
  /** Of all virtual users together, or of each. */
  readonly iterations: number
  readonly maxDurationMs: number
  readonly gracefulStopMs: number
}

/** A number of virtual users that changes linearly from target to target. */
export interface RampingVUsLoad extends LoadRefinements, LoadStart {
  readonly executor: 'ramping-vus'
  /** The most virtual users at once. */
  readonly vus: number
  readonly startVUs: number
  readonly stages: readonly { readonly durationMs: number; readonly target: number }[]
  readonly gracefulRampDownMs: number
  /** Whether the stages are samples of a function that the user wrote. */
  readonly isSampled?: true
  readonly gracefulStopMs: number
}

/** Iterations that start at a rate, whether or not earlier ones have ended. */
export interface ArrivalRateLoad<Name extends 'constant-arrival-rate' | 'ramping-arrival-rate'>
  extends LoadRefinements, LoadStart {
  readonly executor: Name
  /** The most virtual users at once (`maxVUs`). */
  readonly vus: number
  /** So many are there, set up, before the load starts. */
  readonly preAllocatedVUs: number
  /** Evenly spaced, or at random with the same mean rate (a Poisson process). */
  readonly arrivals: 'even' | 'poisson'
  readonly stages: readonly RateStage[]
  /** Whether the stages are samples of a function that the user wrote. */
  readonly isSampled?: true
  /** How an arrival's time is waited for; with a timer of a millisecond where nothing is said. */
  readonly timer?: 'precise'
  readonly gracefulStopMs: number
}

/** Whether iterations start at planned times, whatever becomes of those before them: the open model. */
export function isOpen(
  load: ResolvedLoad,
): load is ArrivalRateLoad<'constant-arrival-rate'> | ArrivalRateLoad<'ramping-arrival-rate'> {
  return load.executor === 'constant-arrival-rate' || load.executor === 'ramping-arrival-rate'
}
