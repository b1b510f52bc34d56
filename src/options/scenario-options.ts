import * as z from 'zod'
import { throwProblems } from '../shared/errors.ts'
import type { Ratio } from '../shared/rates.ts'
import type { LoadEnvironment } from './environment.ts'
import { plannedIterations, resolveLoad, type ResolvedLoad } from './load-options.ts'
import { checkOptions, ratio } from './problems.ts'

/** The objectives that hold although nobody declared them; `false` turns one off. */
export interface ImplicitSloOptions {
  /** Highest part of failed iterations. @default '1%' */
  readonly errorRate?: Ratio | false
  /** Lowest part of passed checks. @default '99%' */
  readonly checks?: Ratio | false
}

/** What the data part of a scenario's options says, with defaults. */
export interface ResolvedScenarioOptions {
  readonly load: ResolvedLoad
  readonly cookies: 'iteration' | 'vu'
  /** Limit on the part of failed iterations; `undefined` when turned off. */
  readonly errorRate: number | undefined
  /** Limit on the part of passed checks; `undefined` when turned off. */
  readonly checks: number | undefined
  readonly steps: readonly string[] | undefined
}

const defaults = Object.freeze({ cookies: 'iteration', errorRate: 0.01, checks: 0.99 } as const)
const hook = z.custom<unknown>((value) => typeof value === 'function', 'expected a function').optional()
const implicit = z.union([z.literal(false), ratio], "expected a ratio such as '1%', or false").optional()

const scenarioSchema = z.strictObject({
  load: z.unknown(),
  data: z.record(z.string(), z.custom(isFeeder, "expected rows([...]), a feeder from 'vitest-load'")).optional(),
  cookies: z.enum(['iteration', 'vu'], "expected 'iteration' or 'vu'").optional(),
  steps: z.array(z.string('expected a name').min(1, 'expected a name')).readonly().optional(),
  slo: z.strictObject({ errorRate: implicit, checks: implicit }).optional(),
  before: hook,
  after: hook,
  setup: hook,
  teardown: hook,
})

/**
 * Resolves a scenario's options, the load with what the environment says.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems.
 */
export function resolveScenarioOptions(
  name: string,
  options: unknown,
  environment: LoadEnvironment,
): ResolvedScenarioOptions {
  const checked = checkOptions(scenarioSchema.partial({ load: true }), options, '')
  const problems = [...checked.problems]
  const source = environment.load === undefined ? 'load' : 'load (from LOAD_* variables)'
  const written = typeof options === 'object' && options !== null && 'load' in options ? options.load : undefined
  const load = resolveLoad(environment.load ?? written ?? {}, source, problems)
  if (load !== undefined) problems.push(...findScarceData(checked.value?.data ?? {}, load))
  throwProblems(`Options of scenario '${name}'`, problems)
  const slo = checked.value?.slo
  return {
    load: load as ResolvedLoad,
    cookies: checked.value?.cookies ?? defaults.cookies,
    errorRate: limitOf(slo?.errorRate, defaults.errorRate),
    checks: limitOf(slo?.checks, defaults.checks),
    steps: checked.value?.steps,
  }
}

/** A run that is bound to exhaust a feeder is refused before it starts. */
function findScarceData(data: Readonly<Record<string, unknown>>, load: ResolvedLoad): string[] {
  const planned = plannedIterations(load) ?? 0
  return Object.entries(data).flatMap(([name, feeder]) => {
    const available = uniqueRowsOf(feeder)
    if (available >= planned) return []
    const has = available === 1 ? '1 unique row' : `${available.toLocaleString('en')} unique rows`
    const advice = "Add rows, run fewer iterations, or pick 'sequential'"
    return [`data.${name}: has ${has} for ${planned.toLocaleString('en')} iterations. ${advice}`]
  })
}

function uniqueRowsOf(feeder: unknown): number {
  const isUnique = typeof feeder === 'object' && feeder !== null && 'uniqueRows' in feeder
  return isUnique && typeof feeder.uniqueRows === 'number' ? feeder.uniqueRows : Number.POSITIVE_INFINITY
}

function limitOf(value: number | false | undefined, fallback: number): number | undefined {
  return value === false ? undefined : (value ?? fallback)
}

function isFeeder(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'rowIndex' in value && typeof value.rowIndex === 'function'
}
