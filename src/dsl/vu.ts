import { requireFrame } from '../session/current.ts'
import { CategorisedError } from '../shared/errors.ts'
import { hideSecrets } from '../shared/text.ts'
import { reasonOf } from './arguments.ts'
import { runContextSlot } from './run-context.ts'

/** The virtual user that runs the calling code. In an ordinary test there is one, with number 1. */
export interface VU {
  /** Number of the virtual user, from 1, over all threads. */
  readonly id: number
  /** Number of its current iteration, from 0. */
  readonly iteration: number
  /** Name of the scenario; of the test, in an ordinary test. */
  readonly scenario: string
  /** Aborted when the load is cut: pass it to whatever else should end then. */
  readonly signal: AbortSignal
  /** A string that no other call returns, in this run or another, on any thread. */
  uniqueId(): string
  /** A number from 0 up to 1 from the iteration's own sequence: the same seed gives the same numbers. */
  random(): number
  /** Ends the iteration as failed, for a reason. */
  fail(reason: string): never
}

/** The virtual user that runs the calling code. */
export const vu: VU = {
  get id() {
    return requireFrame('vu.id').session.vuId
  },
  get iteration() {
    return requireFrame('vu.iteration').session.iteration
  },
  get scenario() {
    return requireFrame('vu.scenario').session.scenario
  },
  get signal() {
    return requireFrame('vu.signal').session.signal
  },
  uniqueId: () => requireFrame('vu.uniqueId()').session.uniqueId(),
  random: () => requireFrame('vu.random()').session.random(),
  fail: (reason) => {
    const given: unknown = reason
    const cause = given instanceof Error ? { cause: given } : undefined
    throw new CategorisedError('ERR_LOAD_VU_FAIL', 'script', reasonOf('vu.fail()', given), cause)
  },
}

/** The run as a whole. */
export interface Run {
  /** Ends the load gracefully, on all threads, and fails it for a reason. Fails an ordinary test. */
  abort(reason: string): void
}

/** The run that the calling code belongs to. */
export const run: Run = {
  abort: (reason) => {
    const { session } = requireFrame('run.abort()')
    session.get(runContextSlot)?.abort(hideSecrets(reasonOf('run.abort()', reason), session.secrets()))
  },
}
