import { systemClock } from '../engine/clock.ts'
import { countThinking, requireFrame } from '../session/current.ts'
import { parseDuration, type Duration } from '../shared/durations.ts'
import { CategorisedError, LoadError } from '../shared/errors.ts'
import { runContextSlot } from './run-context.ts'
import { turnAway } from '../session/turn-away.ts'

/**
 * Waits as a person would: for a fixed time, or for a random one between two, evenly distributed and repeatable by
 * the run's seed. Think time is taken out of the durations of steps and iterations, as far as no request runs meanwhile. An
 * ordinary test does not wait.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when a duration is not one, or the second is shorter than the first.
 * @example
 * ```ts
 * await think('1s', '3s')
 * ```
 */
export async function think(shortest: Duration, longest: Duration = shortest): Promise<void> {
  const frame = requireFrame('think()')
  const { session } = frame
  const range = parseRange(shortest, longest)
  if (range instanceof Error) {
    await turnAway(session)
    throw range
  }
  const [shortestMs, longestMs] = range
  if (session.get(runContextSlot)?.thinks !== true) return
  // Tear-down comes after the cut, and may think all the same.
  const signal = frame.scope.hook ? undefined : session.signal
  if (signal?.aborted === true) await turnAway(session)
  countThinking(frame, 1)
  await systemClock.sleep(shortestMs + session.random() * (longestMs - shortestMs), signal)
  countThinking(frame, -1)
  if (signal?.aborted === true) {
    throw new CategorisedError(
      'ERR_LOAD_ABORTED',
      'aborted',
      'The time of this virtual user was over during think time.',
    )
  }
}

function parseRange(shortest: Duration, longest: Duration): readonly [number, number] | Error {
  try {
    const shortestMs = parseDuration(shortest)
    const longestMs = parseDuration(longest)
    if (longestMs >= shortestMs) return [shortestMs, longestMs]
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
  return new LoadError(
    'ERR_LOAD_OPTIONS',
    `think() got '${shortest}' to '${longest}', and the second is shorter. Put the shorter duration first.`,
  )
}
