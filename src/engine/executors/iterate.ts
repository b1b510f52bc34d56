import { drawDelay, type Delay } from '../../shared/delays.ts'
import { mixSeed, SeededRandom } from '../../shared/random.ts'
import type { Clock } from '../clock.ts'
import type { VirtualUser } from '../virtual-user.ts'
import type { ExecutorContext } from './contract.ts'

type Context = Pick<ExecutorContext, 'load' | 'clock' | 'seed' | 'startedAtMs'>

/** What virtual users of a closed load do, one iteration after the other. One object may serve them all. */
interface Work {
  /** Whether another iteration may start, as far as that is known now. Asked anew after each wait. */
  readonly mayStart: () => boolean
  readonly run: (vu: VirtualUser) => Promise<void>
  /** Aborted when nobody needs to wait for another start. */
  readonly ended: AbortSignal
  /** When none starts any more, on the clock of the run. */
  readonly endMs: number
}

/** Lets a virtual user iterate as long as it may, from its turn on and no faster than its pacing allows. */
export function iterate(vu: VirtualUser, work: Work, context: Context): Promise<void> {
  const { staggerMs, pacing } = context.load
  return staggerMs === undefined && pacing === undefined ? iterateAtOnce(vu, work) : iterateInTime(vu, work, context)
}

/** Apart from the other, because what it keeps counts where thousands of users wait. */
async function iterateAtOnce(vu: VirtualUser, work: Work): Promise<void> {
  while (work.mayStart() && !vu.isOut) await work.run(vu)
}

async function iterateInTime(vu: VirtualUser, work: Work, context: Context): Promise<void> {
  const { staggerMs, pacing } = context.load
  if (staggerMs !== undefined) await waitForTurn(vu, staggerMs, context, work.ended)
  const pace = pacing === undefined ? undefined : createPace(vu, pacing, context)
  while (work.mayStart() && !vu.isOut) {
    if (pace !== undefined) {
      await pace(work.endMs, work.ended)
      if (!work.mayStart()) return
    }
    await work.run(vu)
  }
}

/**
 * The wait before each iteration of a virtual user, the first excepted. Starts count from when they were due, for a timer
 * comes up to a millisecond late, which would add up. Where one is overdue, they count from then on: there is no
 * backlog, as a person who was kept waiting does not hurry afterwards.
 */
function createPace(
  vu: VirtualUser,
  pacing: Delay,
  { clock, seed }: Context,
): (endMs: number, ended: AbortSignal) => Promise<void> {
  // A sequence of its own: how often a body asks for random numbers must not alter when it starts.
  const random = new SeededRandom(mixSeed(seed, 'pacing', vu.id))
  let dueMs: number | undefined
  return async (endMs, ended) => {
    const nowMs = clock.now()
    let startMs = nowMs
    if (dueMs !== undefined && dueMs >= nowMs) {
      startMs = dueMs
      await sleepUntil(Math.min(dueMs, endMs), clock, ended)
    } else if (dueMs !== undefined) {
      vu.missPacing()
    }
    dueMs = startMs + drawDelay(pacing, () => random.next())
  }
}

/** Virtual users come one by one, evenly spread over a time, in the order of their numbers over all threads. */
async function waitForTurn(
  vu: VirtualUser,
  staggerMs: number,
  { load, clock, startedAtMs }: Context,
  ended: AbortSignal,
): Promise<void> {
  const turnMs = startedAtMs + ((vu.id - 1) * staggerMs) / load.vus
  await sleepUntil(turnMs, clock, ended)
}

/** A timer may fire a fraction of a millisecond early: enough to start an iteration right before the end of a load. */
async function sleepUntil(untilMs: number, clock: Clock, ended: AbortSignal): Promise<void> {
  for (;;) {
    const leftMs = untilMs - clock.now()
    if (leftMs <= 0 || ended.aborted) return
    await clock.sleep(leftMs, ended)
  }
}
