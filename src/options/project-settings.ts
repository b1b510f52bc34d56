import * as z from 'zod'
import { throwProblems } from '../shared/errors.ts'
import { offlineSchema } from './offline-options.ts'
import { checkOptions } from './problems.ts'

const expectedName = "expected a name such as 'load'"
const expectedGlobs = "expected an array of globs such as ['specs/**/*.spec.ts']"
const expectedModules = "expected the path of a module such as './global-setup.ts', or an array of them"

/** Not a text by itself, which would be taken apart into its characters. */
const globs = z.array(z.string(expectedGlobs).min(1, expectedGlobs), expectedGlobs).readonly().optional()
const path = z.string(expectedModules).min(1, expectedModules)
const modules = z.union([path, z.array(path).readonly()], expectedModules).optional()

const settingsSchema = z.object({
  name: z.string(expectedName).min(1, expectedName).optional(),
  include: globs,
  exclude: globs,
  globalSetup: modules,
  setupFiles: modules,
  config: z
    .record(z.string(), z.unknown(), 'expected options of a Vitest project such as { resolve: { alias } }')
    .optional(),
  offline: offlineSchema,
})

/** Names of the settings that a project takes beside its options. */
export const settingNames: readonly string[] = Object.keys(settingsSchema.shape)

/**
 * Refuses options that are none.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS`.
 */
export function requireOptions(what: string, options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throwProblems(what, findSettingProblems(options))
}

/** What is wrong with the settings of Vitest in the options of `loadProject()` or `functionalProject()`. */
export function findSettingProblems(options: unknown): string[] {
  return checkOptions(settingsSchema, withHandlersNamed(options), '').problems
}

function withHandlersNamed(options: unknown): unknown {
  const { offline } = (options ?? {}) as { readonly offline?: unknown }
  return typeof offline === 'string' ? { ...(options as object), offline: { handlers: offline } } : options
}
