import type { UserWorkspaceConfig } from 'vitest/node'
import { libraryPattern } from './library.ts'
import type { OfflinePart } from './offline-plugin.ts'

/** The settings of Vitest that both kinds of projects take beside their own. */
export interface ProjectSettings {
  /** Globs of the specs, relative to the project's root. */
  readonly include?: readonly string[]
  /** Globs that are left out. */
  readonly exclude?: readonly string[]
  /** Modules that run once in the main process, before and after all: Vitest's `globalSetup`. */
  readonly globalSetup?: string | readonly string[]
  /** Modules that run in every thread before a spec: Vitest's `setupFiles`. */
  readonly setupFiles?: string | readonly string[]
  /** Anything else of a Vitest project: `resolve`, `plugins`, further `test` options. */
  readonly config?: UserWorkspaceConfig
}

type WrittenSettings = { readonly [Name in keyof ProjectSettings]-?: ProjectSettings[Name] | undefined }

/** Makes a Vitest project of the settings, its mocks, and what the kind of project insists on. */
export function createProject(
  name: string,
  settings: WrittenSettings,
  offline: OfflinePart,
  own: UserWorkspaceConfig,
): UserWorkspaceConfig {
  const { include, exclude, globalSetup, setupFiles, config = {} } = settings
  const deps = config.test?.server?.deps
  return {
    ...config,
    plugins: [...(config.plugins ?? []), offline.plugin, ...(own.plugins ?? [])],
    test: {
      ...config.test,
      ...(include !== undefined && { include: [...include] }),
      ...(exclude !== undefined && { exclude: [...exclude] }),
      ...(globalSetup !== undefined && { globalSetup: listOf(globalSetup) }),
      ...own.test,
      name,
      setupFiles: [
        ...listOf(config.test?.setupFiles),
        ...listOf(setupFiles),
        ...offline.setupFiles,
        ...listOf(own.test?.setupFiles),
      ],
      server: {
        ...config.test?.server,
        deps: { ...deps, external: [...(deps?.external ?? []), libraryPattern] },
      },
    },
  }
}

function listOf(value: string | readonly string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : [...value]
}
