import type { ResolvedLoad } from '../../options/resolved-load.ts'
import { untilDone, type Executor } from './contract.ts'

type Load = Extract<ResolvedLoad, { executor: 'constant-vus' }>

/** A fixed number of virtual users iterate one after another until the duration is over: closed model. */
export const runConstantVUs: Executor<Load> = async (context) => {
  const endMs = context.startedAtMs + context.load.durationMs
  const work = context.vus.map(async (vu) => {
    while (!context.stopping.aborted && context.clock.now() < endMs) await vu.runIteration()
  })
  await untilDone(work, context)
}
