import * as z from 'zod'
import { measuredIterations } from './describe-load.ts'
import { executorNames, findConflicts, inferExecutor } from './load-conflicts.ts'
import {
  findImpossibleRefinements,
  refinementSchemas,
  resolveRefinements,
  type StartWindow,
} from './load-refinements.ts'
import { findImpossibleRamp, resolveArrivals, resolveRamp } from './load-stages.ts'
import { sampleShape } from './custom-shape.ts'
import { checkOptions, durationMs, positiveDurationMs, ratePerSecond, wholeNumber } from './problems.ts'
import type { LoadStart, ResolvedLoad } from './resolved-load.ts'
import { findBeyondLimits, scaleLoad } from './scale-load.ts'

const defaults = Object.freeze({
  vus: 1,
  iterations: 1,
  timeUnitMs: 1000,
  maxDurationMs: 600_000,
  gracefulStopMs: 30_000,
} as const)

export const maxVUs = 100_000
export const maxIterations = 1_000_000_000
export const maxRatePerSecond = 1_000_000
const limits = { vus: maxVUs, iterations: maxIterations, ratePerSecond: maxRatePerSecond } as const

const expectedStages = "expected at least one stage, such as [{ duration: '30s', vus: 10 }]"

const expectedScenario = 'expected the name of a scenario'

/** What is read the same way whatever else is given. */
const plainFields = {
  executor: z.enum(executorNames, `expected one of ${executorNames.map((name) => `'${name}'`).join(', ')}`).optional(),
  vus: wholeNumber(maxVUs).optional(),
  duration: positiveDurationMs.optional(),
  iterations: wholeNumber(maxIterations).optional(),
  iterationsPerVU: wholeNumber(maxIterations).optional(),
  maxDuration: positiveDurationMs.optional(),
  timeUnit: positiveDurationMs.optional(),
  maxVUs: wholeNumber(maxVUs).optional(),
  preAllocatedVUs: wholeNumber(maxVUs).optional(),
  arrivals: z.enum(['even', 'poisson'], "expected 'even' or 'poisson'").optional(),
  timer: z.enum(['coarse', 'precise'], "expected 'coarse' or 'precise'").optional(),
  startVUs: wholeNumber(maxVUs, 0).optional(),
  gracefulRampDown: durationMs.optional(),
  gracefulStop: durationMs.optional(),
  startTime: durationMs.optional(),
  startAfter: z.string(expectedScenario).min(1, expectedScenario).optional(),
}

/** What a rate and a target say depends on other fields. Where those are wrong, it is read as if they were not given. */
function schemaFor(options: unknown) {
  const { executor, timeUnit } = (options ?? {}) as Readonly<Record<string, unknown>>
  const unitMs = positiveDurationMs.safeParse(timeUnit).data ?? defaults.timeUnitMs
  const rate = ratePerSecond(unitMs, maxRatePerSecond, 'zero')
  const stage = z.strictObject({
    duration: durationMs,
    vus: wholeNumber(maxVUs, 0).optional(),
    rate: rate.optional(),
    target: (executor === 'ramping-vus' ? wholeNumber(maxVUs, 0) : rate).optional(),
  })
  return z.strictObject({
    ...plainFields,
    rate: ratePerSecond(unitMs, maxRatePerSecond, 'above zero').optional(),
    startRate: rate.optional(),
    stages: z.array(stage, expectedStages).min(1, expectedStages).readonly().optional(),
    ...refinementSchemas(options, maxRatePerSecond),
  })
}

type ParsedLoad = z.output<ReturnType<typeof schemaFor>>

/**
 * Resolves a load with its defaults, `scale` times as intense. Problems are added to `problems`; the result is absent
 * then.
 */
export function resolveLoad(
  options: unknown,
  path: string,
  problems: string[],
  scale: number = 1,
): ResolvedLoad | undefined {
  const found: string[] = []
  const sampled = sampleShape(options, path, { vus: maxVUs, rate: maxRatePerSecond }, found)
  const checked = checkOptions(schemaFor(sampled.options), sampled.options, path)
  const parsed = checked.value ?? {}
  found.push(
    ...checked.problems,
    ...findConflicts(sampled.options, path),
    ...findScarceIterations(parsed, path),
    ...findImpossibleRamp(parsed, path),
    ...findImpossibleRefinements(parsed, startWindowOf(parsed), path),
  )
  const scaled = scaleLoad(parsed, scale)
  if (found.length === 0 && scale !== 1) found.push(...findBeyondLimits(scaled, scale, limits, path))
  problems.push(...found)
  if (checked.value === undefined || found.length > 0) return undefined
  const resolved = withDefaults(scaled)
  const load = resolved && { ...resolved, ...startOf(scaled), ...(sampled.isSampled && { isSampled: true as const }) }
  if (load === undefined || measuresSomething(load)) return load
  problems.push(`${path}: no iteration is planned after the 'warmup'. Shorten 'warmup' or lengthen the load`)
  return undefined
}

/** Whether something is planned after the warm-up, as far as that is known beforehand. */
function measuresSomething(load: ResolvedLoad): boolean {
  return load.warmupMs === undefined || measuredIterations(load, 0) !== 0
}

function startWindowOf({ stages, duration, maxDuration = defaults.maxDurationMs }: ParsedLoad): StartWindow {
  if (stages !== undefined) return { field: 'stages', ms: stages.reduce((sum, stage) => sum + stage.duration, 0) }
  return duration === undefined ? { field: 'maxDuration', ms: maxDuration } : { field: 'duration', ms: duration }
}

function startOf({ startTime = 0, startAfter }: ParsedLoad): LoadStart {
  return { ...(startTime > 0 && { startTimeMs: startTime }), ...(startAfter !== undefined && { startAfter }) }
}

function withDefaults(load: ParsedLoad): ResolvedLoad | undefined {
  const executor = load.executor ?? inferExecutor(load)
  const vus = load.vus ?? defaults.vus
  const common = { gracefulStopMs: load.gracefulStop ?? defaults.gracefulStopMs, ...resolveRefinements(load) }
  const bound = { vus, maxDurationMs: load.maxDuration ?? defaults.maxDurationMs, ...common }
  switch (executor) {
    case undefined:
      return undefined
    case 'constant-vus':
      return { executor, vus, durationMs: load.duration ?? 0, ...common }
    case 'shared-iterations':
      return { executor, iterations: sharedIterations(load), ...bound }
    case 'per-vu-iterations':
      return { executor, iterations: load.iterationsPerVU ?? load.iterations ?? defaults.iterations, ...bound }
    case 'ramping-vus':
      return { executor, ...resolveRamp(load), ...common }
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return { executor, ...resolveArrivals(load), ...common }
  }
}

/** As with k6's `--vus` alone, every virtual user gets one iteration where nothing but their number was given. */
function sharedIterations(load: ParsedLoad): number {
  return load.iterations ?? (load.executor === undefined ? (load.vus ?? defaults.vus) : defaults.iterations)
}

function findScarceIterations(load: ParsedLoad, path: string): string[] {
  const { vus = defaults.vus } = load
  const shared = sharedIterations(load)
  if ((load.executor ?? inferExecutor(load)) !== 'shared-iterations' || shared >= vus) return []
  const noun = shared === 1 ? 'iteration' : 'iterations'
  return [`${path}: ${vus} VUs cannot share ${shared} ${noun}. Raise 'iterations' or lower 'vus'`]
}
