import { runArrivalRate } from './arrival-rate.ts'
import { runConstantVUs } from './constant-vus.ts'
import type { ExecutorContext } from './contract.ts'
import { runPerVUIterations } from './per-vu-iterations.ts'
import { runRampingVUs } from './ramping-vus.ts'
import { runSharedIterations } from './shared-iterations.ts'

/** Runs the executor that a load names. */
export async function runExecutor(context: ExecutorContext): Promise<void> {
  const { load } = context
  switch (load.executor) {
    case 'constant-vus':
      return runConstantVUs({ ...context, load })
    case 'per-vu-iterations':
      return runPerVUIterations({ ...context, load })
    case 'shared-iterations':
      return runSharedIterations({ ...context, load })
    case 'ramping-vus':
      return runRampingVUs({ ...context, load })
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return runArrivalRate({ ...context, load })
  }
}
