import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion, leastForAll } from './apportion.ts'

const weights = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0.01, max: 1000, noNaN: true })),
  {
    minLength: 1,
    maxLength: 12,
  },
)

describe('apportion', () => {
  it.for([
    [10, [70, 20, 10], [7, 2, 1]],
    [10, [1, 1, 1], [4, 3, 3]],
    [3, [1, 1, 1, 1], [1, 1, 1, 0]],
    [1, [1, 99], [0, 1]],
    [0, [1, 2], [0, 0]],
    [7, [1], [7]],
    [1_000_000_000, [1, 1, 1], [333_333_334, 333_333_333, 333_333_333]],
  ] as const)('divides %i by %j', ([total, by, parts]) => {
    expect(apportion(total, by)).toEqual(parts)
  })

  it('gives out all, and no more', () => {
    fc.assert(
      fc.property(fc.nat(100_000), weights, (total, by) => {
        const parts = apportion(total, by)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total)
        expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true)
      }),
    )
  })

  it('takes nothing away when there is more', () => {
    fc.assert(
      fc.property(fc.nat(2000), weights, (total, by) => {
        const [fewer, more] = [apportion(total, by), apportion(total + 1, by)]
        expect(more.every((part, index) => part >= (fewer[index] ?? 0))).toBe(true)
      }),
    )
  })
})

describe('leastForAll', () => {
  it('is the lowest total of which every part gets one', () => {
    const few = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(few, (by) => {
        const least = leastForAll(by)
        expect(Math.min(...apportion(least, by))).toBeGreaterThan(0)
        // Of equals the first come first: with the lightest in front, fewer may do.
        const lightestLast = by.toSorted((left, right) => right - left)
        expect(Math.min(...apportion(least - 1, lightestLast))).toBe(0)
      }),
    )
  })
})
