import type { Slo } from '../slo/model.ts'
import type { ResolvedLoad } from './resolved-load.ts'

/** What a scenario is going to do, as plain data: the same in every thread, and what a run is cut into segments from. */
export interface LoadPlan {
  readonly scenario: string
  /** Grows when a running plan is replaced. */
  readonly revision: number
  readonly load: ResolvedLoad
  /** Declared and implicit objectives. */
  readonly slos: readonly Slo[]
  /** Ends the load when it is broken, and yields no test case. */
  readonly abort?: Slo
}
