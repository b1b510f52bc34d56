import type { Slo } from '../slo/model.ts'
import type { Intensity } from './profiles.ts'
import type { ResolvedLoad } from './resolved-load.ts'

/** How a capacity search goes, as plain data. Levels in iterations per second or virtual users. */
export interface CapacityPlan {
  readonly unit: 'rate' | 'vus'
  readonly from: number
  readonly to: number
  /** How much is added to a level that was met; `undefined` doubles it. */
  readonly step: number | undefined
  /** How far the bracket may be open in the end: a part of its upper end. */
  readonly precision: number
  readonly holdMs: number
  readonly settleMs: number
  /** What the capacity is expected to be above. */
  readonly above: readonly number[]
}

/** One of the runs that a scenario makes of several. */
export interface RoundPlan {
  /** From 1. */
  readonly number: number
  readonly level: number
  readonly capacity: CapacityPlan
}

/** What a scenario is going to do, as plain data: the same in every thread, and what a run is cut into segments from. */
export interface LoadPlan {
  readonly scenario: string
  /** Grows when a running plan is replaced. */
  readonly revision: number
  readonly load: ResolvedLoad
  /** What has changed the load that was written, in a load that was written. */
  readonly intensity?: Intensity
  /** Set where this run is one of several that look for a capacity. */
  readonly round?: RoundPlan
  /** Declared and implicit objectives. */
  readonly slos: readonly Slo[]
  /** Ends the load when it is broken, and yields no test case. */
  readonly abort?: Slo
}
