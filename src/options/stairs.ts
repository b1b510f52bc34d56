import * as z from 'zod'
import type { Duration } from '../shared/durations.ts'
import { durationOr, readLevels, stageTo, type Levels, type LevelStage } from './level-stages.ts'
import { positiveDurationMs } from './problems.ts'

/** From where to where stairs lead, and how high each step is, or how many there are. */
export type StairsLevels<Level> = {
  /** The first level. */
  readonly from: Level
  /** The last level; below `from`, the stairs lead down. */
  readonly to: Level
} & (
  | {
      /** The height of each step; the last one is lower where it does not fit. */
      readonly step: Level
      readonly steps?: undefined
    }
  | {
      /** How many steps there are, of one height: with 4, five levels. */
      readonly steps: number
      readonly step?: undefined
    }
)

/** How long stairs take. */
export interface StairsTiming {
  /** How long each level lasts. */
  readonly hold: Duration
  /** How long the way from one level to the next takes; with 0 it is a jump. @default 0 */
  readonly ramp?: Duration
}

/** Options of `stairs`, for virtual users or for a rate. */
export type StairsOptions<Unit extends keyof Levels> = StairsTiming & {
  readonly [Name in Unit]: StairsLevels<Levels[Name]>
} & { readonly [Name in Exclude<keyof Levels, Unit>]?: undefined }

const mostSteps = 1000
const expectedSteps = `expected a whole number from 1 to ${mostSteps.toLocaleString('en')}`

interface ReadStairs {
  readonly from: number
  readonly to: number
  readonly step?: number | undefined
  readonly steps?: number | undefined
}

/**
 * Stages that climb from level to level, each held for a while: Gatling's `incrementUsersPerSec(…).times(…)
 * .eachLevelLasting(…).separatedByRampsLasting(…).startingFrom(…)`. To find where a system gives way.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems.
 * @example
 * ```ts
 * scenario('how far', { load: { stages: stairs({ rate: { from: 50, to: 500, step: 50 }, hold: '30s', ramp: '5s' }) } }, body)
 * scenario('how many', { load: { stages: stairs({ vus: { from: 10, to: 50, steps: 4 }, hold: '1m' }) } }, body)
 * ```
 */
export function stairs(options: StairsOptions<'vus'>): LevelStage<'vus'>[]
export function stairs(options: StairsOptions<'rate'>): LevelStage<'rate'>[]
export function stairs(options: unknown): unknown[] {
  const { unit, levels, timing } = readLevels<ReadStairs, { hold: number; ramp: number }>(
    'stairs()',
    options,
    {
      levels: (level) =>
        z.strictObject({
          from: level,
          to: level,
          step: level.optional(),
          steps: z
            .number(expectedSteps)
            .int(expectedSteps)
            .min(1, expectedSteps)
            .max(mostSteps, expectedSteps)
            .optional(),
        }),
      timing: { hold: positiveDurationMs, ramp: durationOr(0) },
    },
    findProblems,
  )
  const { hold, ramp } = timing
  const climbed = levelsOf(levels).map((level) => (unit === 'vus' ? Math.round(level) : level))
  return climbed.flatMap((level, index) => [stageTo(unit, index === 0 ? 0 : ramp, level), stageTo(unit, hold, level)])
}

function findProblems({ from, to, step, steps }: ReadStairs, path: string): string[] {
  if (from === to) return [`${path}.to: expected another level than 'from'; received ${to}`]
  if ((step === undefined) === (steps === undefined))
    return [`${path}: expected one of 'step' and 'steps'; received ${step === undefined ? 'none' : 'both'}`]
  if (step === 0) return [`${path}.step: expected more than zero; received 0`]
  if (step === undefined || Math.abs(to - from) / step <= mostSteps) return []
  return [`${path}.step: expected at most ${mostSteps.toLocaleString('en')} steps; received ${step}, which makes more`]
}

function levelsOf({ from, to, step, steps }: ReadStairs): number[] {
  const height = to - from
  if (steps !== undefined) return Array.from({ length: steps + 1 }, (_, index) => from + (height * index) / steps)
  const each = Math.sign(height) * (step ?? height)
  // What rounding leaves of a quotient is no further step.
  const count = Math.ceil(height / each - 1e-9)
  return [...Array.from({ length: count }, (_, index) => from + each * index), to]
}
