import type { CapacitySearchOptions } from '../options/capacity-options.ts'
import type { Rate } from '../shared/rates.ts'
import type { ScenarioHandle } from './handle.ts'
import type { Feeders, ScenarioBody, ScenarioOptions, StepPath } from './scenario-types.ts'

/** Options of `capacity`: how the search goes, and what a scenario takes but its `load`. */
export interface CapacityOptions<
  F extends Feeders = Feeders,
  Prepared = unknown,
  State = unknown,
  Step extends string = string,
  Unit extends 'rate' | 'vus' = 'rate' | 'vus',
>
  extends CapacitySearchOptions, Omit<ScenarioOptions<F, Prepared, State, Step>, 'load' | 'slo'> {
  readonly unit?: Unit
}

declare const unitKey: unique symbol

/** What `capacity()` returns: the thing to declare objectives of each level on, and expectations of the capacity. */
export interface CapacityHandle<
  Step extends string = string,
  Unit extends 'rate' | 'vus' = 'rate' | 'vus',
> extends ScenarioHandle<Step> {
  /** Only known to the compiler. */
  readonly [unitKey]: Unit
}

/** Registers a capacity search. See `capacity`. */
export type CapacityFunction = <
  F extends Feeders = Record<never, never>,
  Prepared = undefined,
  State = undefined,
  const Step extends string = string,
  const Unit extends 'rate' | 'vus' = 'rate',
>(
  name: string,
  options: CapacityOptions<F, Prepared, State, Step, Unit>,
  body: ScenarioBody<F, NoInfer<Prepared>, NoInfer<State>, NoInfer<Step>>,
) => CapacityHandle<StepPath<Step>, Unit>

/** `capacity` with its chain. */
export interface CapacityAPI extends CapacityFunction {
  readonly skip: CapacityAPI
  readonly only: CapacityAPI
  readonly todo: CapacityAPI & ((name: string) => CapacityHandle)
  readonly skipIf: (condition: unknown) => CapacityAPI
  readonly runIf: (condition: unknown) => CapacityAPI
}

/** What a capacity can be expected to be. Each call declares a test case. */
export interface CapacityBounds<Unit extends 'rate' | 'vus'> {
  /**
   * The highest load that was shown to meet the objectives must be more than this. A search that ended before it knew, at
   * the limit of the load generator for instance, fails it.
   */
  toBeAbove(limit: Unit extends 'vus' ? number : Rate): void
}
