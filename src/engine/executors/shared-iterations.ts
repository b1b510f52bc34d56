import type { ResolvedLoad } from '../../options/resolved-load.ts'
import { iterationAt, iterationCount } from '../segment.ts'
import { untilDone, type Executor } from './contract.ts'

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
  let next = 0
  const work = context.vus.map(async (vu) => {
    while (next < stock && !context.stopping.aborted && context.clock.now() < endMs)
      await vu.runIteration(iterationAt(context.segment, vus, next++))
  })
  await untilDone(work, context)
  context.drop(stock - next)
}
