import type { UserWorkspaceConfig } from 'vitest/node'
import { readEnvironment } from '../options/environment.ts'
import type { LoadRunOptions } from '../options/project-options.ts'
import { findSettingProblems, requireOptions } from '../options/project-settings.ts'
import { createLoadPool } from '../pool/load-pool.ts'
import { loadPlugin } from './load-plugin.ts'
import { createProject, type ProjectSettings } from './project-settings.ts'

/** Options of `loadProject`. */
export interface LoadProjectOptions extends LoadRunOptions, ProjectSettings {
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
  const { name = 'load', include, exclude, globalSetup, setupFiles, config, ...run } = options
  const settings = { include, exclude, globalSetup, setupFiles, config }
  return createProject(name, settings, {
    plugins: [loadPlugin(readEnvironment(process.env, []).threads ?? run.threads ?? 'auto')],
    test: {
      pool: createLoadPool(run, findSettingProblems(options)),
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
