import * as fc from 'fast-check'
import * as hdr from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { bucketIndex, highestLatencyUs, latencyLayout, phaseLayout, type BucketLayout } from './buckets.ts'
import { LatencyHistogram, type HistogramDelta } from './histogram.ts'

/** Values of one kind, and how many of them. */
type Cell = readonly [us: number, count: number]

const us = fc.oneof(
  fc.integer({ min: 1, max: 3000 }),
  fc.integer({ min: 1, max: 10_000_000 }),
  fc.integer({ min: 1, max: highestLatencyUs }),
)
const count = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1_000_000 }))
const cell: fc.Arbitrary<Cell> = fc.tuple(us, count)
const deltas = fc.array(fc.array(cell, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 5 })
const percentile = fc.oneof(
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.integer({ min: 0, max: 1000 }).map((tenth) => tenth / 10),
  fc.constantFrom(99.99, 99.999, 99.9999),
)
const layouts = [
  { name: 'latencies', layout: latencyLayout },
  { name: 'phases', layout: phaseLayout },
]

function deltaOf(layout: BucketLayout, cells: readonly Cell[]): HistogramDelta {
  const values = cells.map(([value]) => value)
  return {
    count: cells.reduce((sum, [, times]) => sum + times, 0),
    sum: cells.reduce((sum, [value, times]) => sum + value * times, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    cells: Uint32Array.from(cells.flatMap(([value, times]) => [bucketIndex(layout, value), times])),
  }
}

function histogramOf(layout: BucketLayout, all: readonly (readonly Cell[])[]): LatencyHistogram {
  const histogram = new LatencyHistogram(layout)
  for (const cells of all) histogram.add(deltaOf(layout, cells))
  return histogram
}

function referenceOf(layout: BucketLayout, all: readonly (readonly Cell[])[]): hdr.Histogram {
  const reference = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestLatencyUs,
    numberOfSignificantValueDigits: layout.significantDigits,
    bitBucketSize: 32,
    useWebAssembly: false,
  })
  for (const [value, times] of all.flat()) reference.recordValueWithCount(value, times)
  return reference
}

describe.for(layouts)('a histogram of $name', ({ layout }) => {
  it('has the percentiles of HdrHistogram, for any percentile and count', () => {
    fc.assert(
      fc.property(deltas, fc.array(percentile, { minLength: 1, maxLength: 20 }), (all, percentiles) => {
        const [histogram, reference] = [histogramOf(layout, all), referenceOf(layout, all)]
        for (const asked of percentiles) {
          const limited = Math.max(histogram.min, Math.min(histogram.max, reference.getValueAtPercentile(asked)))
          expect(histogram.percentile(asked)).toBe(limited)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('has the percentiles of HdrHistogram where they fall on a whole number of values', () => {
    for (let total = 1; total <= 400; total++) {
      const cells = Array.from({ length: total }, (_, index): Cell => [index + 1, 1])
      const [histogram, reference] = [histogramOf(layout, [cells]), referenceOf(layout, [cells])]
      for (const asked of [50, 90, 95, 99, 99.9, (100 * Math.ceil(total / 3)) / total]) {
        const expected = Math.min(total, reference.getValueAtPercentile(asked))
        if (histogram.percentile(asked) !== expected) expect.fail(`p(${asked}) of ${total} values is not ${expected}`)
      }
    }
  })

  it('is written as HdrHistogram writes it', () => {
    fc.assert(
      fc.property(deltas, (all) => {
        const written = hdr.encodeIntoCompressedBase64(referenceOf(layout, all))
        expect(histogramOf(layout, all).encode()).toBe(written)
      }),
      { numRuns: 30 },
    )
  })

  it('is the same whether it was added to or merged', () => {
    fc.assert(
      fc.property(deltas, deltas, (left, right) => {
        const merged = histogramOf(layout, left)
        merged.merge(histogramOf(layout, right))
        const whole = histogramOf(layout, [...left, ...right])
        expect(merged.encode()).toBe(whole.encode())
        expect(merged.summary()).toEqual({ ...whole.summary(), mean: expect.closeTo(whole.mean) })
      }),
      { numRuns: 30 },
    )
  })
})

describe('more values of one kind than a counter holds', () => {
  it('are not taken for few', () => {
    const half = 2 ** 31
    const cells = Uint32Array.of(bucketIndex(latencyLayout, 1000), half)
    const histogram = new LatencyHistogram(latencyLayout)
    for (let time = 0; time < 3; time++) histogram.add({ count: half, sum: half * 1000, min: 1000, max: 1000, cells })
    expect(histogram.summary()).toMatchObject({ count: 3 * half, p50: 1000, p999: 1000 })
  })
})
