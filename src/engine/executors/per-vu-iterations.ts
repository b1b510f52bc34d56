import type { ResolvedLoad } from '../../options/load-options.ts'
import type { ExecutorContext } from './contract.ts'

type Load = Extract<ResolvedLoad, { executor: 'per-vu-iterations' }>

/** Every virtual user runs its own number of iterations: closed model. What is left at `maxDuration` is dropped. */
export async function runPerVUIterations(context: ExecutorContext<Load>): Promise<void> {
  const { iterations, maxDurationMs } = context.load
  const endMs = context.startedAtMs + maxDurationMs
  await Promise.all(
    context.vus.map(async (vu) => {
      for (let done = 0; done < iterations; done++) {
        if (context.stopped() || context.clock.now() >= endMs) {
          context.drop(iterations - done)
          return
        }
        await vu.runIteration()
      }
    }),
  )
}
