import type { ResolvedLoad } from '../../options/resolved-load.ts'
import type { VirtualUser } from '../virtual-user.ts'
import { untilDone, type Executor } from './contract.ts'
import { iterate } from './iterate.ts'

type Load = Extract<ResolvedLoad, { executor: 'constant-vus' }>

/** A fixed number of virtual users iterate one after another until the duration is over: closed model. */
export const runConstantVUs: Executor<Load> = async (context) => {
  const endMs = context.startedAtMs + context.load.durationMs
  const { stopping, clock } = context
  const mayStart = (): boolean => !stopping.aborted && clock.now() < endMs
  const work = { mayStart, run: (vu: VirtualUser) => vu.runIteration(), ended: stopping, endMs }
  await untilDone(
    context.vus.map((vu) => iterate(vu, work, context)),
    context,
  )
}
