import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { globalIndex, iterationAt, iterationCount, segmentSize, type Segment } from './segment.ts'

function segments(count: number): Segment[] {
  return Array.from({ length: count }, (_, index) => ({ index, count }))
}

function range(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index)
}

function iterationsOf(segment: Segment, iterations: number, vus: number): number[] {
  const positions = range(iterationCount(segment, iterations, vus))
  return positions.map((position) => iterationAt(segment, vus, position))
}

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((left, right) => left - right)
}

const count = fc.integer({ min: 1, max: 20 })

describe('segments', () => {
  it('are together the whole, each thing once', () => {
    fc.assert(
      fc.property(fc.nat({ max: 500 }), count, (total, threads) => {
        const all = segments(threads).flatMap((segment) =>
          range(segmentSize(segment, total)).map((position) => globalIndex(segment, position)),
        )
        expect(sorted(all)).toEqual(range(total))
      }),
    )
  })

  it('differ by one thing at most', () => {
    fc.assert(
      fc.property(fc.nat({ max: 500 }), count, (total, threads) => {
        const sizes = segments(threads).map((segment) => segmentSize(segment, total))
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('iterationCount and iterationAt', () => {
  const vus = fc.integer({ min: 1, max: 50 })

  it('gives the segments all iterations, each once', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), vus, count, (iterations, users, threads) => {
        const all = segments(threads).flatMap((segment) => iterationsOf(segment, iterations, users))
        expect(sorted(all)).toEqual(range(iterations))
      }),
    )
  })

  it('gives an iteration to the segment that owns its virtual user', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), vus, count, (iterations, users, threads) => {
        for (const segment of segments(threads)) {
          for (const iteration of iterationsOf(segment, iterations, users))
            expect((iteration % users) % threads).toBe(segment.index)
        }
      }),
    )
  })

  it('gives the iterations of a segment in ascending order', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), vus, count, (iterations, users, threads) => {
        for (const segment of segments(threads)) {
          const share = iterationsOf(segment, iterations, users)
          expect(share).toEqual(sorted(share))
        }
      }),
    )
  })

  it('answers at once for a billion iterations', () => {
    const shares = segments(3)
    expect(shares.map((segment) => iterationCount(segment, 1_000_000_000, 7))).toEqual([
      428_571_428, 285_714_286, 285_714_286,
    ])
    expect(iterationAt({ index: 2, count: 3 }, 7, 285_714_285)).toBe(999_999_999)
  })

  it('gives none to a segment without virtual users', () => {
    expect(segments(4).map((segment) => iterationsOf(segment, 10, 2).length)).toEqual([5, 5, 0, 0])
  })

  it('gives twice as many to one with twice as many virtual users', () => {
    expect(segments(2).map((segment) => iterationsOf(segment, 9, 3))).toEqual([
      [0, 2, 3, 5, 6, 8],
      [1, 4, 7],
    ])
  })

  it('is defined for fewer iterations than virtual users', () => {
    expect(segments(2).map((segment) => iterationsOf(segment, 3, 10))).toEqual([[0, 2], [1]])
    expect(iterationsOf({ index: 0, count: 1 }, 0, 5)).toEqual([])
  })
})
