import * as z from 'zod'
import { formatDuration, type Duration } from '../shared/durations.ts'
import { checkOptions, durationMs, positiveDurationMs, wholeNumber } from './problems.ts'

interface CommonLoadOptions {
  /** How many virtual users run at once. @default 1 */
  readonly vus?: number
  /**
   * How long running iterations may go on once no new one starts; then they are cut and counted as aborted.
   * @default '30s'
   */
  readonly gracefulStop?: Duration
}

/** A number of virtual users that iterate for a time: k6's `constant-vus`. */
export interface ConstantVUsOptions extends CommonLoadOptions {
  readonly executor?: 'constant-vus'
  /** How long iterations are started. */
  readonly duration: Duration
  readonly iterations?: undefined
  readonly iterationsPerVU?: undefined
  readonly maxDuration?: undefined
}

/** A number of iterations that the virtual users share: k6's `shared-iterations`. */
export interface SharedIterationsOptions extends CommonLoadOptions {
  readonly executor?: 'shared-iterations'
  /** How many iterations all virtual users run together. @default 1 */
  readonly iterations?: number
  /** No iteration starts after this time; those not started are counted as dropped. @default '10m' */
  readonly maxDuration?: Duration
  readonly duration?: undefined
  readonly iterationsPerVU?: undefined
}

/** A number of iterations for each virtual user: k6's `per-vu-iterations`. */
export interface PerVUIterationsOptions extends CommonLoadOptions {
  readonly executor?: undefined
  /** How many iterations each virtual user runs. */
  readonly iterationsPerVU: number
  /** No iteration starts after this time; those not started are counted as dropped. @default '10m' */
  readonly maxDuration?: Duration
  readonly duration?: undefined
  readonly iterations?: undefined
}

/** `per-vu-iterations` with k6's own field names. */
export interface PerVUIterationsK6Options extends CommonLoadOptions {
  readonly executor: 'per-vu-iterations'
  /** How many iterations each virtual user runs. @default 1 */
  readonly iterations?: number
  readonly maxDuration?: Duration
  readonly duration?: undefined
  readonly iterationsPerVU?: undefined
}

/** How much load a scenario makes. With nothing given, one virtual user runs one iteration. */
export type LoadOptions =
  | ConstantVUsOptions
  | SharedIterationsOptions
  | PerVUIterationsOptions
  | PerVUIterationsK6Options

/** A load with its defaults, ready for an executor. Durations in milliseconds. */
export type ResolvedLoad =
  | {
      readonly executor: 'constant-vus'
      readonly vus: number
      readonly durationMs: number
      readonly gracefulStopMs: number
    }
  | IterationBoundLoad<'shared-iterations'>
  | IterationBoundLoad<'per-vu-iterations'>

interface IterationBoundLoad<Name extends string> {
  readonly executor: Name
  readonly vus: number
  /** Of all virtual users together, or of each. */
  readonly iterations: number
  readonly maxDurationMs: number
  readonly gracefulStopMs: number
}

const executorNames = ['constant-vus', 'shared-iterations', 'per-vu-iterations'] as const
const defaults = Object.freeze({ vus: 1, iterations: 1, maxDurationMs: 600_000, gracefulStopMs: 30_000 })
export const maxVUs = 100_000
export const maxIterations = 1_000_000_000

const loadSchema = z.strictObject({
  executor: z.enum(executorNames, `expected one of ${executorNames.map((name) => `'${name}'`).join(', ')}`).optional(),
  vus: wholeNumber(maxVUs).optional(),
  duration: positiveDurationMs.optional(),
  iterations: wholeNumber(maxIterations).optional(),
  iterationsPerVU: wholeNumber(maxIterations).optional(),
  maxDuration: positiveDurationMs.optional(),
  gracefulStop: durationMs.optional(),
})

type ParsedLoad = z.output<typeof loadSchema>

/** Resolves a load with its defaults. Problems are added to `problems`; the result is absent then. */
export function resolveLoad(options: unknown, path: string, problems: string[]): ResolvedLoad | undefined {
  const checked = checkOptions(loadSchema, options, path)
  const found = [
    ...checked.problems,
    ...findConflicts(options, path),
    ...findScarceIterations(checked.value ?? {}, path),
  ]
  problems.push(...found)
  return checked.value === undefined || found.length > 0 ? undefined : withDefaults(checked.value)
}

function executorOf(load: ParsedLoad): ResolvedLoad['executor'] {
  if (load.executor !== undefined) return load.executor
  if (load.duration !== undefined) return 'constant-vus'
  return load.iterationsPerVU !== undefined ? 'per-vu-iterations' : 'shared-iterations'
}

function withDefaults(load: ParsedLoad): ResolvedLoad {
  const executor = executorOf(load)
  const vus = load.vus ?? defaults.vus
  const gracefulStopMs = load.gracefulStop ?? defaults.gracefulStopMs
  if (executor === 'constant-vus') return { executor, vus, durationMs: load.duration ?? 0, gracefulStopMs }
  const perVU = load.iterationsPerVU ?? load.iterations ?? defaults.iterations
  const iterations = executor === 'shared-iterations' ? sharedIterations(load) : perVU
  return { executor, vus, iterations, maxDurationMs: load.maxDuration ?? defaults.maxDurationMs, gracefulStopMs }
}

/** As with k6's `--vus` alone, every virtual user gets one iteration where nothing but their number was given. */
function sharedIterations(load: ParsedLoad): number {
  return load.iterations ?? (load.executor === undefined ? (load.vus ?? defaults.vus) : defaults.iterations)
}

/** Which fields contradict each other, whatever they hold: a wrong value must not hide that it should not be there. */
function findConflicts(options: unknown, path: string): string[] {
  if (typeof options !== 'object' || options === null) return []
  const fields = options as Readonly<Record<string, unknown>>
  const conflicts: string[] = []
  const conflict = (left: string, right: string): void => {
    conflicts.push(`${path}: '${left}' and '${right}' contradict each other. Remove '${left}' or remove '${right}'`)
  }
  const isGiven = (name: string): boolean => fields[name] !== undefined
  const executor = executorNames.find((name) => name === fields['executor'])
  const alien = executor === undefined ? [] : aliens[executor]
  for (const pair of contradictions) {
    if (pair.every(isGiven) && !pair.some((name) => alien.includes(name))) conflict(pair[0], pair[1])
  }
  for (const name of alien.filter(isGiven)) conflict(name, executor ?? '')
  if (executor === 'constant-vus' && !isGiven('duration'))
    conflicts.push(`${path}.duration: 'constant-vus' needs a duration, such as '30s'; received undefined`)
  return conflicts
}

const contradictions = [
  ['duration', 'iterations'],
  ['duration', 'iterationsPerVU'],
  ['iterations', 'iterationsPerVU'],
  ['maxDuration', 'duration'],
] as const

/** The fields that mean nothing to an executor. */
const aliens: Readonly<Record<ResolvedLoad['executor'], readonly string[]>> = {
  'constant-vus': ['iterations', 'iterationsPerVU', 'maxDuration'],
  'shared-iterations': ['duration', 'iterationsPerVU'],
  'per-vu-iterations': ['duration'],
}

function findScarceIterations(load: ParsedLoad, path: string): string[] {
  const { vus = defaults.vus } = load
  const shared = sharedIterations(load)
  if (executorOf(load) !== 'shared-iterations' || shared >= vus) return []
  const noun = shared === 1 ? 'iteration' : 'iterations'
  return [`${path}: ${vus} VUs cannot share ${shared} ${noun}. Raise 'iterations' or lower 'vus'`]
}

/** What a load does, in words: `50 VUs for 30s`, `10 VUs × 20 iterations`, `200 iterations by 10 VUs`. */
export function describeLoad(load: ResolvedLoad): string {
  const vus = load.vus === 1 ? '1 VU' : `${load.vus.toLocaleString('en')} VUs`
  if (load.executor === 'constant-vus') return `${vus} for ${formatDuration(load.durationMs)}`
  const iterations = load.iterations === 1 ? '1 iteration' : `${load.iterations.toLocaleString('en')} iterations`
  return load.executor === 'shared-iterations' ? `${iterations} by ${vus}` : `${vus} × ${iterations}`
}

/** When no new iteration starts any more, in milliseconds after the start. */
export function startWindowMs(load: ResolvedLoad): number {
  return load.executor === 'constant-vus' ? load.durationMs : load.maxDurationMs
}

/** How many iterations are planned; `undefined` where time decides. */
export function plannedIterations(load: ResolvedLoad): number | undefined {
  if (load.executor === 'constant-vus') return undefined
  return load.executor === 'shared-iterations' ? load.iterations : load.iterations * load.vus
}
