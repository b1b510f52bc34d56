import { LocalHost } from '../../src/engine/local-host.ts'
import { defaultHttpConfig } from '../../src/http/config.ts'
import { oneRequest, shopFlow, type BenchContext } from '../fixture/bodies.ts'
import { runEngine } from '../support/engine-run.ts'
import { measure, readArguments, vus } from './workloads.ts'

// The engine with everything a scenario uses, but without Vitest and its thread.

const { workload, url } = readArguments()
const config = { ...defaultHttpConfig, baseUrl: url }
const flow = workload === 'one-request' ? oneRequest : shopFlow

await measure(async (iterations, onIteration) => {
  const body = (iteration: BenchContext): Promise<void> => {
    onIteration()
    return flow(iteration)
  }
  const host = new LocalHost()
  await runEngine({ name: workload, load: { vus, iterations }, body, config, host })
  const { counters } = host.totals
  if (counters.iterationsOk !== iterations)
    throw new Error(`${counters.iterationsOk} of ${iterations} iterations were ok.`)
})
