import * as z from 'zod'
import { throwProblems } from '../shared/errors.ts'
import type { Rate } from '../shared/rates.ts'
import type { RateStageOptions } from './arrival-rate-shapes.ts'
import { maxRatePerSecond, maxVUs } from './load-options.ts'
import type { VUStageOptions } from './load-shapes.ts'
import { checkOptions, durationMs, ratePerSecond, wholeNumber } from './problems.ts'

/** What a helper's stages count, and with what: virtual users by their number, rates as a load's `rate` is written. */
export interface Levels {
  readonly vus: number
  readonly rate: Rate
}

/** The stages of a helper: those of its unit. */
export type LevelStage<Unit extends keyof Levels> = Unit extends 'vus' ? VUStageOptions : RateStageOptions

const units = ['vus', 'rate'] as const

/** Reads a level of each unit: a number of virtual users, or a rate per second. */
const levelSchemas: Readonly<Record<keyof Levels, z.ZodType<number>>> = {
  vus: wholeNumber(maxVUs, 0),
  rate: ratePerSecond(1000, maxRatePerSecond, 'zero'),
}

/** The options of a helper, read: `levels` are those of its one unit. */
export interface ReadLevels<Shape, Timing> {
  readonly unit: keyof Levels
  readonly levels: Shape
  readonly timing: Timing
}

/**
 * Reads the options of a helper: one of `vus` and `rate`, with levels as `shapeOf` has them, and times beside it. `check`
 * finds what is wrong with levels that are right each for itself.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems.
 */
export function readLevels<Shape, Timing extends object>(
  caller: string,
  options: unknown,
  schemas: {
    readonly levels: (level: z.ZodType<number>) => z.ZodType<Shape>
    readonly timing: Readonly<Record<keyof Timing, z.ZodType>>
  },
  check: (levels: Shape, path: string) => string[],
): ReadLevels<Shape, Timing> {
  const given = units.filter(
    (name) => (options as Readonly<Record<string, unknown>> | null | undefined)?.[name] !== undefined,
  )
  const [unit = 'vus'] = given
  const shape = z.strictObject({
    ...Object.fromEntries(units.map((name) => [name, schemas.levels(levelSchemas[name]).optional()])),
    ...schemas.timing,
  })
  const { value, problems } = checkOptions(shape, options, '')
  if (given.length !== 1 && typeof options === 'object' && options !== null)
    problems.push(`expected one of 'vus' and 'rate'; received ${given.length === 0 ? 'none' : 'both'}`)
  const { vus, rate, ...timing } = (value ?? {}) as { vus?: Shape; rate?: Shape } & Timing
  const levels = unit === 'vus' ? vus : rate
  if (levels !== undefined) problems.push(...check(levels, unit))
  throwProblems(`Options of ${caller}`, problems)
  return { unit, levels: levels as Shape, timing: timing as unknown as Timing }
}

/** A duration with a default. */
export function durationOr(fallbackMs: number): z.ZodType<number> {
  return durationMs.optional().transform((ms) => ms ?? fallbackMs)
}

/** A stage that ends at a level. */
export function stageTo(unit: keyof Levels, duration: number, level: number): VUStageOptions | RateStageOptions {
  return unit === 'vus' ? { duration, vus: level } : { duration, rate: level }
}
