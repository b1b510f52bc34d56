import type { ResolvedLoad } from '../../options/resolved-load.ts'
import { untilDone, type Executor } from './contract.ts'
import { iterate } from './iterate.ts'

type Load = Extract<ResolvedLoad, { executor: 'per-vu-iterations' }>

/** Every virtual user runs its own number of iterations: closed model. What is left at `maxDuration` is dropped. */
export const runPerVUIterations: Executor<Load> = async (context) => {
  const { iterations, maxDurationMs } = context.load
  const endMs = context.startedAtMs + maxDurationMs
  let left = iterations * context.vus.length
  const { stopping, clock } = context
  const onStart = (): void => {
    left -= 1
  }
  const work = context.vus.map((vu) => {
    let started = 0
    const mayStart = (): boolean => started < iterations && !stopping.aborted && clock.now() < endMs
    const run = (): Promise<void> => {
      started += 1
      return vu.runIteration(undefined, undefined, onStart)
    }
    return iterate(vu, { mayStart, run, ended: stopping, endMs }, context)
  })
  await untilDone(work, context)
  if (!context.vus.some((vu) => vu.isOut)) context.drop(left)
}
