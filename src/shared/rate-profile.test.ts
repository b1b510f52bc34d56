import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrivalsWithin, RateProfile, type RateStage } from './rate-profile.ts'

const seconds = (duration: number, fromPerSecond: number, toPerSecond: number = fromPerSecond): RateStage => ({
  durationMs: duration * 1000,
  fromPerSecond,
  toPerSecond,
})

const rate = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 5000 }),
  fc.double({ min: 0.01, max: 5000, noNaN: true }),
)
const durationMs = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60_000 }))
const anyStages = fc.array(fc.record({ durationMs, fromPerSecond: rate, toPerSecond: rate }), {
  minLength: 1,
  maxLength: 6,
})

const steps = 50

/** Another way to the integral: in steps that are too short for it to matter that rates within one are not the same. */
function integrate(stages: readonly RateStage[], untilMs: number): number {
  let sum = 0
  let startMs = 0
  for (const { durationMs: lastsMs, fromPerSecond, toPerSecond } of stages) {
    const partMs = Math.min(lastsMs, Math.max(0, untilMs - startMs))
    const part = lastsMs === 0 ? 0 : partMs / lastsMs
    for (let step = 0; step < steps; step++) {
      const middle = ((step + 0.5) / steps) * part
      sum += (fromPerSecond + (toPerSecond - fromPerSecond) * middle) * (partMs / steps / 1000)
    }
    startMs += lastsMs
  }
  return sum
}

/** Numbers of a few arrivals, the first and the last among them. */
function sampleOf({ total }: RateProfile): number[] {
  const numbers = Array.from({ length: 20 }, (_, index) => Math.floor((index / 19) * (total - 1)))
  return total === 0 ? [] : [...new Set(numbers)]
}

describe('arrivalsWithin', () => {
  it.for([
    [10, 1, 10],
    [0.5, 10, 5],
    [0.5, 1, 1],
    [3, 0.1, 1],
    [0.1, 30, 3],
    [1.1, 10, 11],
    [0.07, 100, 7],
    [7 / 60, 60, 7],
    [1 / 3, 3, 1],
    [1 / 3600, 3600, 1],
    [10, 0.95, 10],
    [10, 0.901, 10],
    [10, 0.9, 9],
    [1_000_000, 596 * 3600, 2_145_600_000_000],
    [0, 10, 0],
    [5, 0, 0],
  ] as const)('counts what %d per second make in %d s', ([perSecond, duration, count]) => {
    expect(arrivalsWithin([seconds(duration, perSecond)])).toBe(count)
  })

  it.for([
    [[seconds(10, 0, 20)], 100],
    [[seconds(10, 20, 0)], 100],
    [[seconds(1, 10), seconds(5, 0)], 10],
    [[seconds(1, 10), seconds(5, 0), seconds(1, 10)], 20],
    [[seconds(0, 0, 10), seconds(1, 10)], 10],
    [[seconds(1, 10), seconds(0, 10, 1000)], 10],
    [Array.from({ length: 1000 }, () => seconds(0.1, 0.1)), 10],
    [[], 0],
  ] as const)('counts those of %j', ([stages, count]) => {
    expect(arrivalsWithin(stages)).toBe(count)
  })

  it('is the rate times the duration, rounded up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 3_600_000 }), (hundredths, ms) => {
        const exact = (BigInt(hundredths) * BigInt(ms) + 99_999n) / 100_000n
        expect(BigInt(arrivalsWithin([{ durationMs: ms, ...flat(hundredths / 100) }]))).toBe(exact)
      }),
    )
  })

  it('agrees with a numeric integration', () => {
    fc.assert(
      fc.property(anyStages, (stages) => {
        const total = stages.reduce((sum, stage) => sum + stage.durationMs, 0)
        const integral = integrate(stages, total)
        const { expected, total: count } = new RateProfile(stages)
        expect(Math.abs(expected - integral)).toBeLessThanOrEqual(1e-9 * integral)
        expect(count).toBe(arrivalsWithin(stages))
        expect(Math.abs(count - integral - 0.5)).toBeLessThanOrEqual(0.5 + 1e-6 * Math.max(1, integral))
      }),
    )
  })
})

describe('RateProfile', () => {
  const timesOf = (stages: readonly RateStage[]): number[] => {
    const profile = new RateProfile(stages)
    return Array.from({ length: profile.total }, (_, k) => profile.timeOf(k))
  }

  it('spaces a constant rate evenly, from the start on', () => {
    expect(timesOf([seconds(1, 5)])).toEqual([0, 200, 400, 600, 800])
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (perSecond, part) => {
          const profile = new RateProfile([seconds(1000, perSecond)])
          const k = Math.floor(part * (profile.total - 1))
          expect(profile.timeOf(k)).toBeCloseTo((k / perSecond) * 1000, 6)
        },
      ),
    )
  })

  it('follows a rate that rises or falls', () => {
    expect(timesOf([seconds(2, 0, 4)]).map(Math.round)).toEqual([0, 1000, 1414, 1732])
    expect(timesOf([seconds(2, 4, 0)]).map(Math.round)).toEqual([0, 268, 586, 1000])
  })

  it('waits while the rate is zero, also at the start', () => {
    expect(timesOf([seconds(1, 0), seconds(1, 2), seconds(3, 0), seconds(0, 0, 4), seconds(0.5, 4)])).toEqual([
      1000, 1500, 5000, 5250,
    ])
  })

  it('comes to its end after the last arrival, and at once with none', () => {
    const profile = new RateProfile([seconds(1, 2), seconds(3, 0)])
    expect([1, 1.5, 2, 3].map((k) => profile.timeOf(k))).toEqual([500, 750, 4000, 4000])
    expect(new RateProfile([seconds(1, 0)]).timeOf(0)).toBe(1000)
    expect(new RateProfile([]).timeOf(0)).toBe(0)
  })

  it('hardly tells a rate that hardly changes from a constant one', () => {
    const profile = new RateProfile([seconds(10, 100, 100 + 1e-10)])
    for (const k of [1, 500, 999]) expect(profile.timeOf(k)).toBeCloseTo(k * 10, 6)
  })

  it('is monotone, between whole numbers too', () => {
    fc.assert(
      fc.property(anyStages, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (stages, parts) => {
        const profile = new RateProfile(stages)
        const times = sampleOf(profile).map((k) => profile.timeOf(k))
        expect(times).toEqual(times.toSorted((left, right) => left - right))
        let earlierMs = 0
        for (const part of parts.toSorted((left, right) => left - right)) {
          const timeMs = profile.timeOf(part * profile.expected)
          expect(timeMs).toBeGreaterThanOrEqual(earlierMs - 1e-6)
          earlierMs = timeMs
        }
      }),
    )
  })

  it('has arrival k where the integral of the rate is k', () => {
    fc.assert(
      fc.property(anyStages, (stages) => {
        const profile = new RateProfile(stages)
        for (const k of sampleOf(profile)) {
          const arrived = integrate(stages, profile.timeOf(k))
          expect(Math.abs(arrived - k)).toBeLessThanOrEqual(1e-6 * Math.max(1, k))
        }
      }),
    )
  })

  it('has every arrival before its end', () => {
    fc.assert(
      fc.property(anyStages, (stages) => {
        const profile = new RateProfile(stages)
        const endMs = stages.reduce((sum, stage) => sum + stage.durationMs, 0)
        for (const k of sampleOf(profile)) expect(profile.timeOf(k)).toBeLessThan(endMs)
        expect(profile.timeOf(profile.total)).toBe(endMs)
      }),
    )
  })
})

function flat(perSecond: number): Pick<RateStage, 'fromPerSecond' | 'toPerSecond'> {
  return { fromPerSecond: perSecond, toPerSecond: perSecond }
}
