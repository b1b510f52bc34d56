import { performance } from 'node:perf_hooks'
import { categorise, outcomeOf, outcomeOfRequests } from '../engine/categorise.ts'
import { outcomes, type Outcome } from '../metrics/series.ts'
import { closeStepFrame, frames, openStepFrame, requireFrame, thinkTimeMs, type Frame } from '../session/current.ts'
import { CategorisedError } from '../shared/errors.ts'
import { countFailure, runContextSlot } from './run-context.ts'
import { turnAway } from './turn-away.ts'

/**
 * Times a part of an iteration under a name and returns what it returns. A step inside a step has both names:
 * `checkout > pay`. Think time is taken out of its duration. It has failed when it threw or when a request in it failed;
 * what it throws is passed on.
 *
 * @throws {LoadError} `ERR_LOAD_CONTEXT` outside of a scenario or test.
 * @example
 * ```ts
 * const { token } = await step('login', () => http.post('/auth/login', { json: user }).expect(200).json(Token))
 * ```
 */
export async function step<T>(name: string, fn: () => T | PromiseLike<T>): Promise<T> {
  const parent = requireFrame(`step('${name}')`)
  if (parent.scope.cut) await refuseAfterCut(parent)
  const frame = openStepFrame(parent, name)
  try {
    const value = await frames.run(frame, fn)
    record(frame, outcomeOfRequests(frame))
    return value
  } catch (thrown) {
    const { category } = categorise(thrown)
    if (category !== 'aborted' && !frame.scope.cut) countFailure(frame, thrown)
    record(frame, outcomeOf(category, frame))
    throw thrown
  } finally {
    closeStepFrame(frame)
  }
}

async function refuseAfterCut({ session }: Frame): Promise<never> {
  await turnAway(session)
  throw new CategorisedError('ERR_LOAD_ABORTED', 'aborted', 'The load has ended.')
}

function record(frame: Frame, outcome: Outcome): void {
  if (frame.scope.hook || frame.recorded) return
  frame.recorded = true
  const nowMs = performance.now()
  const elapsedMs = nowMs - frame.startedAtMs - thinkTimeMs(frame, nowMs)
  const ended = frame.scope.cut ? outcomes.aborted : outcome
  frame.session
    .get(runContextSlot)
    ?.metrics.series('step', frame.path)
    .record(ended, elapsedMs * 1000)
}
