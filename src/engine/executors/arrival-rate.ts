import type { ArrivalRateLoad } from '../../options/resolved-load.ts'
import { Breath } from '../../shared/breath.ts'
import { arrivalsOf, type Arrival } from './arrivals.ts'
import { untilDone, type Executor, type ExecutorContext } from './contract.ts'
import type { VirtualUser } from '../virtual-user.ts'
import { FreeUsers } from './free-users.ts'

/** In milliseconds. Whoever catches up without a pause takes new users, while those who have finished cannot say so. */
const longestWithoutTurnMs = 1

type Load = ArrivalRateLoad<'constant-arrival-rate' | 'ramping-arrival-rate'>

/**
 * Iterations start at planned times, whatever became of those before: open model. An arrival is taken by a free virtual
 * user, or dropped and counted where all are busy. Late starts are caught up with at once, also when the window is over: a
 * timer comes up to a millisecond late, and one for each arrival would come far later. Who wants them more exactly pays with
 * a busy event loop.
 */
export const runArrivalRate: Executor<Load> = async (context) => {
  const { load, segment, seed, clock, startedAtMs, stopping, windowEndMs } = context
  const users = new FreeUsers(context)
  const breath = new Breath(clock, longestWithoutTurnMs)
  const arrivals = arrivalsOf(load, segment, seed)
  let { value: next } = arrivals.next()
  while (next !== undefined && mayStart(context) && !users.areOut) {
    const nowMs = clock.now()
    const aheadMs = startedAtMs + next.atMs - nowMs
    const pause = aheadMs > 0 ? waitFor(aheadMs, context) : breath.due(nowMs)
    if (pause !== undefined) {
      await pause
      continue
    }
    start(next, users, context)
    next = arrivals.next().value
  }
  if (!users.areOut) dropOverdue(next, arrivals, context)
  users.close()
  // Rates are over the whole time, also where nothing is planned for its end.
  await (users.areOut ? undefined : clock.sleep(windowEndMs - clock.now(), stopping))
  await untilDone([users.whenAllFree()], context)
}

function waitFor(ms: number, { load, clock, stopping }: ExecutorContext<Load>): Promise<void> {
  return load.timer === 'precise' ? clock.sleepPrecisely(ms, stopping) : clock.sleep(ms, stopping)
}

function mayStart({ stopping, isWindowOver, cutting }: ExecutorContext<Load>): boolean {
  return !stopping.aborted || (isWindowOver() && !cutting.aborted)
}

function start({ index, atMs }: Arrival, users: FreeUsers, context: ExecutorContext<Load>): void {
  const { startedAtMs, clock, drop, recordLag } = context
  const vu = users.take()
  if (vu === undefined) {
    drop(1, false, atMs)
    return
  }
  if (vu.asksForRows) {
    startWithRows(vu, { index, atMs }, users, context)
    return
  }
  recordLag(clock.now() - startedAtMs - atMs, atMs)
  void vu.runIteration(index, startedAtMs + atMs).then(() => users.giveBack(vu))
}

/** Who waits for its row starts late, or not at all when the load is over first. */
function startWithRows(
  vu: VirtualUser,
  { index, atMs }: Arrival,
  users: FreeUsers,
  { startedAtMs, clock, drop, recordLag }: ExecutorContext<Load>,
): void {
  let hasStarted = false
  const onStart = (): void => {
    hasStarted = true
    recordLag(clock.now() - startedAtMs - atMs, atMs)
  }
  void vu.runIteration(index, startedAtMs + atMs, onStart).then(() => {
    if (!hasStarted && !vu.isOut) drop(1, true, atMs)
    users.giveBack(vu)
  })
}

/** What should have started before the load was stopped. */
function dropOverdue(
  first: Arrival | undefined,
  arrivals: Iterator<Arrival, undefined>,
  { startedAtMs, clock, drop }: ExecutorContext<Load>,
): void {
  const nowMs = clock.now()
  for (let next = first; next !== undefined && startedAtMs + next.atMs <= nowMs; next = arrivals.next().value)
    drop(1, true, next.atMs)
}
