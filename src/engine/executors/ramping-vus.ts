import { settleLimitMs } from '../../options/limits.ts'
import type { RampingVUsLoad } from '../../options/resolved-load.ts'
import type { VirtualUser } from '../virtual-user.ts'
import { untilDone, type Executor, type ExecutorContext } from './contract.ts'
import { iterate } from './iterate.ts'
import { activeTimes } from './ramp.ts'

/**
 * A number of virtual users that follows a line from target to target: closed model. A user whose time is over ends its
 * iteration; what takes longer than the graceful ramp-down is cut, and the user is gone: when the number rises again, a new
 * one comes in its place.
 */
export const runRampingVUs: Executor<RampingVUsLoad> = async (context) => {
  const { clock, windowEndMs, stopping } = context
  await untilDone(
    context.vus.map((vu) => iterateInItsTimes(vu, context)),
    context,
  )
  if (context.vus.every((vu) => vu.isOut)) return
  // Rates are over the whole time, also where nobody iterates at its end.
  await clock.sleep(windowEndMs - clock.now(), stopping)
}

async function iterateInItsTimes(vu: VirtualUser, context: ExecutorContext<RampingVUsLoad>): Promise<void> {
  const { load, clock, startedAtMs, stopping, windowEndMs } = context
  const times = activeTimes(load, vu.id - 1)
  for (const [index, { fromMs, toMs }] of times.entries()) {
    if (vu.isOut) return
    await clock.sleep(startedAtMs + fromMs - clock.now(), stopping)
    if (stopping.aborted || (vu.isDismissed && !(await context.renew(vu)))) return
    // Who is needed again before its grace is over stays, as in k6; at the end of all the graceful stop is what it has.
    const cutMs = startedAtMs + toMs + load.gracefulRampDownMs
    const nextMs = startedAtMs + (times[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY)
    const isCut = startedAtMs + toMs < windowEndMs && nextMs > cutMs
    await iterateUntil(vu, startedAtMs + toMs, isCut ? cutMs : undefined, context)
  }
}

async function iterateUntil(
  vu: VirtualUser,
  endMs: number,
  cutMs: number | undefined,
  context: ExecutorContext<RampingVUsLoad>,
): Promise<void> {
  const { clock, stopping } = context
  const ended = new AbortController()
  const givenUp = cutMs === undefined ? undefined : dismissAt(vu, cutMs, ended.signal, context)
  const mayStart = (): boolean => !stopping.aborted && clock.now() < endMs && !vu.isDismissed
  const run = (): Promise<void> => {
    const iteration = vu.runIteration()
    return givenUp === undefined ? iteration : Promise.race([iteration, givenUp])
  }
  await iterate(vu, { mayStart, run, ended: stopping, endMs }, context)
  ended.abort()
}

/** Cuts what a user still does at a time, unless it has ended. Resolves when what does not settle was given up. */
async function dismissAt(
  vu: VirtualUser,
  atMs: number,
  ended: AbortSignal,
  { clock, giveUp }: ExecutorContext<RampingVUsLoad>,
): Promise<void> {
  await clock.sleep(atMs - clock.now(), ended)
  if (isAborted(ended)) return
  vu.dismiss()
  await clock.sleep(settleLimitMs, ended)
  if (!isAborted(ended)) giveUp(vu)
}

/** Asked anew each time, which TypeScript does not expect of a property. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
