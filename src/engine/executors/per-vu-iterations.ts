import type { ResolvedLoad } from '../../options/resolved-load.ts'
import { untilDone, type Executor } from './contract.ts'

type Load = Extract<ResolvedLoad, { executor: 'per-vu-iterations' }>

/** Every virtual user runs its own number of iterations: closed model. What is left at `maxDuration` is dropped. */
export const runPerVUIterations: Executor<Load> = async (context) => {
  const { iterations, maxDurationMs } = context.load
  const endMs = context.startedAtMs + maxDurationMs
  let left = iterations * context.vus.length
  const work = context.vus.map(async (vu) => {
    for (let started = 0; started < iterations; started++) {
      if (context.stopping.aborted || context.clock.now() >= endMs) return
      left -= 1
      await vu.runIteration()
    }
  })
  await untilDone(work, context)
  context.drop(left)
}
