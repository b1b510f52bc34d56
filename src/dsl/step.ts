import { performance } from 'node:perf_hooks'
import { categorise, outcomeOf } from '../engine/categorise.ts'
import { outcomes, type Outcome } from '../metrics/series.ts'
import { createStepFrame, frames, requireFrame, type Frame } from '../session/current.ts'
import { countFailure, runContextSlot } from './run-context.ts'

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
  const frame = createStepFrame(requireFrame(`step('${name}')`), name)
  const startedAtMs = performance.now()
  try {
    const value = await frames.run(frame, fn)
    record(frame, startedAtMs, frame.failedRequests > 0 ? outcomes.failed : outcomes.ok)
    return value
  } catch (thrown) {
    const { category } = categorise(thrown)
    if (category !== 'aborted' && !frame.scope.cut) countFailure(frame, thrown)
    record(frame, startedAtMs, outcomeOf(category))
    throw thrown
  }
}

function record(frame: Frame, startedAtMs: number, outcome: Outcome): void {
  if (frame.scope.hook) return
  const elapsedMs = performance.now() - startedAtMs - frame.thinkMs
  const ended = frame.scope.cut ? outcomes.aborted : outcome
  frame.session
    .get(runContextSlot)
    ?.metrics.series('step', frame.path)
    .record(ended, elapsedMs * 1000)
}
