import { randomInt } from 'node:crypto'
import { clearInterval, setInterval } from 'node:timers'
import type { TestContext } from 'vitest'
import { systemClock } from '../engine/clock.ts'
import { runLoad, type LoadProgram } from '../engine/run-load.ts'
import { RunSkipped, type RunHost, type ThreadHost } from '../engine/run-host.ts'
import { mixSeed } from '../shared/random.ts'
import { http } from '../http/http.ts'
import { defaultHttpConfig, httpConfigSlot } from '../http/config.ts'
import { summariseResult, type RunResult, type RunSummary } from '../results/run-result.ts'
import { LoadError } from '../shared/errors.ts'
import type { Session } from '../session/session.ts'
import { defineSlot, type Slot } from '../session/slot.ts'
import { SloAssertionError } from './assertion-error.ts'
import { implicitSlos } from './implicit-slos.ts'
import { countFailure, createRunContext, createSession, type RunContext } from './run-context.ts'
import { callBody, callHook, type ScenarioDefinition } from './scenario-definition.ts'
import { vu } from './vu.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a scenario's load measured, on its test case `load`. */
    load?: RunSummary
  }
}

const trimIntervalMs = 1000

const stateSlot: Slot<{ readonly value: unknown }> = defineSlot('vu-state')

/** Runs this thread's part of a scenario's load. The leader gets the result of all threads, a follower nothing. */
export async function runLoadTest(
  definition: ScenarioDefinition,
  thread: ThreadHost,
  test: TestContext,
): Promise<RunResult | undefined> {
  const host = thread.openRun(test.task.id)
  const context = createRunContext({ thinks: true, abort: (reason) => host.requestStop(reason) })
  const run = { host, context, program: createProgram(definition, thread, context) }
  const stopTrimming = trimBookkeeping(test.task as { onFinished?: unknown[] })
  try {
    if (thread.thread === 0) return await runLeader(definition, run, test)
    await runThread(definition, run, undefined)
    return undefined
  } catch (error) {
    if (error instanceof RunSkipped) test.skip(error.message)
    throw error
  } finally {
    stopTrimming()
  }
}

/** Vitest keeps a function for every async matcher until its test ends: what iterations leave is dropped once a second. */
function trimBookkeeping(task: { onFinished?: unknown[] }): () => void {
  const ownCount = task.onFinished?.length ?? 0
  const trim = (): void => {
    task.onFinished?.splice(ownCount)
  }
  const timer = setInterval(trim, trimIntervalMs)
  return () => {
    clearInterval(timer)
    trim()
  }
}

interface ThreadRun {
  readonly host: RunHost
  readonly context: RunContext & { readonly start: () => void }
  readonly program: LoadProgram
}

async function runLeader(
  definition: ScenarioDefinition,
  run: ThreadRun,
  test: TestContext,
): Promise<RunResult | undefined> {
  const runId = randomInt(2 ** 32).toString(36)
  const hooks = run.program.createSession({ vuId: 0, runId, signal: test.signal })
  try {
    const prepared = await prepare(definition, run.host, hooks)
    const result = await runThread(definition, run, prepared)
    await callHook(hooks, () => definition.options.after?.({ prepared }))
    if (result !== undefined) test.task.meta.load = summariseResult(result)
    return result
  } finally {
    await hooks.close()
  }
}

async function runThread(
  { name, resolved, record }: ScenarioDefinition,
  { host, context, program }: ThreadRun,
  prepared: unknown,
): Promise<RunResult | undefined> {
  const slos = [...record.declarations.map((declaration) => declaration.slo), ...implicitSlos(record, resolved)]
  return runLoad({
    plan: { scenario: name, revision: 1, load: resolved.load, slos },
    program,
    host,
    metrics: context.metrics,
    clock: systemClock,
    prepared,
    onStart: context.start,
  })
}

/** Fails the test case `load` for whatever is not the business of a declared objective's own test case. */
export function assertLoad(definition: ScenarioDefinition, result: RunResult): void {
  const implicit = result.slos.filter((outcome) => outcome.slo.implicit && outcome.status === 'fail')
  const reasons = [...result.reasons, ...implicit.map((outcome) => outcome.message)]
  if (reasons.length === 0) return
  const prefix =
    result.verdict === 'invalid'
      ? `The load of '${definition.name}' is invalid`
      : `The load of '${definition.name}' failed`
  const list = reasons.length === 1 ? ` ${reasons[0] ?? ''}` : reasons.map((reason) => `\n  - ${reason}`).join('')
  throw new SloAssertionError(`${prefix}:${list}`, definition.site)
}

async function prepare({ options, name }: ScenarioDefinition, host: RunHost, session: Session): Promise<unknown> {
  try {
    const prepared = await callHook(session, () => options.before?.())
    return structuredClone(prepared)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const isCloning = cause instanceof Error && cause.name === 'DataCloneError'
    const reason = isCloning
      ? `before() of '${name}' returned what cannot be sent to other threads: ${message} Return plain data.`
      : `before() of '${name}' threw: ${message}`
    host.giveUp(reason)
    throw new LoadError('ERR_LOAD_HOOK', reason, { cause })
  }
}

function createProgram(definition: ScenarioDefinition, thread: ThreadHost, context: RunContext): LoadProgram {
  const { options, resolved, name } = definition
  const { setup, teardown } = options
  const config = { ...defaultHttpConfig, ...thread.options, baseUrl: thread.baseUrl }
  const { vus } = resolved.load
  return {
    createSession: ({ vuId, runId, signal }) => {
      const session = createSession(context, { vuId, runId, signal, scenario: name, cookieScope: resolved.cookies })
      session.set(httpConfigSlot, config)
      return session
    },
    body: (session, key, { prepared, seed }) => {
      const state = session.get(stateSlot)?.value
      return callBody(definition, session, key, { prepared, state, runSeed: mixSeed(seed, name), vus })
    },
    setup:
      setup &&
      (async (session, { prepared }) => {
        session.set(stateSlot, { value: await callHook(session, () => setup({ prepared, vu, http })) })
      }),
    teardown:
      teardown &&
      (async (session, { prepared }) => {
        await callHook(session, () => teardown({ prepared, vu, http, state: session.get(stateSlot)?.value }))
      }),
    fail: countFailure,
  }
}
