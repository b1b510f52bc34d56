import { randomInt } from 'node:crypto'
import type { TestContext } from 'vitest'
import { systemClock } from '../engine/clock.ts'
import type { LoadProgram } from '../engine/load-run.ts'
import type { Provided } from '../engine/virtual-user.ts'
import { runLoad } from '../engine/run-load.ts'
import { RunSkipped, type RunHost, type ThreadHost } from '../engine/run-host.ts'
import { segmentSize, type Segment } from '../engine/segment.ts'
import { hookLimitMs } from '../options/limits.ts'
import type { RoundPlan } from '../options/plan.ts'
import type { ResolvedLoad } from '../options/resolved-load.ts'
import { mixSeed } from '../shared/random.ts'
import { http } from '../http/http.ts'
import { httpConfigSlot, type HttpConfig } from '../http/config.ts'
import { visitInFlight } from '../http/requests-in-flight.ts'
import { describeLoadFailure } from '../results/load-failure.ts'
import { summariseResult, type RunResult, type RunSummary } from '../results/run-result.ts'
import { LoadError, messageOf } from '../shared/errors.ts'
import { defineSlot, type Slot } from '../session/slot.ts'
import { SloAssertionError } from './assertion-error.ts'
import { runRounds } from './capacity-rounds.ts'
import { segmentHttpConfig, threadHttpConfig } from './http-config.ts'
import { abortingSlo, implicitSlos } from './implicit-slos.ts'
import { LeaderHooks } from './leader-hooks.ts'
import { rehearse } from './rehearsal.ts'
import { RowSupply, type LoadedRows } from './row-supply.ts'
import { runAll } from './run-all.ts'
import { countFailure, createRunContext, createSession, type RunContext } from './run-context.ts'
import { callBody, callHook, hookSeed, type ScenarioDefinition } from './scenario-definition.ts'
import { orderOf, runsWithOpenLoad, type LoadOrder } from './start-order.ts'
import { trimBookkeeping } from './test-bookkeeping.ts'
import { vu } from './vu.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a scenario's load measured, on its test case `load`. */
    load?: RunSummary
  }
}

const stateSlot: Slot<{ readonly value: unknown }> = defineSlot('vu-state')

/** What the leader has made for all threads: every assignment has it. */
interface Provision {
  readonly prepared: unknown
  readonly rows: LoadedRows
}

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
  const run = openRun(definition, { thread, host, hooks, test })
  const stopTrimming = trimBookkeeping(test.task)
  try {
    // A closed load waits for its own first answers; an open one has a plan to keep. Whoever runs with it waits as well:
    // all start together, and nobody's figures are those of a thread that rehearses.
    if (runsWithOpenLoad(test.task)) await rehearse(threadHttpConfig(thread))
    if (thread.thread === 0) await runLeader(definition, run, test, options.onResult)
    else await runThread(definition, run, undefined)
  } catch (error) {
    if (error instanceof RunSkipped) test.skip(error.message)
    throw error
  } finally {
    run.order.onEnd()
    stopTrimming()
  }
}

/** What the runs of one test case have in common. */
interface RunSurroundings {
  readonly thread: ThreadHost
  readonly host: RunHost
  readonly hooks: LeaderHooks
  readonly test: TestContext
}

interface ThreadRun extends RunSurroundings {
  readonly context: RunContext & { readonly start: () => void }
  readonly program: LoadProgram
  readonly order: LoadOrder
}

/** Makes what one run measures, and those who run it. */
function openRun(definition: ScenarioDefinition, surroundings: RunSurroundings): ThreadRun {
  const { thread, hooks, test } = surroundings
  const context = createRunContext({
    thinks: true,
    abort: (reason) => hooks.abort(reason),
    isThrottled: definition.resolved.load.throttlePerSecond !== undefined,
  })
  const program = createProgram(definition, thread, context)
  return { ...surroundings, context, program, order: orderOf(test.task) }
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
    const rows = await run.hooks.loadRows()
    const prepared: Provision = { prepared: await run.hooks.before(session), rows }
    await runAll(
      async () => {
        const result = await runThread(definition, run, prepared)
        if (result === undefined) return
        test.task.meta.load = summariseResult(result)
        onResult(result)
        assertLoad(definition, result)
      },
      // Also when the load was cancelled meanwhile: what `before` has made is there.
      () => run.hooks.after(session, prepared.prepared),
    )
  } finally {
    await session.close()
  }
}

/** Runs the load; of a capacity search one after another, each with a host of its own. */
async function runThread(
  definition: ScenarioDefinition,
  run: ThreadRun,
  prepared: Provision | undefined,
): Promise<RunResult | undefined> {
  const { capacity } = definition
  if (capacity === undefined) return runOnce(definition, run, prepared)
  const { thread, test } = run
  const runRound = async (level: ScenarioDefinition, round: RoundPlan) => {
    const own = openRun(level, { ...run, host: thread.openRun(test.task.id) })
    const result = await runOnce(level, own, prepared, round)
    return { result, nextLevel: own.host.nextLevel }
  }
  // The others wait for the leader, whom a cancelled test run does not let rest.
  const rest = async (): Promise<void> =>
    thread.thread === 0 ? systemClock.sleep(capacity.restMs, test.signal) : undefined
  return runRounds(definition, capacity, runRound, rest)
}

async function runOnce(
  { name, resolved, record }: ScenarioDefinition,
  { thread, host, context, program, order }: ThreadRun,
  prepared: Provision | undefined,
  round?: RoundPlan,
): Promise<RunResult | undefined> {
  const abort = abortingSlo(name, resolved.abort ?? thread.options.abort)
  const slos = [...record.declarations.map((declaration) => declaration.slo), ...implicitSlos(record, resolved)]
  return runLoad({
    plan: {
      scenario: name,
      revision: 1,
      load: resolved.load,
      intensity: resolved.intensity,
      slos,
      ...(round !== undefined && { round }),
      ...(abort !== undefined && { abort }),
    },
    program,
    host,
    metrics: context.metrics,
    clock: systemClock,
    prepared,
    onStart: ({ segment }) => {
      context.start()
      startThrottle(context, resolved.load, segment)
    },
    turn: order.turn,
    // Of a capacity search, the end is that of its last round.
    ...(round === undefined && { onEnd: order.onEnd }),
  })
}

/** Every thread has the share of its virtual users, and its turns lie between those of the others. */
function startThrottle({ throttle }: RunContext, load: ResolvedLoad, segment: Segment): void {
  const { throttlePerSecond, vus } = load
  if (throttlePerSecond === undefined) return
  const ratePerSecond = (throttlePerSecond * segmentSize(segment, vus)) / vus
  throttle?.start(ratePerSecond, (segment.index * 1000) / throttlePerSecond)
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
  // One for all users: URLs are cached by it.
  let usersConfig: HttpConfig | undefined
  const supply = new RowSupply(options.data)
  const program: LoadProgram & RowProgram = {
    createSession: ({ vuId, runId, signal, segment }) => {
      const session = createSession(context, { vuId, runId, signal, scenario: name, cookieScope: resolved.cookies })
      if (segment === undefined) session.set(httpConfigSlot, segmentHttpConfig(config, vus, undefined))
      else session.set(httpConfigSlot, (usersConfig ??= segmentHttpConfig(config, vus, segment)))
      return session
    },
    body: (session, key, { prepared: provision, seed }) => {
      const { prepared } = provision as Provision
      const state = session.get(stateSlot)?.value
      const environment = { prepared, state, runSeed: mixSeed(seed, name), vus, feeders: supply.feeders }
      return abortWhenExhausted(context, () => callBody(definition, session, key, environment))
    },
    setup:
      setup &&
      (async (session, { prepared: provision, seed }) => {
        const { prepared } = provision as Provision
        session.reseed(hookSeed(definition, seed, session.vuId, 'setup'))
        session.set(stateSlot, { value: await callHook(session, () => setup({ prepared, vu, http })) })
      }),
    teardown:
      teardown &&
      (async (session, { prepared: provision, seed }) => {
        const { prepared } = provision as Provision
        session.reseed(hookSeed(definition, seed, session.vuId, 'teardown'))
        await callHook(session, () => teardown({ prepared, vu, http, state: session.get(stateSlot)?.value }))
      }),
    requestsInFlight: (visit) => visitInFlight(context.recorder, visit),
    fail: countFailure,
  }
  if (supply.isOpenable) feedProgram(program, supply, definition, context)
  return program
}

type RowProgram = { -readonly [Part in 'open' | 'provide' | 'closeRows']?: LoadProgram[Part] }

/** Adds to a program what sees to data rows that are not there from the start. */
function feedProgram(
  program: RowProgram,
  supply: RowSupply,
  { name, resolved }: ScenarioDefinition,
  context: RunContext,
): void {
  const { vus } = resolved.load
  const provide: LoadProgram['provide'] = (key, { seed }, signal) =>
    endedByFailure(context, () => supply.provide(key, { runSeed: mixSeed(seed, name), vus }, signal))
  program.open = async ({ prepared, segment }) => {
    await supply.open((prepared as Provision).rows, segment.index, segment.count)
    if (supply.isAsked) program.provide = provide
  }
  program.closeRows = () => {
    supply.close()
    return supply.isAsked ? supply.report() : undefined
  }
}

/** A source that fails, or has no more rows than it must have, ends the load. */
function endedByFailure(context: RunContext, provide: () => Provided): Provided {
  const abort = (thrown: unknown): false => {
    context.abort(messageOf(thrown))
    return false
  }
  try {
    const provided = provide()
    return provided instanceof Promise ? provided.catch(abort) : provided
  } catch (thrown) {
    return abort(thrown)
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
