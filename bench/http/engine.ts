import { countFailure, createRunContext, createSession } from '../../src/dsl/run-context.ts'
import { callBody, type ScenarioDefinition } from '../../src/dsl/scenario-definition.ts'
import { systemClock } from '../../src/engine/clock.ts'
import { LocalHost } from '../../src/engine/local-host.ts'
import { runLoad } from '../../src/engine/run-load.ts'
import { defaultHttpConfig, httpConfigSlot } from '../../src/http/config.ts'
import { resolveScenarioOptions } from '../../src/options/scenario-options.ts'
import { oneRequest, shopFlow, type BenchContext } from '../fixture/bodies.ts'
import { measure, readArguments, vus } from './workloads.ts'

// The engine with everything a scenario uses, but without Vitest and its thread.

const { workload, url } = readArguments()
const config = { ...defaultHttpConfig, baseUrl: url }
const flow = workload === 'one-request' ? oneRequest : shopFlow
const environment = { asked: true, load: undefined, threads: undefined, seed: undefined, baseUrl: undefined }

await measure(async (iterations, onIteration) => {
  const body = (iteration: BenchContext): Promise<void> => {
    onIteration()
    return flow(iteration)
  }
  const resolved = resolveScenarioOptions(workload, { load: { vus, iterations } }, environment)
  const record = { name: workload, declarations: [], sealed: true }
  const definition: ScenarioDefinition = {
    name: workload,
    options: {},
    resolved,
    body,
    record,
    site: new Error('here'),
  }
  const host = new LocalHost()
  const context = createRunContext({ thinks: true, abort: (reason) => host.requestStop(reason) })
  await runLoad({
    plan: { scenario: workload, revision: 1, load: resolved.load, slos: [] },
    program: {
      createSession: ({ vuId, runId, signal }) => {
        const session = createSession(context, {
          vuId,
          runId,
          signal,
          scenario: workload,
          cookieScope: resolved.cookies,
        })
        session.set(httpConfigSlot, config)
        return session
      },
      body: (session, key) =>
        callBody(definition, session, key, { prepared: undefined, state: undefined, runSeed: 1, vus }),
      setup: undefined,
      teardown: undefined,
      fail: countFailure,
    },
    host,
    metrics: context.metrics,
    clock: systemClock,
    prepared: undefined,
    onStart: context.start,
  })
  const { counters } = host.totals
  if (counters.iterationsOk !== iterations)
    throw new Error(`${counters.iterationsOk} of ${iterations} iterations were ok.`)
})
