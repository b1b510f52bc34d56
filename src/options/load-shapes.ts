import type { Duration } from '../shared/durations.ts'
import type {
  ConstantArrivalRateOptions,
  ConstantArrivalRateTimeUnitOptions,
  RampingArrivalRateK6Options,
  RampingArrivalRateOptions,
  RampingArrivalRateTimeUnitOptions,
  ShapedArrivalRateOptions,
} from './arrival-rate-shapes.ts'
import type { DelayOptions } from './delay-options.ts'
import type { CommonLoadOptions, Only, TargetStageOptions } from './load-fields.ts'

/** What a fixed number of virtual users knows beside how long they run. */
type ClosedFields = 'stagger' | 'pacing'

interface PacedOptions extends CommonLoadOptions {
  /**
   * The least time from the start of an iteration to the start of the virtual user's next one, fixed or random. After one
   * that took longer the next starts at once, and the time counts anew from there: nothing is caught up with. Such
   * iterations are counted. The pause is no part of an iteration.
   * @default none
   */
  readonly pacing?: Duration | DelayOptions
}

interface FixedVUsOptions extends PacedOptions {
  /** How many virtual users run at once. @default 1 */
  readonly vus?: number
  /**
   * The virtual users start evenly spread over this time, within that of the load, instead of all at once: JMeter's
   * ramp-up period.
   * @default 0
   */
  readonly stagger?: Duration
}

interface IterationBoundOptions extends FixedVUsOptions {
  /** No iteration starts after this time; those not started are counted as dropped. @default '10m' */
  readonly maxDuration?: Duration
}

/** A number of virtual users that iterate for a time: k6's `constant-vus`. */
export interface ConstantVUsOptions extends FixedVUsOptions, Only<'vus' | 'duration' | ClosedFields> {
  readonly executor?: 'constant-vus'
  /** How long iterations are started. */
  readonly duration: Duration
}

/** A number of iterations that the virtual users share: k6's `shared-iterations`. */
export interface SharedIterationsOptions
  extends IterationBoundOptions, Only<'vus' | 'iterations' | 'maxDuration' | ClosedFields> {
  readonly executor?: 'shared-iterations'
  /** How many iterations all virtual users run together. @default 1 */
  readonly iterations?: number
}

/** A number of iterations for each virtual user: k6's `per-vu-iterations`. */
export interface PerVUIterationsOptions
  extends IterationBoundOptions, Only<'vus' | 'iterationsPerVU' | 'maxDuration' | ClosedFields> {
  readonly executor?: undefined
  /** How many iterations each virtual user runs. */
  readonly iterationsPerVU: number
}

/** `per-vu-iterations` with k6's own field names. */
export interface PerVUIterationsK6Options
  extends IterationBoundOptions, Only<'vus' | 'iterations' | 'maxDuration' | ClosedFields> {
  readonly executor: 'per-vu-iterations'
  /** How many iterations each virtual user runs. @default 1 */
  readonly iterations?: number
}

interface RampOptions extends PacedOptions {
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
export interface RampingVUsOptions extends RampOptions, Only<'startVUs' | 'stages' | 'gracefulRampDown' | 'pacing'> {
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
export interface ShapedVUsOptions
  extends Omit<RampOptions, 'startVUs'>, Only<'vus' | 'duration' | 'gracefulRampDown' | 'pacing'> {
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
export interface RampingVUsK6Options extends RampOptions, Only<'startVUs' | 'stages' | 'gracefulRampDown' | 'pacing'> {
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
