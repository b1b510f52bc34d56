import * as fc from 'fast-check'
import * as hdr from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { RunTotals, type SeriesTotals } from '../results/run-totals.ts'
import { highestLatencyUs, latencyLayout } from './buckets.ts'
import { LatencyHistogram } from './histogram.ts'
import { MetricsRegistry } from './registry.ts'
import { outcomes } from './series.ts'

/** A sample, and whether the thread sends a snapshot after it. */
interface Sample {
  readonly us: number
  readonly flush: boolean
}

const us = fc.oneof(
  fc.integer({ min: 1, max: 3000 }),
  fc.integer({ min: 1, max: 10_000_000 }),
  fc.integer({ min: 1, max: highestLatencyUs }),
)
const sample: fc.Arbitrary<Sample> = fc.record({ us, flush: fc.boolean() })
const threads = fc
  .array(fc.array(sample, { maxLength: 150 }), { minLength: 1, maxLength: 4 })
  .filter((all) => all.some((samples) => samples.length > 0))
const percentiles = [0.1, 1, 25, 50, 75, 90, 95, 99, 99.9, 100]

/** Sends the samples the way that threads do, and merges them the way that main does. */
function merge(all: readonly (readonly Sample[])[]): SeriesTotals {
  const totals = new RunTotals()
  for (const [thread, samples] of all.entries()) {
    const registry = new MetricsRegistry()
    // So that ids differ from thread to thread.
    for (let other = 0; other < thread; other++) registry.series('step', `other ${other}`).record(outcomes.ok, 1)
    const series = registry.series('request', 'GET /')
    for (const { us: duration, flush } of samples) {
      series.record(outcomes.ok, duration)
      series.recordPhases(Float64Array.of(duration))
      if (flush) totals.add(thread, structuredClone(registry.snapshot()))
    }
    totals.add(thread, structuredClone(registry.snapshot()))
  }
  const series = totals.find('request', 'GET /')
  if (series === undefined) throw new Error('The series is missing.')
  return series
}

function reference(values: readonly number[]): hdr.Histogram {
  const histogram = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestLatencyUs,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })
  for (const value of values) histogram.recordValue(value)
  return histogram
}

describe('measurements of several threads in several snapshots', () => {
  it('have the percentiles of one HdrHistogram with all samples', () => {
    fc.assert(
      fc.property(threads, (all) => {
        const { latency } = merge(all)
        const values = all.flat().map(({ us: value }) => value)
        const single = reference(values)
        const max = Math.max(...values)
        for (const percentile of percentiles) {
          expect(latency.percentile(percentile)).toBe(Math.min(max, single.getValueAtPercentile(percentile)))
        }
      }),
    )
  })

  it('have percentiles within 0.1 % of the exact ones', () => {
    fc.assert(
      fc.property(threads, (all) => {
        const { latency } = merge(all)
        const sorted = all
          .flat()
          .map(({ us: value }) => value)
          .toSorted((left, right) => left - right)
        for (const percentile of percentiles) {
          const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length - 1e-9))
          const exact = sorted[rank - 1] ?? 0
          const actual = latency.percentile(percentile)
          expect(actual).toBeGreaterThanOrEqual(exact)
          expect(actual).toBeLessThanOrEqual(exact * 1.001)
        }
      }),
    )
  })

  it('have the exact count, sum, minimum and maximum', () => {
    fc.assert(
      fc.property(threads, (all) => {
        const totals = merge(all)
        const values = all.flat().map(({ us: value }) => value)
        const sum = values.reduce((total, value) => total + value, 0)
        const exact = { count: values.length, sum, min: Math.min(...values), max: Math.max(...values) }
        expect(totals.ok).toBe(values.length)
        expect(totals.latency).toMatchObject(exact)
        expect(totals.latency.summary()).toMatchObject({
          count: exact.count,
          min: exact.min,
          mean: sum / exact.count,
          max: exact.max,
        })
      }),
    )
  })

  it('do not depend on how they were split', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 100 }),
        fc.integer({ min: 1, max: 4 }),
        (samples, count) => {
          const split = Array.from({ length: count }, (_, thread) =>
            samples.filter((_sample, index) => index % count === thread),
          )
          expect(merge(split).latency.encode()).toBe(merge([samples]).latency.encode())
          expect(merge(split).latency.summary()).toEqual(merge([samples]).latency.summary())
        },
      ),
    )
  })

  it('have phases with two digits', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 50 }), (samples) => {
        const registry = new MetricsRegistry()
        const series = registry.series('request', 'GET /', ['waiting'])
        for (const { us: duration } of samples) series.recordPhases(Float64Array.of(duration))
        const totals = new RunTotals()
        totals.add(0, registry.snapshot())
        const phase = totals.find('request', 'GET /')?.phases[0]
        const sorted = samples.map(({ us: value }) => value).toSorted((left, right) => left - right)
        const median = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0
        expect(phase?.count).toBe(samples.length)
        expect(phase?.percentile(50)).toBeGreaterThanOrEqual(median)
        expect(phase?.percentile(50)).toBeLessThanOrEqual(median * 1.01)
      }),
    )
  })
})

describe('LatencyHistogram', () => {
  it('gives zeros when empty', () => {
    const zeros = { count: 0, min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 }
    expect(new LatencyHistogram(latencyLayout).summary()).toEqual(zeros)
  })

  it('encodes what any HDR tool reads', () => {
    const series = merge([
      [
        { us: 1000, flush: true },
        { us: 250_000, flush: false },
      ],
    ])
    const decoded = hdr.decodeFromCompressedBase64(series.latency.encode())
    expect(decoded.totalCount).toBe(2)
    expect(decoded.getValueAtPercentile(50)).toBe(1000)
    expect(decoded.maxValue).toBe(250_111)
  })

  it('merges with another one', () => {
    const left = merge([
      [
        { us: 10, flush: false },
        { us: 30, flush: false },
      ],
    ]).latency
    left.merge(merge([[{ us: 20, flush: false }]]).latency)
    expect(left.summary()).toMatchObject({ count: 3, min: 10, mean: 20, p50: 20, max: 30 })
  })
})
