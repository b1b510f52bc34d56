import { LoadError } from '../shared/errors.ts'
import type { ScenarioRecord } from './handle.ts'
import type { ScenarioArguments } from './scenario-arguments.ts'
import type { Mode } from './scenario-mode.ts'

/** A scenario of a mix, as it was written: how much load it gets is known when all of them are. */
export interface MixedScenario {
  readonly mode: Mode
  readonly written: ScenarioArguments
  readonly record: ScenarioRecord
  /** The place in the user's file where it stands. */
  readonly site: Error
}

let collecting: MixedScenario[] | undefined

/** The scenarios of the mix whose callback runs, to be added to; `undefined` outside of one. */
export function currentMix(): MixedScenario[] | undefined {
  return collecting
}

/**
 * Calls the callback of a mix and gives what it returned, with the scenarios that it holds.
 *
 * @throws {LoadError} `ERR_LOAD_COLLECTION` inside the callback of another mix.
 */
export function collectMix<T>(name: string, callback: () => T): { value: T; scenarios: readonly MixedScenario[] } {
  if (collecting !== undefined)
    throw new LoadError(
      'ERR_LOAD_COLLECTION',
      `The mix '${name}' stands inside another mix, which has one load to divide. Put its scenarios into the other one, or write the mixes side by side in a describe.concurrent().`,
    )
  const scenarios: MixedScenario[] = []
  collecting = scenarios
  try {
    return { value: callback(), scenarios }
  } finally {
    collecting = undefined
  }
}
