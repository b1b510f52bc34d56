import type { ResolvedLoad } from '../../options/resolved-load.ts'
import { iterationAt, iterationCount } from '../segment.ts'
import type { VirtualUser } from '../virtual-user.ts'
import { untilDone, type Executor } from './contract.ts'
import { iterate } from './iterate.ts'

type Load = Extract<ResolvedLoad, { executor: 'shared-iterations' }>

/**
 * The virtual users take iterations from a common stock: closed model. The stock is cut by segments beforehand, so that
 * every iteration has its number, and with it its random sequence and data row, on any number of threads. What is
 * left at `maxDuration` is dropped.
 */
export const runSharedIterations: Executor<Load> = async (context) => {
  const { iterations, vus, maxDurationMs } = context.load
  const endMs = context.startedAtMs + maxDurationMs
  const stock = iterationCount(context.segment, iterations, vus)
  const { segment, stopping, clock } = context
  let next = 0
  /** Less than were taken where some still waited for their data rows at the end. */
  let started = 0
  const exhausted = new AbortController()
  // Who waits for its turn need not wait for what others have taken meanwhile.
  const ended = AbortSignal.any([stopping, exhausted.signal])
  const mayStart = (): boolean => next < stock && !stopping.aborted && clock.now() < endMs
  const take = (): number => {
    const position = next++
    if (next === stock) exhausted.abort()
    return iterationAt(segment, vus, position)
  }
  const onStart = (): void => {
    started += 1
  }
  const work = { mayStart, run: (vu: VirtualUser) => vu.runIteration(take(), undefined, onStart), ended, endMs }
  await untilDone(
    context.vus.map((vu) => iterate(vu, work, context)),
    context,
  )
  if (!context.vus.some((vu) => vu.isOut)) context.drop(stock - started)
}
