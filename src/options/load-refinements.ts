import type { ZodOptional, ZodType } from 'zod'
import type { Delay } from '../shared/delays.ts'
import { formatDuration } from '../shared/durations.ts'
import { formatRateRange } from '../shared/rates.ts'
import { delaySchema, findBackwardDelay, resolveDelay, type ParsedDelay } from './delay-options.ts'
import { durationMs, ratePerSecond } from './problems.ts'
import type { LoadRefinements } from './resolved-load.ts'

/** What of a load, once checked, makes its users more like people, or bounds what they do. In milliseconds and per second. */
export interface ParsedRefinements {
  readonly pacing?: ParsedDelay | undefined
  readonly stagger?: number | undefined
  readonly throttle?: number | undefined
  readonly warmup?: number | undefined
}

/** How long iterations are started, by the name of the field that says so. */
export interface StartWindow {
  readonly field: 'duration' | 'maxDuration' | 'stages'
  readonly ms: number
}

/** What reads each refinement. */
interface RefinementSchemas {
  readonly pacing: ZodOptional<ZodType<ParsedDelay>>
  readonly stagger: ZodOptional<ZodType<number>>
  readonly throttle: ZodOptional<ZodType<number>>
  readonly warmup: ZodOptional<ZodType<number>>
}

/** What reads the refinements of a load as it was written. */
export function refinementSchemas(options: unknown, maxRatePerSecond: number): RefinementSchemas {
  const { pacing } = (options ?? {}) as { readonly pacing?: unknown }
  return {
    pacing: delaySchema(pacing).optional(),
    stagger: durationMs.optional(),
    throttle: ratePerSecond(1000, maxRatePerSecond, 'above zero').optional(),
    warmup: durationMs.optional(),
  }
}

/** Refinements that leave nothing to measure, or users without a turn. */
export function findImpossibleRefinements(load: ParsedRefinements, window: StartWindow, path: string): string[] {
  const problems = findBackwardDelay(load.pacing, `${path}.pacing`)
  const refuse = (name: 'stagger' | 'warmup', consequence: string): void => {
    const ms = load[name] ?? 0
    if (ms === 0 || ms < window.ms) return
    problems.push(
      `${path}: '${name}' (${formatDuration(ms)}) is not shorter than '${window.field}' (${formatDuration(window.ms)}), so that ${consequence}. Shorten '${name}' or lengthen '${window.field}'`,
    )
  }
  refuse('stagger', 'the last users would hardly iterate')
  refuse('warmup', 'nothing would be measured')
  return problems
}

/** The refinements of a load with what was not asked for left out. */
export function resolveRefinements({ pacing, stagger, throttle, warmup }: ParsedRefinements): LoadRefinements {
  return {
    ...(pacing === undefined ? {} : { pacing: resolveDelay(pacing) }),
    ...(stagger === undefined || stagger === 0 ? {} : { staggerMs: stagger }),
    ...(throttle === undefined ? {} : { throttlePerSecond: throttle }),
    ...(warmup === undefined || warmup === 0 ? {} : { warmupMs: warmup }),
  }
}

/** What refines a load, as its description goes on: `, staggered over 10s, paced at 5s, throttled to 100/s, 5s of warm-up`. */
export function describeRefinements({ pacing, staggerMs, throttlePerSecond, warmupMs }: LoadRefinements): string {
  const parts = [
    staggerMs === undefined ? [] : [`staggered over ${formatDuration(staggerMs)}`],
    pacing === undefined ? [] : [`paced at ${describeDelay(pacing)}`],
    throttlePerSecond === undefined ? [] : [`throttled to ${formatRateRange(throttlePerSecond, throttlePerSecond)}`],
    warmupMs === undefined ? [] : [`${formatDuration(warmupMs)} of warm-up`],
  ]
  return parts
    .flat()
    .map((part) => `, ${part}`)
    .join('')
}

function describeDelay(delay: Delay): string {
  switch (delay.distribution) {
    case 'uniform': {
      const ends = [...new Set([delay.minMs, delay.maxMs])].map(formatDuration)
      return ends.join(' to ')
    }
    case 'normal':
    case 'log-normal': {
      const { distribution, meanMs, deviationMs } = delay
      return `${formatDuration(meanMs)} ± ${formatDuration(deviationMs)} (${distribution})`
    }
    case 'exponential':
      return `${formatDuration(delay.meanMs)} (exponential)`
  }
}
