import { drawDelay, type Delay } from '../../shared/delays.ts'
import { mixSeed, SeededRandom } from '../../shared/random.ts'
import type { Clock } from '../clock.ts'
import type { VirtualUser } from '../virtual-user.ts'
import type { ExecutorContext } from './contract.ts'

type Context = Pick<ExecutorContext, 'load' | 'clock' | 'seed' | 'startedAtMs'>

/** The iterations of one virtual user of a closed load, one after the other. */
interface Work {
  readonly vu: VirtualUser
  /** Whether another iteration may start, as far as that is known now. Asked anew after each wait. */
  readonly mayStart: () => boolean
  readonly run: () => Promise<void>
  /** Aborted when nobody needs to wait for another start. */
  readonly ended: AbortSignal
  /** When none starts any more, on the clock of the run. */
  readonly endMs: number
}

/** Lets a virtual user iterate as long as it may, from its turn on and no faster than its pacing allows. */
export async function iterate({ vu, mayStart, run, ended, endMs }: Work, context: Context): Promise<void> {
  const { staggerMs, pacing } = context.load
  if (staggerMs !== undefined) await waitForTurn(vu, staggerMs, context, ended)
  const pace = pacing === undefined ? undefined : createPace(vu, pacing, context)
  while (mayStart()) {
    if (pace !== undefined) {
      await pace(endMs, ended)
      if (!mayStart()) return
    }
    await run()
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
