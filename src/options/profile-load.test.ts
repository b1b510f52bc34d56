import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolve } from './fixtures/written-load.ts'
import { profileLoad } from './profile-load.ts'

describe('profileLoad', () => {
  it('gives the highest level of each part of the time', () => {
    const stages = [
      { duration: '2s', vus: 10 },
      { duration: '1s', vus: 10 },
      { duration: 0, vus: 2 },
      { duration: '1s', vus: 2 },
    ]
    const { unit, levels, durationMs } = profileLoad(resolve({ startVUs: 0, stages }), 4)
    expect({ unit, durationMs }).toEqual({ unit: 'VUs', durationMs: 4000 })
    expect(levels.map((level) => Math.round(level))).toEqual([5, 10, 10, 2])
  })

  it.for([
    [
      { vus: 5, duration: '1m' },
      { unit: 'VUs', levels: [5, 5], durationMs: 60_000 },
    ],
    [
      { vus: 5, iterations: 10 },
      { unit: 'VUs', levels: [5, 5], durationMs: undefined },
    ],
    [
      { rate: '90/m', duration: '1m' },
      { unit: 'per second', levels: [1.5, 1.5], durationMs: 60_000 },
    ],
  ] as const)('is level for %j', ([options, profile]) => {
    expect(profileLoad(resolve(options), 2)).toEqual(profile)
  })

  it('loses no peak, however short it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 59_000 }), fc.integer({ min: 1, max: 80 }), (atMs, parts) => {
        const stages = [
          { duration: atMs, rate: 1 },
          { duration: 0, rate: 100 },
          { duration: 10, rate: 100 },
          { duration: 0, rate: 1 },
          { duration: 59_990 - atMs, rate: 1 },
        ]
        const { levels } = profileLoad(resolve({ startRate: 1, stages }), parts)
        expect(levels).toHaveLength(parts)
        expect(Math.max(...levels)).toBe(100)
        expect(levels.filter((level) => level > 1).length).toBeLessThanOrEqual(2)
      }),
    )
  })
})
