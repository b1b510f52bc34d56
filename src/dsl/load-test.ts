import { randomInt } from 'node:crypto'
import type { TestContext } from 'vitest'
import { systemClock } from '../engine/clock.ts'
import type { LoadProgram } from '../engine/load-run.ts'
import { runLoad } from '../engine/run-load.ts'
import { RunSkipped, type RunHost, type ThreadHost } from '../engine/run-host.ts'
import { hookLimitMs } from '../options/limits.ts'
import { isOpen } from '../options/resolved-load.ts'
import { mixSeed } from '../shared/random.ts'
import { http } from '../http/http.ts'
import { httpConfigSlot } from '../http/config.ts'
import { describeLoadFailure } from '../results/load-failure.ts'
import { summariseResult, type RunResult, type RunSummary } from '../results/run-result.ts'
import { LoadError } from '../shared/errors.ts'
import { defineSlot, type Slot } from '../session/slot.ts'
import { SloAssertionError } from './assertion-error.ts'
import { threadHttpConfig } from './http-config.ts'
import { implicitSlos } from './implicit-slos.ts'
import { LeaderHooks } from './leader-hooks.ts'
import { rehearse } from './rehearsal.ts'
import { runAll } from './run-all.ts'
import { countFailure, createRunContext, createSession, type RunContext } from './run-context.ts'
import { callBody, callHook, hookSeed, type ScenarioDefinition } from './scenario-definition.ts'
import { trimBookkeeping } from './test-bookkeeping.ts'
import { vu } from './vu.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a scenario's load measured, on its test case `load`. */
    load?: RunSummary
  }
}

const stateSlot: Slot<{ readonly value: unknown }> = defineSlot('vu-state')

/** What a scenario's test case `load` is run with. */
export interface LoadTestOptions {
  /** Gets the result of all threads, on the leader, before anything fails: its objectives are judged in any case. */
  readonly onResult: (result: RunResult) => void
  /** How long `before` and `after` may take, in milliseconds. */
  readonly hookLimitMs?: number
}

/** Runs this thread's part of a scenario's load, and fails where the load did. */
export async function runLoadTest(
  definition: ScenarioDefinition,
  thread: ThreadHost,
  test: TestContext,
  options: LoadTestOptions,
): Promise<void> {
  const host = thread.openRun(test.task.id)
  const hooks = new LeaderHooks(definition, host, options.hookLimitMs ?? hookLimitMs)
  const context = createRunContext({ thinks: true, abort: (reason) => hooks.abort(reason) })
  const run = { host, hooks, context, program: createProgram(definition, thread, context) }
  const stopTrimming = trimBookkeeping(test.task)
  try {
    // A closed load waits for its own first answers; an open one has a plan to keep.
    if (isOpen(definition.resolved.load)) await rehearse(threadHttpConfig(thread))
    if (thread.thread === 0) await runLeader(definition, run, test, options.onResult)
    else await runThread(definition, run, undefined)
  } catch (error) {
    if (error instanceof RunSkipped) test.skip(error.message)
    throw error
  } finally {
    stopTrimming()
  }
}

interface ThreadRun {
  readonly host: RunHost
  readonly hooks: LeaderHooks
  readonly context: RunContext & { readonly start: () => void }
  readonly program: LoadProgram
}

async function runLeader(
  definition: ScenarioDefinition,
  run: ThreadRun,
  test: TestContext,
  onResult: (result: RunResult) => void,
): Promise<void> {
  const runId = randomInt(2 ** 32).toString(36)
  // Not the test's signal: what `before` has made is cleaned up also when the test run is cancelled.
  const { signal } = new AbortController()
  const session = run.program.createSession({ vuId: 0, runId, signal })
  try {
    const prepared = await run.hooks.before(session)
    await runAll(
      async () => {
        const result = await runThread(definition, run, prepared)
        if (result === undefined) return
        test.task.meta.load = summariseResult(result)
        onResult(result)
        assertLoad(definition, result)
      },
      // Also when the load was cancelled meanwhile: what `before` has made is there.
      () => run.hooks.after(session, prepared),
    )
  } finally {
    await session.close()
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

function assertLoad(definition: ScenarioDefinition, result: RunResult): void {
  const failure = describeLoadFailure(result)
  if (failure !== undefined) throw new SloAssertionError(failure, definition.site)
}

function createProgram(definition: ScenarioDefinition, thread: ThreadHost, context: RunContext): LoadProgram {
  const { options, resolved, name } = definition
  const { setup, teardown } = options
  const config = threadHttpConfig(thread)
  const { vus } = resolved.load
  return {
    createSession: ({ vuId, runId, signal }) => {
      const session = createSession(context, { vuId, runId, signal, scenario: name, cookieScope: resolved.cookies })
      session.set(httpConfigSlot, config)
      return session
    },
    body: (session, key, { prepared, seed }) => {
      const state = session.get(stateSlot)?.value
      const environment = { prepared, state, runSeed: mixSeed(seed, name), vus }
      return abortWhenExhausted(context, () => callBody(definition, session, key, environment))
    },
    setup:
      setup &&
      (async (session, { prepared, seed }) => {
        session.reseed(hookSeed(definition, seed, session.vuId, 'setup'))
        session.set(stateSlot, { value: await callHook(session, () => setup({ prepared, vu, http })) })
      }),
    teardown:
      teardown &&
      (async (session, { prepared, seed }) => {
        session.reseed(hookSeed(definition, seed, session.vuId, 'teardown'))
        await callHook(session, () => teardown({ prepared, vu, http, state: session.get(stateSlot)?.value }))
      }),
    fail: countFailure,
  }
}

/** Without data rows nothing more can be measured: going on would only count failures. */
function abortWhenExhausted(context: RunContext, body: () => unknown): unknown {
  try {
    return body()
  } catch (thrown) {
    if (thrown instanceof LoadError && thrown.code === 'ERR_LOAD_DATA_EXHAUSTED') context.abort(thrown.message)
    throw thrown
  }
}
