import type { Slo } from '../slo/model.ts'
import type { Intensity } from './profiles.ts'
import type { ResolvedLoad } from './resolved-load.ts'

/** What a scenario is going to do, as plain data: the same in every thread, and what a run is cut into segments from. */
export interface LoadPlan {
  readonly scenario: string
  /** Grows when a running plan is replaced. */
  readonly revision: number
  readonly load: ResolvedLoad
  /** What has changed the load that was written, in a load that was written. */
  readonly intensity?: Intensity
  /** Declared and implicit objectives. */
  readonly slos: readonly Slo[]
}
