import * as z from 'zod'
import { expectedDuration, formatDuration, parseDuration, type Duration } from '../shared/durations.ts'
import { throwProblems } from '../shared/errors.ts'
import { formatRateRange, parseRatio, type Rate, type Ratio } from '../shared/rates.ts'
import { nearestName, showValue } from '../shared/text.ts'
import { noEnvironment, type LoadEnvironment } from './environment.ts'
import { maxRatePerSecond, maxVUs, resolveLoad } from './load-options.ts'
import {
  checkOptions,
  durationMs,
  latencyUs,
  parsed,
  positiveDurationMs,
  ratePerSecond,
  wholeNumber,
} from './problems.ts'
import type { CapacityPlan } from './plan.ts'
import type { Intensity, ResolvedProfile } from './profiles.ts'
import type { ResolvedLoad } from './resolved-load.ts'
import {
  resolveScenarioOptions,
  scenarioOptionNames,
  type ImplicitSloOptions,
  type ResolvedScenarioOptions,
} from './scenario-options.ts'

/** The objectives of a capacity search on whole iterations, and on their errors and checks. */
export interface CapacitySloOptions extends ImplicitSloOptions {
  /** Half of the iterations must take less than this time. */
  readonly p50?: Duration
  readonly p90?: Duration
  readonly p95?: Duration
  readonly p99?: Duration
}

/** How a capacity search goes. */
export interface CapacitySearchOptions {
  /** The lowest load: `'50/s'` or a number per second; with `unit: 'vus'` a number of virtual users. */
  readonly from: Rate
  /** The highest load. A search that gets there says no more than that the capacity is at least as high. */
  readonly to: Rate
  /** What is varied: the rate at which iterations start, or the number of virtual users at once. @default 'rate' */
  readonly unit?: 'rate' | 'vus'
  /** How long each level is measured. */
  readonly hold: Duration
  /** How long each level runs before it is measured, so that the target gets used to it. @default a tenth of `hold` */
  readonly settle?: Duration
  /** How long nothing is sent between two levels, so that the target recovers. @default '1s' */
  readonly rest?: Duration
  /** How much is added to a level that met the objectives, until one breaks them. @default as much again: levels double */
  readonly step?: Rate
  /** How near the highest level that met the objectives and the lowest that did not must come, as a part of the latter. @default '5%' */
  readonly precision?: Ratio
  /** What a level must meet; objectives declared on the handle count as well. */
  readonly slo?: CapacitySloOptions
  /** The most virtual users at once, at each rate. See `maxVUs` of a load. */
  readonly maxVUs?: number
  /** How many of them are set up before a level starts. See `preAllocatedVUs` of a load. */
  readonly preAllocatedVUs?: number
  /** See `arrivals` of a load. @default 'even' */
  readonly arrivals?: 'even' | 'poisson'
  /** How long running iterations may go on at the end of a level. @default '30s' */
  readonly gracefulStop?: Duration
}

/** A capacity search with defaults. */
export interface ResolvedCapacity {
  /** With the load of the highest level. */
  readonly scenario: ResolvedScenarioOptions
  readonly plan: CapacityPlan
  readonly restMs: number
  /** Limits of the objectives that the options hold, in microseconds. */
  readonly percentiles: readonly { readonly percentile: number; readonly limitUs: number }[]
  /** The load of a level. */
  readonly loadAt: (level: number) => ResolvedLoad
}

const defaults = Object.freeze({ restMs: 1000, settlePart: 0.1, precision: 0.05 } as const)
/** Threads wait for the leader while it rests, and not for ever. */
const longestRestMs = 240_000
/** More levels than anybody waits for. */
const mostSteps = 100

const percentiles = { p50: 50, p90: 90, p95: 95, p99: 99 } as const
type PercentileName = keyof typeof percentiles
const percentileNames = Object.keys(percentiles) as PercentileName[]

const expectedPrecision = "a ratio from '1%' to '50%'"
const precision = parsed(
  () => expectedPrecision,
  (ratio: Ratio) => parseRatio(ratio),
  (ratio) => (ratio >= 0.01 && ratio <= 0.5 ? undefined : expectedPrecision),
)
const rest = parsed(expectedDuration, parseDuration, (ms) =>
  ms <= longestRestMs ? undefined : `at most '${formatDuration(longestRestMs)}'`,
)
const limit = latencyUs.optional()

function schemaFor(unit: unknown) {
  const level = unit === 'vus' ? wholeNumber(maxVUs) : ratePerSecond(1000, maxRatePerSecond, 'above zero')
  return z.strictObject({
    from: level,
    to: level,
    unit: z.enum(['rate', 'vus'], "expected 'rate' or 'vus'").optional(),
    hold: positiveDurationMs,
    settle: durationMs.optional(),
    rest: rest.optional(),
    step: level.optional(),
    precision: precision.optional(),
    slo: z
      .strictObject({ p50: limit, p90: limit, p95: limit, p99: limit, errorRate: z.unknown(), checks: z.unknown() })
      .partial()
      .optional(),
    maxVUs: z.unknown().optional(),
    preAllocatedVUs: z.unknown().optional(),
    arrivals: z.unknown().optional(),
    gracefulStop: z.unknown().optional(),
  })
}

type Parsed = z.output<ReturnType<typeof schemaFor>>
type Fields = Readonly<Record<string, unknown>>

const ownNames = Object.keys(schemaFor('rate').shape)
const rateNames = ['maxVUs', 'preAllocatedVUs', 'arrivals'] as const
/** Of a scenario's options those that a search takes, too: the load is its own, and no mix has it. */
const sharedNames = scenarioOptionNames.filter((name) => name !== 'load' && name !== 'weight')
const knownNames = [...new Set([...ownNames, ...sharedNames])]

/**
 * Resolves the options of a capacity search, its range with what `LOAD_SCALE` and the profile say.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems.
 */
export function resolveCapacityOptions(
  name: string,
  options: unknown,
  environment: LoadEnvironment,
  profile?: ResolvedProfile,
): ResolvedCapacity {
  const written = (typeof options === 'object' && options !== null ? options : {}) as Fields
  const own = pick(written, (key) => ownNames.includes(key))
  const checked = checkOptions(schemaFor(own['unit']), own, '')
  const problems = [...findStrangers(written), ...checked.problems]
  const intensity: Intensity = {
    profile: profile?.name,
    scale: (environment.scale ?? 1) * (profile?.scale ?? 1),
  }
  const search = checked.value === undefined ? undefined : resolveSearch(checked.value, intensity.scale)
  if (checked.value !== undefined && search !== undefined) problems.push(...findImpossible(checked.value, search))
  const load = checked.value === undefined || search === undefined ? {} : levelLoad(checked.value, search, search.to)
  const resolved = tryScenario(name, written, load, problems)
  throwProblems(`Options of capacity ${showValue(name)}`, problems)
  const [valid, plan] = [checked.value as Parsed, search as CapacityPlan]
  return {
    scenario: { ...(resolved as ResolvedScenarioOptions), intensity },
    plan,
    restMs: valid.rest ?? defaults.restMs,
    percentiles: percentilesOf(valid),
    loadAt: (level) => resolveLoad(levelLoad(valid, plan, level), 'load', []) as ResolvedLoad,
  }
}

/** What of a capacity search's options a plain scenario takes: where `LOAD_VUS` or a profile replaces the search. */
export function scenarioPartOf(options: unknown): Fields {
  const written = (typeof options === 'object' && options !== null ? options : {}) as Fields
  const slo = (typeof written['slo'] === 'object' && written['slo'] !== null ? written['slo'] : {}) as Fields
  return {
    ...pick(written, (key) => sharedNames.includes(key)),
    slo: pick(slo, (key) => key === 'errorRate' || key === 'checks'),
  }
}

function pick(fields: Fields, wanted: (key: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => wanted(key)))
}

/** What belongs to a load, and has no place in the search for one. */
const loadNames = {
  load: "is what a capacity search looks for. Write 'from', 'to' and 'hold'",
  throttle: 'would hold back the load that a capacity search raises. Remove it',
  warmup: "each level of a capacity search has its own. Write 'settle'",
} as const

function isLoadName(key: string): key is keyof typeof loadNames {
  return Object.hasOwn(loadNames, key)
}

function findStrangers(written: Fields): string[] {
  return Object.keys(written)
    .filter((key) => !knownNames.includes(key))
    .map((key) => {
      if (isLoadName(key)) return `${key}: ${loadNames[key]}`
      const nearest = nearestName(key, knownNames)
      return `${key}: unknown option; ${nearest === undefined ? `known are ${knownNames.join(', ')}` : `did you mean '${nearest}'?`}`
    })
}

function resolveSearch(written: Parsed, scale: number): CapacityPlan {
  const unit = written.unit ?? 'rate'
  const scaled = (value: number): number => (unit === 'vus' ? Math.max(1, Math.round(value * scale)) : value * scale)
  return {
    unit,
    from: scaled(written.from),
    to: scaled(written.to),
    step: written.step === undefined ? undefined : scaled(written.step),
    precision: written.precision ?? defaults.precision,
    holdMs: written.hold,
    settleMs: written.settle ?? Math.round(written.hold * defaults.settlePart),
    above: [],
  }
}

function findImpossible(written: Parsed, search: CapacityPlan): string[] {
  const problems: string[] = []
  const { from, to, step, unit } = search
  const show = (level: number): string => (unit === 'vus' ? `${level} VUs` : formatRateRange(level, level))
  if (from >= to) problems.push(`to: expected more than 'from' (${show(from)}); received ${show(to)}`)
  else if (step !== undefined && (to - from) / step > mostSteps)
    problems.push(`step: ${show(step)} makes more than ${mostSteps} levels up to ${show(to)}. Raise it`)
  const alien = unit === 'vus' ? rateNames.filter((key) => written[key] !== undefined) : []
  problems.push(...alien.map((key) => `${key}: belongs to rates; with unit: 'vus' there is nothing to say. Remove it`))
  if (unit === 'rate') problems.push(...findScarceSamples(written, search))
  return problems
}

/** A percentile q needs some ten samples beyond it: 10 ÷ (1 − q). */
function findScarceSamples(written: Parsed, { from, holdMs }: CapacityPlan): string[] {
  const samples = Math.floor((from * holdMs) / 1000)
  const [highest] = percentilesOf(written).toSorted((left, right) => right.percentile - left.percentile)
  const needed = highest === undefined ? 0 : Math.ceil(1000 / (100 - highest.percentile))
  if (highest === undefined || samples >= needed) return []
  const neededMs = Math.ceil(needed / from) * 1000
  return [
    `hold: at ${formatRateRange(from, from)} ${formatDuration(holdMs)} give ${samples} iterations, and p${highest.percentile} wants ${needed.toLocaleString('en')}. Hold for ${formatDuration(neededMs)} or start from more`,
  ]
}

function percentilesOf({ slo }: Parsed): ResolvedCapacity['percentiles'] {
  return percentileNames.flatMap((key) => {
    const limitUs = slo?.[key]
    return limitUs === undefined ? [] : [{ percentile: percentiles[key], limitUs }]
  })
}

function levelLoad(written: Parsed, { unit, holdMs, settleMs }: CapacityPlan, level: number): Fields {
  const common = { gracefulStop: written.gracefulStop, duration: holdMs + settleMs, warmup: settleMs }
  if (unit === 'vus') return { ...common, vus: level }
  const { maxVUs: most, preAllocatedVUs, arrivals } = written
  return { ...common, rate: level, maxVUs: most, preAllocatedVUs, arrivals }
}

function tryScenario(
  name: string,
  written: Fields,
  load: Fields,
  problems: string[],
): ResolvedScenarioOptions | undefined {
  try {
    return resolveScenarioOptions(name, { ...scenarioPartOf(written), load }, noEnvironment)
  } catch (error) {
    const [, ...lines] = error instanceof Error ? error.message.split('\n  - ') : []
    if (lines.length === 0) throw error
    problems.push(...lines.map((line) => line.replace(/^load\.?/, '').replace(/^: /, '')))
    return undefined
  }
}
