import * as fc from 'fast-check'
import * as hdr from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { bucketIndex, bucketValue, highestLatencyUs, latencyLayout, phaseLayout } from './buckets.ts'

const layouts = [
  { name: 'latencies', layout: latencyLayout },
  { name: 'phases', layout: phaseLayout },
]
const latency = fc.oneof(fc.integer({ min: 1, max: highestLatencyUs }), fc.integer({ min: 1, max: 10_000 }))

describe.for(layouts)('the buckets of $name', ({ layout }) => {
  const reference = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestLatencyUs,
    numberOfSignificantValueDigits: layout.significantDigits,
    useWebAssembly: false,
  }) as hdr.Histogram & Record<'lowestEquivalentValue' | 'highestEquivalentValue', (value: number) => number>

  function expectSameBucket(value: number): void {
    const index = bucketIndex(layout, value)
    expect(bucketValue(layout, index)).toBe(reference.lowestEquivalentValue(value))
    expect(bucketValue(layout, index + 1) - 1).toBe(reference.highestEquivalentValue(value))
  }

  it('have the bounds of HdrHistogram, for any value', () => {
    fc.assert(fc.property(latency, expectSameBucket), { numRuns: 2000 })
  })

  it('have the bounds of HdrHistogram around every power of two', () => {
    for (let power = 1; power <= 2 ** 31; power *= 2) {
      for (const value of [power - 1, power, power + 1]) if (value >= 1) expectSameBucket(value)
    }
    expectSameBucket(highestLatencyUs)
  })

  it('are those of HdrHistogram one by one, without gap or overlap', () => {
    for (let index = 1; index < layout.length; index++) {
      const [lowest, highest] = [bucketValue(layout, index), bucketValue(layout, index + 1) - 1]
      const isSame =
        reference.lowestEquivalentValue(highest) === lowest && reference.highestEquivalentValue(lowest) === highest
      const isIndexed = bucketIndex(layout, lowest) === index && bucketIndex(layout, highest) === index
      if (!isSame || !isIndexed) expect.fail(`bucket ${index} from ${lowest} to ${highest} differs`)
    }
  })

  it('are as many as the highest value needs', () => {
    expect(bucketIndex(layout, highestLatencyUs)).toBe(layout.length - 1)
    expect(bucketValue(layout, layout.length)).toBeGreaterThan(highestLatencyUs)
  })

  it('are no wider than the digits promise', () => {
    fc.assert(
      fc.property(latency, (value) => {
        const index = bucketIndex(layout, value)
        const width = bucketValue(layout, index + 1) - bucketValue(layout, index)
        expect(width).toBeLessThanOrEqual(Math.max(1, value / 10 ** layout.significantDigits))
      }),
    )
  })
})
