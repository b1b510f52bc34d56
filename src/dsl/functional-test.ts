import { randomInt } from 'node:crypto'
import { httpConfigSlot } from '../http/config.ts'
import type { IterationKey } from '../engine/virtual-user.ts'
import { createRootFrame, frames, type Frame } from '../session/current.ts'
import type { Session, SessionOptions } from '../session/session.ts'
import { LoadError, CategorisedError } from '../shared/errors.ts'
import { http } from '../http/http.ts'
import { testHttpConfig } from './http-config.ts'
import { runAll } from './run-all.ts'
import { loadRows, RowSupply, type LoadedRows } from './row-supply.ts'
import { createRunContext, createSession, type RunContext, type RunTrace } from './run-context.ts'
import {
  callBody,
  callHook,
  clonePrepared,
  hookSeed,
  settleRequests,
  type BodyEnvironment,
  type ScenarioDefinition,
} from './scenario-definition.ts'
import { vu } from './vu.ts'

/** A session outside of any load, as ordinary tests use it. */
export interface OrdinarySession {
  readonly session: Session
  readonly context: RunContext
}

/** Opens the session of an ordinary test. */
export function openOrdinarySession(
  options: Pick<SessionOptions, 'scenario' | 'signal'> & Partial<SessionOptions>,
  trace?: RunTrace,
): OrdinarySession {
  const context = createRunContext({
    thinks: false,
    trace,
    abort: (reason) => {
      throw new CategorisedError('ERR_LOAD_ABORTED', 'script', reason)
    },
  })
  const session = createSession(context, {
    vuId: 1,
    runId: randomInt(2 ** 32).toString(36),
    cookieScope: 'vu',
    ...options,
  })
  session.set(httpConfigSlot, testHttpConfig())
  return { session, context }
}

/** The one iteration of an ordinary test. */
export interface OrdinaryIteration {
  readonly key: IterationKey
  /** What the seeds of hooks come from. */
  readonly hookSeed: number
  readonly environment: Pick<BodyEnvironment, 'runSeed' | 'vus'>
  /** Throws where the test fails by how the body has ended. */
  readonly judge: (end: BodyEnd) => void
}

/** How a body has ended. */
export interface BodyEnd {
  readonly frame: Frame
  /** Set when it threw. */
  readonly thrown: { readonly error: unknown } | undefined
}

/** Runs a scenario once, as an ordinary test: one user, one iteration, no think time, no objectives. */
export async function runFunctional(definition: ScenarioDefinition, signal: AbortSignal): Promise<void> {
  const { name, resolved } = definition
  const user = openOrdinarySession({ scenario: name, signal, cookieScope: resolved.cookies })
  const runSeed = randomInt(2 ** 32)
  await runIteration(definition, user, {
    key: { vuId: user.session.vuId, iteration: 0, globalIteration: undefined, seed: runSeed },
    hookSeed: runSeed,
    environment: { runSeed, vus: 1 },
    judge: (end) => judgeAsLoad(user.context, end),
  })
}

/** Runs one iteration of a scenario with all its hooks, and closes the session. */
export async function runIteration(
  definition: ScenarioDefinition,
  user: OrdinarySession,
  iteration: OrdinaryIteration,
): Promise<void> {
  const { options, name } = definition
  const { session } = user
  try {
    const rows = await loadRows(options.data)
    const prepared = clonePrepared(name, await callHook(session, () => options.before?.()))
    await runAll(
      () => runUser(definition, user, iteration, { prepared, rows }),
      () => callHook(session, () => options.after?.({ prepared })),
    )
  } finally {
    await session.close()
  }
}

async function runUser(
  definition: ScenarioDefinition,
  user: OrdinarySession,
  iteration: OrdinaryIteration,
  { prepared, rows }: { readonly prepared: unknown; readonly rows: LoadedRows },
): Promise<void> {
  const { setup, teardown } = definition.options
  const { session } = user
  const hookContext = { prepared, vu, http }
  let state: unknown
  const callSeeded = async (name: string, hook: () => unknown): Promise<unknown> => {
    session.reseed(hookSeed(definition, iteration.hookSeed, session.vuId, name))
    return callHook(session, hook)
  }
  await runAll(
    async () => {
      state = await callSeeded('setup', () => setup?.(hookContext))
      await runFed(definition, user, iteration, { ...iteration.environment, prepared, state }, rows)
    },
    () => callSeeded('teardown', () => teardown?.({ ...hookContext, state })),
  )
}

/** Runs the body with data rows, which are opened for it alone. */
async function runFed(
  definition: ScenarioDefinition,
  user: OrdinarySession,
  iteration: OrdinaryIteration,
  environment: BodyEnvironment,
  rows: LoadedRows,
): Promise<void> {
  const supply = new RowSupply(definition.options.data)
  const { signal } = user.session
  try {
    await supply.open(rows, 0, 1)
    const isProvided = await supply.provide(iteration.key, environment, signal)
    if (!isProvided && !signal.aborted)
      throw new LoadError('ERR_LOAD_DATA_EXHAUSTED', `'${definition.name}' has no data row for its first iteration.`)
    await runOnce(definition, user, iteration, { ...environment, feeders: supply.feeders })
  } finally {
    supply.close()
  }
}

async function runOnce(
  definition: ScenarioDefinition,
  { session, context }: OrdinarySession,
  { key, judge }: OrdinaryIteration,
  environment: BodyEnvironment,
): Promise<void> {
  const frame = createRootFrame(session)
  session.beginIteration(key.iteration, key.seed, key.globalIteration)
  // What set-up left in the records is not the body's.
  context.metrics.measured.snapshot()
  let thrown: BodyEnd['thrown']
  try {
    await frames.run(frame, async () => callBody(definition, session, key, environment))
  } catch (error) {
    thrown = { error }
  }
  await settleRequests(frame.scope)
  judge({ frame, thrown })
}

/** As an iteration under load: it has failed when it threw, or when one of its requests failed. */
function judgeAsLoad(context: RunContext, { frame, thrown }: BodyEnd): void {
  if (thrown !== undefined) throw thrown.error
  throwCounted(context, { requests: frame.failedRequests > 0 })
}

/** Fails an ordinary test for what load runs only count: failed checks, and requests that failed without throwing. */
export function throwCounted({ metrics }: RunContext, what: { requests: boolean }): void {
  const { checks, errors } = metrics.measured.snapshot()
  const failed = checks.filter((check) => check.failed > 0).map((check) => `check '${check.name}' failed`)
  // A row without a request is of something thrown, which the body has caught: under load the iteration goes on as well.
  const requests = what.requests ? errors.filter((row) => row.request !== '') : []
  failed.push(...requests.map((row) => `${row.request}: ${row.message}`))
  if (failed.length === 0) return
  const advice = requests.length === 0 ? '' : '; use .expect() for a status that is intended'
  throw new LoadError('ERR_LOAD_RUN', `${failed.join('\n')}\nUnder load this counts as a failure${advice}.`)
}
