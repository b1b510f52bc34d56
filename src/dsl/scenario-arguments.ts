import type { LoadEnvironment } from '../options/environment.ts'
import type { ResolvedProfile } from '../options/profiles.ts'
import { resolveScenarioOptions, type MixedLoad, type ResolvedScenarioOptions } from '../options/scenario-options.ts'
import { LoadError, throwProblems } from '../shared/errors.ts'
import { printable } from '../shared/text.ts'
import { isThenable, showReceived } from './arguments.ts'

/** What a scenario was called with, sorted, and what is wrong with the order. */
export interface ScenarioArguments {
  readonly name: string
  readonly options: unknown
  readonly body: unknown
  readonly problems: readonly string[]
}

/** Sorts `(name, options, body)` and `(name, body)`. With `.for` the options may be a function as well. */
export function sortArguments(input: readonly unknown[], optionsMayBeFunction: boolean): ScenarioArguments {
  const [name, second, third, ...more] = input as [string, ...unknown[]]
  const problems = more.map(
    (extra) => `scenario(name, options, body) takes nothing more; received ${showReceived(extra)}. Remove it`,
  )
  const hasOptions = typeof second !== 'function' || (optionsMayBeFunction && typeof third === 'function')
  if (hasOptions) return { name, options: second === undefined ? {} : second, body: third, problems }
  if (third === undefined) return { name, options: {}, body: second, problems }
  problems.unshift(
    `options: expected before the body; received ${showReceived(third)} after it. Write scenario(name, options, body)`,
  )
  // They are looked at all the same, so that everything is told at once.
  const options = typeof third === 'object' && third !== null ? third : {}
  return { name, options, body: second, problems }
}

/**
 * Resolves the options of a scenario.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems of the call and of the options.
 */
export function resolveArguments(
  written: ScenarioArguments,
  environment: LoadEnvironment,
  profile?: ResolvedProfile,
  mixed?: MixedLoad,
): ResolvedScenarioOptions {
  const { name, options, body } = written
  const isPromise = isThenable(options)
  const problems = [...written.problems]
  if (isPromise) problems.push('options: expected an object; received a promise. They are known before anything runs')
  if (typeof body !== 'function') problems.push(`body: expected a function; received ${showReceived(body)}`)
  const resolved = tryResolve(name, isPromise ? {} : options, environment, profile, mixed)
  const found = resolved instanceof LoadError ? linesOf(resolved) : []
  if (problems.length > 0) throwProblems(`Scenario ${shownName(name)}`, [...problems, ...found])
  if (resolved instanceof LoadError) throw resolved
  return resolved
}

function tryResolve(...input: Parameters<typeof resolveScenarioOptions>): ResolvedScenarioOptions | LoadError {
  try {
    return resolveScenarioOptions(...input)
  } catch (error) {
    if (error instanceof LoadError && error.code === 'ERR_LOAD_OPTIONS') return error
    throw error
  }
}

/** The problems that `throwProblems` has joined. */
export function linesOf({ message }: LoadError): string[] {
  return message.split('\n  - ').slice(1)
}

function shownName(name: unknown): string {
  return typeof name === 'string' ? `'${printable(name)}'` : 'without a usable name'
}
