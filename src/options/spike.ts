import * as z from 'zod'
import type { Duration } from '../shared/durations.ts'
import { durationOr, readLevels, stageTo, type Levels, type LevelStage } from './level-stages.ts'
import { durationMs, positiveDurationMs } from './problems.ts'

/** How high a spike is. */
export interface SpikeLevels<Level> {
  /** The level before and after. */
  readonly base: Level
  /** The level of the spike, above `base`. */
  readonly peak: Level
}

/** How long a spike and what is around it take. */
export interface SpikeTiming {
  /** When the spike begins, from the start of the load. @default '30s' */
  readonly at?: Duration
  /** How long the way up takes, and the way down; with 0 it is a jump. @default 0 */
  readonly ramp?: Duration
  /** How long the peak lasts. */
  readonly hold: Duration
  /** How long the base lasts afterwards: what a system needs to recover. @default as long as before */
  readonly after?: Duration
}

/** Options of `spike`, for virtual users or for a rate. */
export type SpikeOptions<Unit extends keyof Levels> = SpikeTiming & {
  readonly [Name in Unit]: SpikeLevels<Levels[Name]>
} & { readonly [Name in Exclude<keyof Levels, Unit>]?: undefined }

const defaultAtMs = 30_000

interface ReadSpike {
  readonly base: number
  readonly peak: number
}

/**
 * Stages with a sudden peak, and the time after it: the spike test of k6's guides, Gatling's `stressPeakUsers` between two
 * steady levels. To see whether a system stands it, and whether it recovers.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems.
 * @example
 * ```ts
 * const stages = spike({ rate: { base: 50, peak: 1000 }, at: '1m', ramp: '5s', hold: '30s' })
 * scenario('the sale starts', { load: { stages } }, body)
 * ```
 */
export function spike(options: SpikeOptions<'vus'>): LevelStage<'vus'>[]
export function spike(options: SpikeOptions<'rate'>): LevelStage<'rate'>[]
export function spike(options: unknown): unknown[] {
  const { unit, levels, timing } = readLevels<ReadSpike, { at: number; ramp: number; hold: number; after?: number }>(
    'spike()',
    options,
    {
      levels: (level) => z.strictObject({ base: level, peak: level }),
      timing: {
        at: durationOr(defaultAtMs),
        ramp: durationOr(0),
        hold: positiveDurationMs,
        after: durationMs.optional(),
      },
    },
    ({ base, peak }, path) =>
      peak > base ? [] : [`${path}.peak: expected more than 'base' (${base}); received ${peak}`],
  )
  const { at, ramp, hold, after = at } = timing
  const { base, peak } = levels
  const stages: readonly (readonly [number, number])[] = [
    [0, base],
    [at, base],
    [ramp, peak],
    [hold, peak],
    [ramp, base],
    [after, base],
  ]
  return stages.map(([duration, level]) => stageTo(unit, duration, level))
}
