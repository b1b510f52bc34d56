import * as z from 'zod'
import { throwProblems } from '../shared/errors.ts'
import { highestSeed } from '../shared/random.ts'
import { showValue } from '../shared/text.ts'
import type { ValidityLimits } from '../slo/model.ts'
import { maxThreads, type LoadEnvironment } from './environment.ts'
import {
  findHttpConflicts,
  httpShape,
  resolveHttpOptions,
  type HttpOptions,
  type ResolvedHttpOptions,
} from './http-options.ts'
import { checkOptions, wholeNumber, type OptionsElsewhere } from './problems.ts'
import { chooseProfile, type ProfilesOptions, type ResolvedProfile } from './profiles.ts'
import { settingNames } from './project-settings.ts'
import { resolveValidity, validitySchema, type ValidityOptions } from './validity-options.ts'
import { readAbortOptions, type AbortOptions, type ResolvedAbortOptions } from './slo-options.ts'

/** A base URL, or the key under which a global setup provides it with `project.provide(key, url)`. */
export type BaseUrlOption = string | { readonly inject: string }

/** What load and functional projects have in common: where requests go and how. */
export interface TargetOptions extends HttpOptions {
  /**
   * What relative URLs are resolved against: a URL, or `{ inject: 'key' }` for one that a global setup provides.
   * `LOAD_BASE_URL` wins over it.
   */
  readonly baseUrl?: BaseUrlOption
  /**
   * Origins (`https://staging.example.com`) that may be contacted besides the base URL's and loopback. Anything else is
   * refused, also when a redirect leads there.
   */
  readonly targets?: readonly string[]
}

/** Options of a load project that matter while it runs. */
export interface LoadRunOptions extends TargetOptions, ProfilesOptions {
  /** How many threads generate load: a number, or `'auto'` for the number of cores less one. @default 'auto' */
  readonly threads?: number | 'auto'
  /** Makes random decisions and picked rows repeatable. @default a new one for each run, printed in the report */
  readonly seed?: number
  /** When a run says nothing about the target, because the load generator could not keep up. */
  readonly validity?: ValidityOptions
  /** Ends a load early, with its results, when so large a part of its iterations fails. Scenarios may say it for themselves. @default never */
  readonly abort?: AbortOptions
}

/** Where requests go and how, with defaults. */
export interface ResolvedTargetOptions extends ResolvedHttpOptions {
  readonly baseUrl: BaseUrlOption | undefined
  readonly targets: readonly string[]
}

/** Options of a load project with defaults. */
export interface ResolvedLoadRunOptions extends ResolvedTargetOptions {
  readonly threads: number | 'auto'
  readonly seed: number | undefined
  readonly profile: ResolvedProfile | undefined
  /** What is wrong with `LOAD_PROFILE` in this project, should it be run. */
  readonly unknownProfile: string | undefined
  readonly validity: ValidityLimits
  readonly abort: ResolvedAbortOptions | undefined
}

/** The key under which a functional project provides its options to its threads. */
export const projectOptionsKey = 'vitest-load:options'

const defaults = Object.freeze({ threads: 'auto' } as const)
const maxUrlLength = 2000
const expectedSeed = `expected a whole number from 0 to ${highestSeed.toLocaleString('en')}`

const expectedUrl = "expected an absolute URL such as 'http://127.0.0.1:3000'"
const httpUrl = z.string(expectedUrl).superRefine((text, context) => {
  const expected = findUrlProblem(text)
  if (expected !== undefined) context.addIssue({ code: 'custom', message: expected, input: hideCredentials(text) })
})
/** A path would promise more than is kept: the whole origin may be contacted. */
const origin = httpUrl.superRefine((text, context) => {
  if (findUrlProblem(text) !== undefined || URL.parse(text)?.pathname === '/') return
  const message = "expected an origin such as 'https://staging.example.com', without a path"
  context.addIssue({ code: 'custom', message, input: text })
})

const expectedKey = "expected the key of a provided value, such as 'storeUrl'"

const targetShape = {
  baseUrl: z
    .union(
      [httpUrl, z.strictObject({ inject: z.string(expectedKey).min(1, expectedKey) })],
      "expected a URL such as 'http://127.0.0.1:3000' or { inject: 'key' }",
    )
    .optional(),
  targets: z.array(origin).readonly().optional(),
  ...httpShape,
}

const targetSchema = z.strictObject(targetShape)
const runSchema = z.strictObject({
  ...targetShape,
  threads: z
    .union([z.literal('auto'), wholeNumber(maxThreads)], `expected 'auto' or a whole number from 1 to ${maxThreads}`)
    .optional(),
  profiles: z.unknown().optional(),
  profile: z.string("expected the name of a profile such as 'ci'").optional(),
  seed: z.number(expectedSeed).int(expectedSeed).min(0, expectedSeed).max(highestSeed, expectedSeed).optional(),
  validity: validitySchema,
  abort: z.unknown().optional(),
})

/**
 * Resolves the options of a load project.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems.
 */
export function resolveRunOptions(
  options: LoadRunOptions,
  environment: LoadEnvironment,
  problems: string[],
): ResolvedLoadRunOptions {
  const checked = checkOptions(runSchema, options, '', settingNames, ofScenarios)
  const found = [...problems, ...checkVariables(environment), ...checked.problems, ...findHttpConflicts(options)]
  const abort = readAbortOptions((options as LoadRunOptions | undefined)?.abort, found)
  const { profile, unknown: unknownProfile } = chooseProfile(profilesOf(options), environment, found)
  throwProblems('Configuration of the load project', found)
  const value = checked.value ?? {}
  return {
    ...targetsOf(value, environment),
    profile,
    unknownProfile,
    threads: environment.threads ?? value.threads ?? defaults.threads,
    seed: environment.seed ?? value.seed,
    validity: resolveValidity(value.validity),
    abort,
  }
}

/** A profile that is no text is told of as such, and not as one that is unknown. */
function profilesOf({ profiles = {}, profile }: LoadRunOptions): ProfilesOptions {
  return typeof profile === 'string' ? { profiles, profile } : { profiles }
}

const ofScenarios: OptionsElsewhere = { cookies: 'write it in scenario()' }

/**
 * Resolves where requests of a functional project go.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems.
 */
export function resolveTargetOptions(
  options: TargetOptions,
  environment: LoadEnvironment,
  problems: readonly string[] = [],
): ResolvedTargetOptions {
  const checked = checkOptions(targetSchema, options, '', settingNames, ofScenarios)
  throwProblems('Options of the functional project', [
    ...problems,
    ...checkVariables(environment),
    ...checked.problems,
    ...findHttpConflicts(options),
  ])
  return targetsOf(checked.value ?? {}, environment)
}

/**
 * The base URL in force, looked up among the values that global setups provided where the option says so.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when nothing usable was provided.
 */
export function resolveBaseUrl(
  option: BaseUrlOption | undefined,
  provided: (key: string) => unknown,
): string | undefined {
  if (option === undefined || typeof option === 'string') return option
  const value = provided(option.inject)
  const problem = typeof value === 'string' ? findUrlProblem(value) : expectedUrl
  if (typeof value === 'string' && problem === undefined) return value
  const received = showValue(typeof value === 'string' ? hideCredentials(value) : value)
  throwProblems('Options of the project', [
    `baseUrl: nothing usable was provided as '${option.inject}': ${problem}; received ${received}. Call project.provide('${option.inject}', url) in a global setup`,
  ])
  return undefined
}

function targetsOf(value: z.output<typeof targetSchema>, environment: LoadEnvironment): ResolvedTargetOptions {
  return {
    baseUrl: environment.baseUrl ?? value.baseUrl,
    targets: value.targets ?? [],
    ...resolveHttpOptions(value),
  }
}

function checkVariables({ baseUrl }: LoadEnvironment): string[] {
  const expected = baseUrl === undefined ? undefined : findUrlProblem(baseUrl)
  if (baseUrl === undefined || expected === undefined) return []
  return [`LOAD_BASE_URL: ${expected}; received ${showValue(hideCredentials(baseUrl))}`]
}

/** What was expected of a text that is no usable URL. Terminal and result file show URLs, so they hold no secrets. */
function findUrlProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return expectedUrl
  if (url.username !== '' || url.password !== '')
    return 'expected a URL without user name and password: send them in a header'
  if (text.length > maxUrlLength) return `expected a URL of at most ${maxUrlLength} characters`
  return url.search === '' && url.hash === '' ? undefined : 'expected a URL without query and fragment'
}

/** Coarse, because a text that is no URL may hold a password anywhere before its last `@`. */
function hideCredentials(text: string): string {
  return text.replace(/^.*@/s, '[redacted]@').replace(/([?#]).*$/s, '$1[redacted]')
}
