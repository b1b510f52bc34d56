import { rehearse } from '../../src/dsl/rehearsal.ts'
import { countFailure, createRunContext, createSession } from '../../src/dsl/run-context.ts'
import { callBody, type ScenarioDefinition } from '../../src/dsl/scenario-definition.ts'
import { systemClock } from '../../src/engine/clock.ts'
import type { LocalHost } from '../../src/engine/local-host.ts'
import { runLoad } from '../../src/engine/run-load.ts'
import { httpConfigSlot, type HttpConfig } from '../../src/http/config.ts'
import { noEnvironment } from '../../src/options/environment.ts'
import type { LoadOptions } from '../../src/options/load-shapes.ts'
import { isOpen } from '../../src/options/resolved-load.ts'
import { resolveScenarioOptions } from '../../src/options/scenario-options.ts'

/** What runs, with how much load, against what. */
export interface EngineRun {
  readonly name: string
  readonly load: LoadOptions
  readonly body: ScenarioDefinition['body']
  readonly config: HttpConfig
  readonly host: LocalHost
}

/** Runs a scenario with everything it uses – engine, DSL, HTTP client – but without Vitest and its thread. */
export async function runEngine({ name, load, body, config, host }: EngineRun): Promise<void> {
  const resolved = resolveScenarioOptions(name, { load }, noEnvironment)
  const record = { name, declarations: [], sealed: true }
  const definition: ScenarioDefinition = { name, options: {}, resolved, body, record, site: new Error('here') }
  const context = createRunContext({ thinks: true, abort: (reason) => host.requestStop(reason) })
  const { vus } = resolved.load
  if (isOpen(resolved.load)) await rehearse(config)
  await runLoad({
    plan: { scenario: name, revision: 1, load: resolved.load, slos: [] },
    program: {
      createSession: ({ vuId, runId, signal }) => {
        const session = createSession(context, {
          vuId,
          runId,
          signal,
          scenario: name,
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
}
