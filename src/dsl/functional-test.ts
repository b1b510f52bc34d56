import { randomInt } from 'node:crypto'
import { inject } from 'vitest'
import { defaultHttpConfig, httpConfigSlot } from '../http/config.ts'
import { readEnvironment } from '../options/environment.ts'
import { projectOptionsKey, resolveBaseUrl, type ResolvedTargetOptions } from '../options/project-options.ts'
import { createRootFrame, frames } from '../session/current.ts'
import type { Session, SessionOptions } from '../session/session.ts'
import { throwProblems, LoadError, CategorisedError } from '../shared/errors.ts'
import { http } from '../http/http.ts'
import { createRunContext, createSession, type RunContext } from './run-context.ts'
import { callBody, callHook, type ScenarioDefinition } from './scenario-definition.ts'
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
  session.set(httpConfigSlot, httpConfig())
  return { session, context }
}

/** Runs a scenario once, as an ordinary test: one user, one iteration, no think time, no objectives. */
export async function runFunctional(definition: ScenarioDefinition, signal: AbortSignal): Promise<void> {
  const { options, name, resolved } = definition
  const { session, context } = openOrdinarySession({ scenario: name, signal, cookieScope: resolved.cookies })
  try {
    const prepared = await callHook(session, () => options.before?.())
    const hookContext = { prepared, vu, http }
    const state = await callHook(session, () => options.setup?.(hookContext))
    const seed = randomInt(2 ** 32)
    session.beginIteration(0, seed)
    const key = { vuId: 1, iteration: 0, globalIteration: undefined, seed }
    const environment = { prepared, state, runSeed: seed, vus: 1 }
    const frame = createRootFrame(session)
    await frames.run(frame, async () => callBody(definition, session, key, environment))
    await callHook(session, () => options.teardown?.({ ...hookContext, state }))
    await callHook(session, () => options.after?.({ prepared }))
    throwCounted(context, { requests: true })
  } finally {
    await session.close()
  }
}

/** Fails an ordinary test for what load runs only count: failed checks, and requests that failed without throwing. */
export function throwCounted({ metrics }: RunContext, what: { requests: boolean }): void {
  const { checks, errors } = metrics.snapshot()
  const failed = checks.filter((check) => check.failed > 0).map((check) => `check '${check.name}' failed`)
  const requests = what.requests ? errors : []
  failed.push(...requests.map((row) => `${row.request === '' ? row.step : row.request}: ${row.message}`))
  if (failed.length === 0) return
  throw new LoadError(
    'ERR_LOAD_RUN',
    `${failed.join('\n')}\nUnder load this counts as a failure; use .expect() for a status that is intended.`,
  )
}

function httpConfig(): typeof defaultHttpConfig {
  const problems: string[] = []
  const environment = readEnvironment(process.env, problems)
  throwProblems('Environment', problems)
  const provided = (inject as (key: string) => unknown)(projectOptionsKey) as ResolvedTargetOptions | undefined
  const baseUrl = environment.baseUrl ?? resolveBaseUrl(provided?.baseUrl, inject as (key: string) => unknown)
  return { ...defaultHttpConfig, ...provided, baseUrl }
}
