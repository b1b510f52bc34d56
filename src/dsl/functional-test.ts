import { randomInt } from 'node:crypto'
import { httpConfigSlot } from '../http/config.ts'
import type { IterationKey } from '../engine/virtual-user.ts'
import { createRootFrame, frames } from '../session/current.ts'
import type { Session, SessionOptions } from '../session/session.ts'
import { LoadError, CategorisedError } from '../shared/errors.ts'
import { http } from '../http/http.ts'
import { testHttpConfig } from './http-config.ts'
import { runAll } from './run-all.ts'
import { loadRows, RowSupply, type LoadedRows } from './row-supply.ts'
import { createRunContext, createSession, type RunContext } from './run-context.ts'
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
): OrdinarySession {
  const context = createRunContext({
    thinks: false,
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

/** Runs a scenario once, as an ordinary test: one user, one iteration, no think time, no objectives. */
export async function runFunctional(definition: ScenarioDefinition, signal: AbortSignal): Promise<void> {
  const { options, name, resolved } = definition
  const user = openOrdinarySession({ scenario: name, signal, cookieScope: resolved.cookies })
  const { session } = user
  try {
    const rows = await loadRows(options.data)
    const prepared = clonePrepared(name, await callHook(session, () => options.before?.()))
    await runAll(
      () => runUser(definition, user, prepared, rows),
      () => callHook(session, () => options.after?.({ prepared })),
    )
  } finally {
    await session.close()
  }
}

async function runUser(
  definition: ScenarioDefinition,
  user: OrdinarySession,
  prepared: unknown,
  rows: LoadedRows,
): Promise<void> {
  const { setup, teardown } = definition.options
  const { session } = user
  const hookContext = { prepared, vu, http }
  const runSeed = randomInt(2 ** 32)
  let state: unknown
  const callSeeded = async (name: string, hook: () => unknown): Promise<unknown> => {
    session.reseed(hookSeed(definition, runSeed, session.vuId, name))
    return callHook(session, hook)
  }
  await runAll(
    async () => {
      state = await callSeeded('setup', () => setup?.(hookContext))
      await runFed(definition, user, { prepared, state, runSeed, vus: 1 }, rows)
    },
    () => callSeeded('teardown', () => teardown?.({ ...hookContext, state })),
  )
}

/** Runs the body with data rows, which are opened for it alone. */
async function runFed(
  definition: ScenarioDefinition,
  user: OrdinarySession,
  environment: BodyEnvironment,
  rows: LoadedRows,
): Promise<void> {
  const supply = new RowSupply(definition.options.data)
  try {
    await supply.open(rows, 0, 1)
    const isProvided = await supply.provide(keyOf(user.session, environment), environment, user.session.signal)
    if (!isProvided && !user.session.signal.aborted)
      throw new LoadError('ERR_LOAD_DATA_EXHAUSTED', `'${definition.name}' has no data row for its first iteration.`)
    await runOnce(definition, user, { ...environment, feeders: supply.feeders })
  } finally {
    supply.close()
  }
}

function keyOf({ vuId }: Session, { runSeed }: BodyEnvironment): IterationKey {
  return { vuId, iteration: 0, globalIteration: undefined, seed: runSeed }
}

/** Runs the body and judges it as an iteration under load: it fails when it threw, or when one of its requests failed. */
async function runOnce(
  definition: ScenarioDefinition,
  { session, context }: OrdinarySession,
  environment: BodyEnvironment,
): Promise<void> {
  const key = keyOf(session, environment)
  const frame = createRootFrame(session)
  session.beginIteration(key.iteration, key.seed)
  // What set-up left in the records is not the body's.
  context.metrics.measured.snapshot()
  try {
    await frames.run(frame, async () => callBody(definition, session, key, environment))
  } finally {
    await settleRequests(frame.scope)
  }
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
  throw new LoadError(
    'ERR_LOAD_RUN',
    `${failed.join('\n')}\nUnder load this counts as a failure; use .expect() for a status that is intended.`,
  )
}
