import { systemClock } from '../engine/clock.ts'
import { readDelay, type DelayOptions } from '../options/delay-options.ts'
import { countThinking, requireFrame } from '../session/current.ts'
import { drawDelay, type Delay } from '../shared/delays.ts'
import { parseDuration, type Duration } from '../shared/durations.ts'
import { CategorisedError, LoadError, throwProblems } from '../shared/errors.ts'
import { showValue } from '../shared/text.ts'
import { runContextSlot } from './run-context.ts'
import { turnAway } from '../session/turn-away.ts'

/**
 * Waits as a person would: for a fixed time, for a random one between two, evenly distributed, or for one of a
 * distribution; repeatable by the run's seed. Think time is taken out of the durations of steps and iterations, as far as no request runs
 * meanwhile. An ordinary test does not wait.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when a duration is not one, or the second is shorter than the first.
 * @example
 * ```ts
 * await think('1s', '3s')
 * await think({ distribution: 'log-normal', mean: '3s', deviation: '2s', max: '30s' })
 * ```
 */
export function think(shortest: Duration, longest?: Duration): Promise<void>
export function think(delay: DelayOptions): Promise<void>
export async function think(shortest: Duration | DelayOptions, longest?: Duration): Promise<void> {
  const frame = requireFrame('think()')
  const { session } = frame
  const delay = readArguments(shortest, longest)
  if (delay instanceof Error) {
    await turnAway(session)
    throw delay
  }
  // Drawn also where nobody waits, so that an iteration that is run again decides as it did under load.
  const delayMs = drawDelay(delay, () => session.random())
  if (session.get(runContextSlot)?.thinks !== true) return
  // Tear-down comes after the cut, and may think all the same.
  const signal = frame.scope.hook ? undefined : session.signal
  if (signal?.aborted === true) await turnAway(session)
  countThinking(frame, 1)
  await systemClock.sleep(delayMs, signal)
  countThinking(frame, -1)
  if (signal?.aborted === true) {
    throw new CategorisedError(
      'ERR_LOAD_ABORTED',
      'aborted',
      'The time of this virtual user was over during think time.',
    )
  }
}

function readArguments(shortest: Duration | DelayOptions, longest: Duration | undefined): Delay | Error {
  try {
    if (typeof shortest === 'object') return readOptions(shortest, longest)
    return parseRange(shortest, longest)
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}

function readOptions(options: DelayOptions, longest: Duration | undefined): Delay {
  const problems =
    longest === undefined ? [] : [`a distribution has its own 'max'; received a second argument, ${showValue(longest)}`]
  const delay = readDelay(options, 'delay', problems)
  throwProblems('think() cannot draw a time', problems)
  if (delay === undefined) throw new LoadError('ERR_LOAD_INTERNAL', 'A delay without problems is absent.')
  return delay
}

function parseRange(shortest: Duration, longest: Duration = shortest): Delay {
  const minMs = parseDuration(shortest)
  const maxMs = parseDuration(longest)
  if (maxMs >= minMs) return { distribution: 'uniform', minMs, maxMs }
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `think() got '${shortest}' to '${longest}', and the second is shorter. Put the shorter duration first.`,
  )
}
