import * as z from 'zod'
import { throwProblems } from '../shared/errors.ts'
import type { Ratio } from '../shared/rates.ts'
import { showValue } from '../shared/text.ts'
import type { LoadEnvironment } from './environment.ts'
import { plannedIterations } from './describe-load.ts'
import { resolveLoad } from './load-options.ts'
import type { Intensity, ResolvedProfile } from './profiles.ts'
import { httpShape } from './http-options.ts'
import { checkOptions, ratioBut, type OptionsElsewhere } from './problems.ts'
import { isOpen, type ResolvedLoad } from './resolved-load.ts'
import { readAbortOptions, type ResolvedAbortOptions } from './slo-options.ts'

/** The objectives that hold although nobody declared them; `false` turns one off. */
export interface ImplicitSloOptions {
  /** The part of failed iterations must be below it. @default '1%' */
  readonly errorRate?: Ratio | false
  /** The part of passed checks must be above it. @default '99%' */
  readonly checks?: Ratio | false
}

/** What the data part of a scenario's options says, with defaults. */
export interface ResolvedScenarioOptions {
  readonly load: ResolvedLoad
  /** What has changed the load that was written. */
  readonly intensity: Intensity
  readonly cookies: 'iteration' | 'vu' | 'none'
  /** Limit on the part of failed iterations; `undefined` when turned off. */
  readonly errorRate: number | undefined
  /** Limit on the part of passed checks; `undefined` when turned off. */
  readonly checks: number | undefined
  readonly steps: readonly string[] | undefined
  /** When the load is ended; `undefined` where the project says it, `false` for never. */
  readonly abort: ResolvedAbortOptions | false | undefined
}

/** What a scenario of a mix gets of the mix's load; nothing where that is wrong. */
export interface MixedLoad {
  readonly load: ResolvedLoad | undefined
  readonly intensity: Intensity
}

const defaults = Object.freeze({ cookies: 'iteration', errorRate: 0.01, checks: 0.99 } as const)
const hook = z.custom<unknown>((value) => typeof value === 'function', 'expected a function').optional()
const errorRate = ratioBut(
  0,
  'a ratio above 0, which the error rate can be below, or false; for no failure at all declare expectErrorRate(…).toBeBetween(0, 0)',
)
const checks = ratioBut(
  1,
  'a ratio below 1, which the checks can be above, or false; for no failed check at all declare expectChecks(…).toBeBetween(1, 1)',
)
const maxNameLength = 200

const scenarioSchema = z.strictObject({
  load: z.unknown(),
  weight: z.unknown().optional(),
  data: z
    .record(z.string(), z.custom(isFeeder, "expected rows([...]), csv('...') or another feeder of 'vitest-load'"))
    .optional(),
  cookies: z.enum(['iteration', 'vu', 'none'], "expected 'iteration', 'vu' or 'none'").optional(),
  steps: z.array(z.string('expected a name').min(1, 'expected a name')).superRefine(refuseTwins).readonly().optional(),
  slo: z
    .strictObject({
      errorRate: errorRate.optional(),
      checks: checks.optional(),
    })
    .optional(),
  abort: z.unknown().optional(),
  before: hook,
  after: hook,
  setup: hook,
  teardown: hook,
})

/** Names of the options that a scenario takes. */
export const scenarioOptionNames: readonly string[] = Object.keys(scenarioSchema.shape)

const ofProjects: OptionsElsewhere = Object.fromEntries(
  Object.keys(httpShape).map((name) => [name, 'write it in loadProject() and functionalProject()']),
)

/**
 * Resolves a scenario's options, the load with what the environment and the profile say. A scenario of a mix has its part of
 * the mix's load in place of one of its own.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems.
 */
export function resolveScenarioOptions(
  name: string,
  options: unknown,
  environment: LoadEnvironment,
  profile?: ResolvedProfile,
  mixed?: MixedLoad,
): ResolvedScenarioOptions {
  const checked = checkOptions(scenarioSchema.partial({ load: true }), options, '', [], ofProjects)
  const problems = [...checkName(name), ...checked.problems]
  const { load: written, weight } = (options ?? {}) as { load?: unknown; weight?: unknown }
  problems.push(...findMisplaced(written, weight, mixed !== undefined))
  const { load, intensity } =
    mixed ?? resolveIntensity(written === undefined ? {} : written, environment, profile, problems)
  const givenAbort = checked.value?.abort
  const abort = givenAbort === false ? false : readAbortOptions(givenAbort, problems)
  if (load !== undefined) problems.push(...findScarceData(checked.value?.data ?? {}, load))
  throwProblems(`Options of scenario ${shownName(name)}`, problems)
  const slo = checked.value?.slo
  return {
    load: load as ResolvedLoad,
    intensity,
    cookies: checked.value?.cookies ?? defaults.cookies,
    errorRate: limitOf(slo?.errorRate, defaults.errorRate),
    checks: limitOf(slo?.checks, defaults.checks),
    steps: checked.value?.steps,
    abort,
  }
}

/** A scenario has a load of its own, or a weight in that of a mix. */
function findMisplaced(load: unknown, weight: unknown, isMixed: boolean): string[] {
  if (isMixed && load !== undefined)
    return [
      "load: a scenario of a mix() has its part of the mix's load. Remove it, or write the scenario beside the mix",
    ]
  if (isMixed || weight === undefined) return []
  return ['weight: only a scenario of a mix() has one. Remove it, or write the scenario inside a mix()']
}

/** The environment replaces a load before a profile does; what replaces it as a whole is not scaled by a profile. */
export function resolveIntensity(
  written: unknown,
  environment: LoadEnvironment,
  profile: ResolvedProfile | undefined,
  problems: string[],
): { load: ResolvedLoad | undefined; intensity: Intensity } {
  const scale = environment.scale ?? 1
  if (environment.load !== undefined) {
    const load = resolveLoad(environment.load, 'load', problems, scale)
    return { load, intensity: { profile: undefined, scale } }
  }
  if (profile?.load !== undefined) return { load: profile.load, intensity: { profile: profile.name, scale } }
  const both = scale * (profile?.scale ?? 1)
  return { load: resolveLoad(written, 'load', problems, both), intensity: { profile: profile?.name, scale: both } }
}

/** Checks a name that reports and results know something by. */
export function checkName(name: unknown): string[] {
  if (typeof name === 'string' && name.trim() !== '' && name.length <= maxNameLength) return []
  const received =
    typeof name === 'string' && name.length > maxNameLength ? `${name.length} characters` : showValue(name)
  return [`name: expected a text of 1 to ${maxNameLength} characters; received ${received}`]
}

/** A name as the first words of an error show it. */
export function shownName(name: unknown): string {
  return typeof name === 'string' && name.length <= maxNameLength ? `'${name}'` : 'without a usable name'
}

function refuseTwins(names: readonly string[], context: z.RefinementCtx<readonly string[]>): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue
    context.addIssue({ code: 'custom', message: 'expected each name once', path: [index], input: name })
  }
}

/** A run that is bound to exhaust a feeder is refused before it starts. */
export function findScarceData(data: Readonly<Record<string, unknown>>, load: ResolvedLoad): string[] {
  return Object.entries(data).flatMap(([name, feeder]) => {
    const { uniqueRows, uniquePer } = feeder as { readonly uniqueRows?: unknown; readonly uniquePer?: unknown }
    const available = typeof uniqueRows === 'number' ? uniqueRows : Number.POSITIVE_INFINITY
    const perUser = uniquePer === 'vu'
    // Of an open load nobody knows how many virtual users it will need.
    const needed = perUser ? (isOpen(load) ? 0 : load.vus) : (plannedIterations(load) ?? 0)
    if (available >= needed) return []
    const has = available === 1 ? '1 unique row' : `${available.toLocaleString('en')} unique rows`
    const wanting = perUser ? 'virtual users' : 'iterations'
    const advice = `Add rows, run fewer ${wanting}, or set onEnd: 'recycle'`
    return [`data.${name}: has ${has} for ${needed.toLocaleString('en')} ${wanting}. ${advice}`]
  })
}

function limitOf(value: number | false | undefined, fallback: number): number | undefined {
  return value === false ? undefined : (value ?? fallback)
}

function isFeeder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('rowIndex' in value) || !('row' in value)) return false
  return typeof value.rowIndex === 'function' && typeof value.row === 'function'
}
