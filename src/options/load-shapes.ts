import type { Duration } from '../shared/durations.ts'
import type {
  ConstantArrivalRateOptions,
  ConstantArrivalRateTimeUnitOptions,
  RampingArrivalRateK6Options,
  RampingArrivalRateOptions,
  RampingArrivalRateTimeUnitOptions,
  ShapedArrivalRateOptions,
} from './arrival-rate-shapes.ts'
import type { CommonLoadOptions, Only, TargetStageOptions } from './load-fields.ts'

interface FixedVUsOptions extends CommonLoadOptions {
  /** How many virtual users run at once. @default 1 */
  readonly vus?: number
}

interface IterationBoundOptions extends FixedVUsOptions {
  /** No iteration starts after this time; those not started are counted as dropped. @default '10m' */
  readonly maxDuration?: Duration
}

/** A number of virtual users that iterate for a time: k6's `constant-vus`. */
export interface ConstantVUsOptions extends FixedVUsOptions, Only<'vus' | 'duration'> {
  readonly executor?: 'constant-vus'
  /** How long iterations are started. */
  readonly duration: Duration
}

/** A number of iterations that the virtual users share: k6's `shared-iterations`. */
export interface SharedIterationsOptions extends IterationBoundOptions, Only<'vus' | 'iterations' | 'maxDuration'> {
  readonly executor?: 'shared-iterations'
  /** How many iterations all virtual users run together. @default 1 */
  readonly iterations?: number
}

/** A number of iterations for each virtual user: k6's `per-vu-iterations`. */
export interface PerVUIterationsOptions extends IterationBoundOptions, Only<'vus' | 'iterationsPerVU' | 'maxDuration'> {
  readonly executor?: undefined
  /** How many iterations each virtual user runs. */
  readonly iterationsPerVU: number
}

/** `per-vu-iterations` with k6's own field names. */
export interface PerVUIterationsK6Options extends IterationBoundOptions, Only<'vus' | 'iterations' | 'maxDuration'> {
  readonly executor: 'per-vu-iterations'
  /** How many iterations each virtual user runs. @default 1 */
  readonly iterations?: number
}

interface RampOptions extends CommonLoadOptions {
  /** How many virtual users there are at the start; 0 is allowed. @default 1 */
  readonly startVUs?: number
  /**
   * How long the iteration of a virtual user that is one too many may go on before it is cut and counted as aborted.
   * @default '30s'
   */
  readonly gracefulRampDown?: Duration
}

/**
 * A number of virtual users that grows and shrinks: k6's `ramping-vus`.
 *
 * @example { stages: [{ duration: '30s', vus: 50 }, { duration: '2m', vus: 50 }, { duration: '30s', vus: 0 }] }
 */
export interface RampingVUsOptions extends RampOptions, Only<'startVUs' | 'stages' | 'gracefulRampDown'> {
  readonly executor?: undefined
  /** One after another; the number of virtual users changes linearly over each. */
  readonly stages: readonly VUStageOptions[]
}

/**
 * A number of virtual users as a function of time, in the place of stages: Locust's `LoadTestShape`. It is asked once a second
 * (of short loads a hundred times, of more than an hour 3,600 times) before the load starts.
 *
 * @example { vus: (ms) => (ms < 60_000 ? 10 : 100), duration: '5m' }
 */
export interface ShapedVUsOptions extends Omit<RampOptions, 'startVUs'>, Only<'vus' | 'duration' | 'gracefulRampDown'> {
  readonly executor?: undefined
  /**
   * How many virtual users there are, so many milliseconds after the start: from 0 on, rounded. It must give the same for
   * the same time, in every thread.
   */
  readonly vus: (elapsedMs: number) => number
  /** How long iterations are started. */
  readonly duration: Duration
}

/** One stage of a changing number of virtual users. */
export interface VUStageOptions {
  /** How long the change takes; with 0 it is a jump. */
  readonly duration: Duration
  /** How many virtual users there are at the end of the stage; 0 is allowed. */
  readonly vus: number
  readonly rate?: undefined
  readonly target?: undefined
}

/** `ramping-vus` with k6's own field names. */
export interface RampingVUsK6Options extends RampOptions, Only<'startVUs' | 'stages' | 'gracefulRampDown'> {
  readonly executor: 'ramping-vus'
  /** One after another; the number of virtual users changes linearly to each `target`. */
  readonly stages: readonly TargetStageOptions<number>[]
}

/** How much load a scenario makes. With nothing given, one virtual user runs one iteration. */
export type LoadOptions =
  | ConstantVUsOptions
  | SharedIterationsOptions
  | PerVUIterationsOptions
  | PerVUIterationsK6Options
  | RampingVUsOptions
  | ShapedVUsOptions
  | RampingVUsK6Options
  | ConstantArrivalRateOptions
  | ConstantArrivalRateTimeUnitOptions
  | RampingArrivalRateOptions
  | ShapedArrivalRateOptions
  | RampingArrivalRateK6Options
  | RampingArrivalRateTimeUnitOptions
