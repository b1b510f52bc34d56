import * as z from 'zod'
import type { Delay } from '../shared/delays.ts'
import type { Duration } from '../shared/durations.ts'
import { showValue } from '../shared/text.ts'
import { checkOptions, durationMs, positiveDurationMs } from './problems.ts'

/**
 * A random length of time. What would be below 0 or over `max` is set to that end: no other number is drawn for it.
 *
 * @example { distribution: 'log-normal', mean: '3s', deviation: '2s', max: '30s' }
 */
export type DelayOptions = UniformDelayOptions | NormalDelayOptions | ExponentialDelayOptions

/** Every length between two is as likely as any other. */
export interface UniformDelayOptions {
  readonly distribution: 'uniform'
  readonly min: Duration
  readonly max: Duration
}

/**
 * Normal: around a mean, as often below as above it. What would be below 0 is 0, which raises the mean: by 0.01 % where
 * `deviation` is a third of `mean`, by 0.4 % where it is half of it, by 8 % where both are the same.
 *
 * Log-normal: never below 0, with a long tail above: how long people read or type. `mean` and `deviation` are those of
 * the delay itself.
 */
export interface NormalDelayOptions {
  readonly distribution: 'normal' | 'log-normal'
  readonly mean: Duration
  /** The standard deviation. */
  readonly deviation: Duration
  /** What would be longer is this long, which lowers the mean. @default none */
  readonly max?: Duration
}

/** Many short ones and a few long ones: what passes between events that know nothing of each other. */
export interface ExponentialDelayOptions {
  readonly distribution: 'exponential'
  readonly mean: Duration
  /** What would be longer is this long, which lowers the mean by the factor 1 − e^(−max ÷ mean). @default none */
  readonly max?: Duration
}

const bell = { mean: positiveDurationMs, deviation: durationMs, max: positiveDurationMs.optional() }
const schemas = {
  uniform: z.strictObject({ distribution: z.literal('uniform'), min: durationMs, max: durationMs }),
  normal: z.strictObject({ distribution: z.literal('normal'), ...bell }),
  'log-normal': z.strictObject({ distribution: z.literal('log-normal'), ...bell }),
  exponential: z.strictObject({
    distribution: z.literal('exponential'),
    mean: positiveDurationMs,
    max: positiveDurationMs.optional(),
  }),
} as const

type Distribution = keyof typeof schemas
const distributions = Object.keys(schemas) as Distribution[]
const expectedDistribution = `expected one of ${distributions.map((name) => `'${name}'`).join(', ')}`
const unknownDistribution = z.looseObject({ distribution: z.enum(distributions, expectedDistribution) })

/** A delay as it was written, once checked: milliseconds of a fixed one, or what is random about it. */
export type ParsedDelay = number | ParsedUniform | ParsedBell | ParsedExponential

interface ParsedUniform {
  readonly distribution: 'uniform'
  readonly min: number
  readonly max: number
}

interface ParsedBell {
  readonly distribution: 'normal' | 'log-normal'
  readonly mean: number
  readonly deviation: number
  readonly max?: number | undefined
}

interface ParsedExponential {
  readonly distribution: 'exponential'
  readonly mean: number
  readonly max?: number | undefined
}

/** What reads a delay as it was written: as a duration, or by the distribution that it names. */
export function delaySchema(input: unknown): z.ZodType<ParsedDelay> {
  if (typeof input !== 'object' || input === null) return positiveDurationMs
  const { distribution } = input as { readonly distribution?: unknown }
  const known = distributions.find((name) => name === distribution)
  // Not what it says is read, but why it cannot be.
  return known === undefined ? (unknownDistribution as unknown as z.ZodType<ParsedDelay>) : schemas[known]
}

/** What is wrong with a delay although each of its fields is right. */
export function findBackwardDelay(delay: ParsedDelay | undefined, path: string): string[] {
  if (typeof delay !== 'object' || delay.distribution !== 'uniform' || delay.max >= delay.min) return []
  return [`${path}.max: expected at least 'min', which is ${delay.min} ms; received ${showValue(delay.max)} ms`]
}

/** The delay that was meant. A fixed one is uniform between equal ends. */
export function resolveDelay(delay: ParsedDelay): Delay {
  if (typeof delay === 'number') return { distribution: 'uniform', minMs: delay, maxMs: delay }
  switch (delay.distribution) {
    case 'uniform':
      return { distribution: 'uniform', minMs: delay.min, maxMs: delay.max }
    case 'normal':
    case 'log-normal': {
      const { distribution, mean, deviation, max } = delay
      return { distribution, meanMs: mean, deviationMs: deviation, maxMs: max }
    }
    case 'exponential':
      return { distribution: 'exponential', meanMs: delay.mean, maxMs: delay.max }
  }
}

/** Reads random delay options. Problems are added to `problems`; the delay is absent then. */
export function readDelay(options: DelayOptions, path: string, problems: string[]): Delay | undefined {
  const checked = checkOptions(delaySchema(options), options, path)
  const found = [...checked.problems, ...findBackwardDelay(checked.value, path)]
  problems.push(...found)
  return checked.value === undefined || found.length > 0 ? undefined : resolveDelay(checked.value)
}
