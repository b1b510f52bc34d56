import { categorise, outcomeOf, outcomeOfRequests } from '../engine/categorise.ts'
import { outcomes, type Outcome } from '../metrics/series.ts'
import {
  closeStepFrame,
  currentFrame,
  frames,
  openStepFrame,
  requireFrame,
  thinkTimeMs,
  type Frame,
} from '../session/current.ts'
import { CategorisedError, LoadError } from '../shared/errors.ts'
import { callOf, ignoreRejection, isName, isThenable, showReceived } from './arguments.ts'
import { countFailure, runContextSlot } from './run-context.ts'
import { turnAway } from '../session/turn-away.ts'
import { now } from '../shared/now.ts'

/**
 * Times a part of an iteration under a name and returns what it returns. A step inside a step has both names:
 * `checkout > pay`. Think time is taken out of its duration. It has failed when it threw or when a request in it failed;
 * what it throws is passed on.
 *
 * @throws {LoadError} `ERR_LOAD_CONTEXT` outside of a scenario or test; `ERR_LOAD_OPTIONS` without a name or a function.
 * @example
 * ```ts
 * const { token } = await step('login', () => http.post('/auth/login', { json: user }).expect(200).json(Token))
 * ```
 */
export async function step<T>(name: string, fn: () => T | PromiseLike<T>): Promise<T> {
  const parent = currentFrame() ?? requireFrame(callOf('step', name))
  if (typeof fn !== 'function' || !isName(name)) await refuseArguments(parent, name, fn)
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

async function refuseArguments({ session }: Frame, name: unknown, fn: unknown): Promise<never> {
  ignoreRejection(fn)
  await turnAway(session)
  const problems: string[] = []
  if (!isName(name)) problems.push(`expected a name, received ${showReceived(name)}`)
  if (typeof fn !== 'function') {
    const begun = isThenable(fn) ? ', whose work began before the step' : ''
    problems.push(`expected a function to run, received ${showReceived(fn)}${begun}`)
  }
  const start = isName(name) ? callOf('step', name).slice(0, -1) : "step('name'"
  throw new LoadError('ERR_LOAD_OPTIONS', `${callOf('step', name)}: ${problems.join('; ')}. Write ${start}, () => …).`)
}

async function refuseAfterCut({ session }: Frame): Promise<never> {
  await turnAway(session)
  throw new CategorisedError('ERR_LOAD_ABORTED', 'aborted', 'The time of this virtual user is over.')
}

function record(frame: Frame, outcome: Outcome): void {
  if (frame.scope.hook || frame.recorded) return
  frame.recorded = true
  const nowMs = now()
  const elapsedMs = nowMs - frame.startedAtMs - thinkTimeMs(frame, nowMs)
  const ended = frame.scope.cut ? outcomes.aborted : outcome
  const context = frame.session.get(runContextSlot)
  if (context === undefined) return
  const series = context.metrics.of(frame.scope).series('step', frame.path)
  series.record(ended, elapsedMs * 1000)
  series.tell(ended, elapsedMs * 1000, -1, frame.startedAtMs, nowMs)
  if (context.trace !== undefined) context.trace.step(frame.path, ended, elapsedMs)
}
