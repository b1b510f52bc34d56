import type { Duration } from '../shared/durations.ts'
import type { Rate } from '../shared/rates.ts'
import type { CommonLoadOptions, Only, TargetStageOptions } from './load-fields.ts'

interface ArrivalOptions extends CommonLoadOptions {
  /**
   * The most virtual users at once. An arrival that finds none of them free starts no iteration: it is dropped and
   * counted.
   * @default ten seconds of the highest rate, at least 100 and at most 5,000; `preAllocatedVUs` when that is given
   * together with `executor`, as in k6, or is more
   */
  readonly maxVUs?: number
  /**
   * How many virtual users are set up before the load starts, in a scenario with a `setup`; at least one in each thread
   * that has any. Others, up to `maxVUs`, are set up while it runs, as soon as the last free one is taken and at most ten
   * at a time in each thread. Without a `setup` all are there from the start.
   * @default one second of the highest rate, at least 1 and at most `maxVUs`
   */
  readonly preAllocatedVUs?: number
  /**
   * Whether iterations start evenly spaced, as in k6, or at random with the same mean rate (a Poisson process), as those
   * of users who know nothing of each other. The seed of the run makes the latter repeatable.
   * @default 'even'
   */
  readonly arrivals?: 'even' | 'poisson'
  /**
   * How exactly iterations start at their times. `'coarse'`: by timers, up to a millisecond late, for hardly any CPU.
   * `'precise'`: within some tens of microseconds, for two milliseconds of CPU before each arrival, and so for all that a
   * core has from about 500 arrivals per second and thread on.
   * @default 'coarse'
   */
  readonly timer?: 'coarse' | 'precise'
}

/**
 * Iterations that start at a rate, however long they take: k6's `constant-arrival-rate`.
 *
 * @example { rate: '500/s', duration: '1m' }
 */
export interface ConstantArrivalRateOptions
  extends ArrivalOptions, Only<'rate' | 'duration' | 'maxVUs' | 'preAllocatedVUs' | 'arrivals' | 'timer'> {
  readonly executor?: 'constant-arrival-rate'
  /** How many iterations start: a number per second, fractions allowed, or a text such as `'500/s'` or `'90/m'`. */
  readonly rate: Rate
  /** How long iterations are started. */
  readonly duration: Duration
}

/**
 * A rate as a function of time, in the place of stages: Locust's `LoadTestShape`. It is asked once a second (of short loads a
 * hundred times, of more than an hour 3,600 times) before the load starts, and followed on straight lines.
 *
 * @example { rate: (ms) => 50 + 40 * Math.sin(ms / 60_000), duration: '10m' }
 */
export interface ShapedArrivalRateOptions
  extends ArrivalOptions, Only<'rate' | 'duration' | 'maxVUs' | 'preAllocatedVUs' | 'arrivals' | 'timer'> {
  readonly executor?: undefined
  /**
   * How many iterations start per second, so many milliseconds after the start: from 0 on. It must give the same for the
   * same time, in every thread.
   */
  readonly rate: (elapsedMs: number) => number
  /** How long iterations are started. */
  readonly duration: Duration
}

/** `constant-arrival-rate` with k6's `timeUnit`. */
export interface ConstantArrivalRateTimeUnitOptions
  extends ArrivalOptions, Only<'rate' | 'timeUnit' | 'duration' | 'maxVUs' | 'preAllocatedVUs' | 'arrivals' | 'timer'> {
  readonly executor: 'constant-arrival-rate'
  /** How many iterations start per `timeUnit`; fractions are allowed. */
  readonly rate: number
  /** The time that `rate` is counted in. @default '1s' */
  readonly timeUnit: Duration
  /** How long iterations are started. */
  readonly duration: Duration
}

/**
 * Iterations that start at a rate which changes: k6's `ramping-arrival-rate`.
 *
 * @example { stages: [{ duration: '1m', rate: '500/s' }, { duration: '4m', rate: '500/s' }] }
 */
export interface RampingArrivalRateOptions
  extends ArrivalOptions, Only<'startRate' | 'stages' | 'maxVUs' | 'preAllocatedVUs' | 'arrivals' | 'timer'> {
  readonly executor?: undefined
  /** The rate at the start: a number per second or a text such as `'90/m'`. @default 0 */
  readonly startRate?: Rate
  /** One after another; the rate changes linearly over each. */
  readonly stages: readonly RateStageOptions[]
}

/** One stage of a changing rate. */
export interface RateStageOptions {
  /** How long the change takes; with 0 it is a jump. */
  readonly duration: Duration
  /** The rate at the end of the stage: a number per second, fractions and 0 allowed, or a text such as `'500/s'`. */
  readonly rate: Rate
  readonly vus?: undefined
  readonly target?: undefined
}

interface TargetRatesOptions<Target extends Rate> extends ArrivalOptions {
  readonly executor: 'ramping-arrival-rate'
  /** The rate at the start. @default 0 */
  readonly startRate?: Target
  /** One after another; the rate changes linearly to each `target`. */
  readonly stages: readonly TargetStageOptions<Target>[]
}

/** `ramping-arrival-rate` with k6's own field names. */
export interface RampingArrivalRateK6Options
  extends TargetRatesOptions<Rate>, Only<'startRate' | 'stages' | 'maxVUs' | 'preAllocatedVUs' | 'arrivals' | 'timer'> {
  readonly timeUnit?: undefined
}

/** `ramping-arrival-rate` with k6's own field names and its `timeUnit`. */
export interface RampingArrivalRateTimeUnitOptions
  extends
    TargetRatesOptions<number>,
    Only<'startRate' | 'timeUnit' | 'stages' | 'maxVUs' | 'preAllocatedVUs' | 'arrivals' | 'timer'> {
  /** The time that `startRate` and each `target` are counted in. @default '1s' */
  readonly timeUnit: Duration
}
