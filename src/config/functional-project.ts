import type { ProvidedContext } from 'vitest'
import type { UserWorkspaceConfig } from 'vitest/node'
import { readEnvironment } from '../options/environment.ts'
import { resolveOffline, type OfflineProjectOptions } from '../options/offline-options.ts'
import { projectOptionsKey, resolveTargetOptions, type TargetOptions } from '../options/project-options.ts'
import { findSettingProblems, requireOptions } from '../options/project-settings.ts'
import { libraryFile } from './library.ts'
import { offlinePlugin, withBaseUrl } from './offline-plugin.ts'
import { createProject, type ProjectSettings } from './project-settings.ts'

/** Options of `functionalProject`. */
export interface FunctionalProjectOptions extends TargetOptions, OfflineProjectOptions, ProjectSettings {
  /** Name of the project, as in `--project functional`. @default 'functional' */
  readonly name?: string
}

/**
 * A Vitest project that runs each scenario once, as an ordinary test, in one of Vitest's own pools: for
 * `test.projects`. Plain tests in the same files run too and can use `http`, `step` and `check`.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems of the options.
 * @example
 * ```ts
 * export default defineConfig({
 *   test: { projects: [functionalProject({ include: ['specs/*.spec.ts'], baseUrl: 'http://127.0.0.1:3000' })] },
 * })
 * ```
 */
export function functionalProject(options: FunctionalProjectOptions = {}): UserWorkspaceConfig {
  requireOptions('Options of the functional project', options)
  const { name = 'functional', include, exclude, globalSetup, setupFiles, config, offline, ...target } = options
  const settings = { include, exclude, globalSetup, setupFiles, config }
  // Only two of the variables matter here; a load project tells what is wrong with the others.
  const environment = readEnvironment(process.env, [])
  const problems = findSettingProblems(options)
  const mocks = problems.length === 0 ? resolveOffline(options, environment) : undefined
  const resolved = resolveTargetOptions(withBaseUrl(target, mocks), environment, problems)
  const provide = { ...config?.test?.provide, [projectOptionsKey]: resolved } as ProvidedContext
  return createProject(name, settings, offlinePlugin(offline, mocks), {
    test: { provide, setupFiles: [libraryFile('worker/functional-setup')] },
  })
}
