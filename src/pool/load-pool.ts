import { availableParallelism } from 'node:os'
import type { PoolOptions, PoolRunnerInitializer } from 'vitest/node'
import { readEnvironment } from '../options/environment.ts'
import { findOfflineProblems } from '../options/offline-options.ts'
import { resolveBaseUrl, resolveRunOptions, type LoadRunOptions } from '../options/project-options.ts'
import { publishLive } from '../results/live.ts'
import { throwProblems } from '../shared/errors.ts'
import { isLoadAsked } from './asked.ts'
import { LoadPoolWorker, poolName } from './load-pool-worker.ts'
import { replayOf } from './replay-of.ts'
import { runIdentity } from './run-identity.ts'

/**
 * The Vitest pool that runs each spec as virtual users on worker threads. `loadProject()` sets it up; use it directly, as
 * `test.pool`, when you write the project by hand.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems of the options and of the `LOAD_*` variables.
 */
export function loadPool(options: LoadRunOptions = {}): PoolRunnerInitializer {
  const problems = findOfflineProblems(undefined, readEnvironment(process.env, []))
  return createLoadPool(options, { problems, offline: undefined })
}

/** What a project knows that its pool is a part of. */
export interface ProjectFacts {
  /** What is wrong with its other settings: everything is told together. */
  readonly problems: readonly string[]
  /** Path of the module whose handlers answer in place of the network. */
  readonly offline: string | undefined
}

/** The pool of a project that `loadProject()` makes. */
export function createLoadPool(
  options: LoadRunOptions,
  { problems: known, offline }: ProjectFacts,
): PoolRunnerInitializer {
  const problems = [...known]
  const environment = readEnvironment(process.env, problems)
  const resolved = resolveRunOptions(options, environment, problems)
  return {
    name: poolName,
    createPoolWorker: (poolOptions) => {
      const { project, method } = poolOptions
      const asked = isLoadAsked(project, environment.asked)
      if (!asked && method === 'run') publishLive(project.vitest, { type: 'not-asked', project: project.name })
      if (asked && resolved.unknownProfile !== undefined)
        throwProblems(`Configuration of the load project '${project.name}'`, [resolved.unknownProfile])
      const identity = runIdentity(project.vitest)
      const replay = asked && method === 'run' ? replayOf(project.vitest) : undefined
      if (replay !== undefined) publishLive(project.vitest, { type: 'replay-asked', id: replay.id })
      return new LoadPoolWorker({
        pool: poolOptions,
        threads: asked && method === 'run' && replay === undefined ? countThreads(resolved.threads) : 1,
        asked,
        ...(replay !== undefined && { replay }),
        options: resolved,
        baseUrl: asked ? resolveBaseUrl(resolved.baseUrl, (key) => providedValue(poolOptions, key)) : undefined,
        environment: loadVariables(),
        runId: identity.runId,
        seed: resolved.seed ?? identity.seed,
        offline,
      })
    },
  }
}

function countThreads(threads: number | 'auto'): number {
  return threads === 'auto' ? Math.max(1, availableParallelism() - 1) : threads
}

function providedValue({ project }: PoolOptions, key: string): unknown {
  return (project.getProvidedContext() as unknown as Record<string, unknown>)[key]
}

function loadVariables(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('LOAD')))
}
