import type { TestProject, UserWorkspaceConfig } from 'vitest/node'
import { readEnvironment } from '../options/environment.ts'
import type { LoadRunOptions } from '../options/project-options.ts'
import { resolveOffline, type OfflineProjectOptions } from '../options/offline-options.ts'
import { findSettingProblems, requireOptions } from '../options/project-settings.ts'
import { isLoadAsked } from '../pool/asked.ts'
import { createLoadPool } from '../pool/load-pool.ts'
import { loadPlugin } from './load-plugin.ts'
import { offlinePlugin, withBaseUrl } from './offline-plugin.ts'
import { createProject, type ProjectSettings } from './project-settings.ts'

/** Options of `loadProject`. */
export interface LoadProjectOptions extends LoadRunOptions, OfflineProjectOptions, ProjectSettings {
  /** Name of the project, as in `--project load`. @default 'load' */
  readonly name?: string
}

/**
 * A Vitest project that runs scenarios as load: for `test.projects`. The load starts only when it is asked for, by
 * `--project` with the project's name or by `LOAD=1`.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems of the options and of the `LOAD_*` variables.
 * @example
 * ```ts
 * export default defineConfig({
 *   test: { projects: [loadProject({ include: ['specs/*.spec.ts'], baseUrl: 'http://127.0.0.1:3000' })] },
 * })
 * ```
 */
export function loadProject(options: LoadProjectOptions = {}): UserWorkspaceConfig {
  requireOptions('Configuration of the load project', options)
  const { name = 'load', include, exclude, globalSetup, setupFiles, config, offline, ...run } = options
  const settings = { include, exclude, globalSetup, setupFiles, config }
  const environment = readEnvironment(process.env, [])
  const problems = findSettingProblems(options)
  const mocks = problems.length === 0 ? resolveOffline(options, environment) : undefined
  // Handlers keep their state in a thread: what one of two has stored, the other would not find.
  const threads = mocks === undefined ? (run.threads ?? 'auto') : run.threads === 'auto' ? 1 : (run.threads ?? 1)
  const resolved = { ...withBaseUrl(run, mocks), threads }
  const isAsked = (project: TestProject): boolean => isLoadAsked(project, environment.asked)
  return createProject(name, settings, offlinePlugin(offline, mocks, isAsked), {
    plugins: [loadPlugin(environment.threads ?? threads)],
    test: {
      pool: createLoadPool(resolved, { problems, offline: mocks?.handlers }),
      // An inline project inherits the root's: a simulated DOM would replace timers, URL and AbortController, and cost memory.
      environment: config?.test?.environment ?? 'node',
      // One file at a time, each on fresh threads: two loads at once would measure each other.
      isolate: true,
      fileParallelism: false,
      retry: 0,
      repeats: 0,
      sequence: { ...config?.test?.sequence, concurrent: false },
    },
  })
}
