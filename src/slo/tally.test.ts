import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketIndex, latencyLayout } from '../metrics/buckets.ts'
import { LatencyHistogram } from '../metrics/histogram.ts'
import { ProbeRecorder } from '../metrics/probe-recorder.ts'
import { outcomes } from '../metrics/series.ts'
import { checks, errorRate, p, throughput } from './fixtures/measured.ts'
import { Tally } from './tally.ts'

/** A tally of durations, merged from several threads. */
function tallyOf(durationsUs: readonly number[], threads: number = 1): Tally {
  const tally = new Tally()
  for (let thread = 0; thread < threads; thread++) {
    const recorder = new ProbeRecorder({ windowMs: 1000, by: 'end', of: 'response', limitUs: undefined })
    recorder.begin(0)
    for (const [index, durationUs] of durationsUs.entries())
      if (index % threads === thread) recorder.note(outcomes.ok, durationUs, -1, 0, 0)
    for (const counts of recorder.drain()?.windows ?? []) tally.add(counts)
  }
  return tally
}

describe('Tally', () => {
  it('has the percentiles of HdrHistogram, over any number of threads', () => {
    const durations = fc.array(fc.integer({ min: 1, max: 3_600_000_000 }), { minLength: 1, maxLength: 200 })
    const percentiles = fc.constantFrom(1, 50, 90, 95, 99, 99.9, 100)
    fc.assert(
      fc.property(durations, percentiles, fc.integer({ min: 1, max: 3 }), (all, percentile, threads) => {
        const histogram = new LatencyHistogram(latencyLayout)
        for (const value of all) {
          const cells = Uint32Array.of(bucketIndex(latencyLayout, value), 1)
          histogram.add({ count: 1, sum: value, min: value, max: value, cells })
        }
        const tally = tallyOf(all, threads)
        expect(tally.figure(p(percentile), 1000)).toBe(histogram.percentile(percentile))
        expect(tally.figure({ kind: 'mean', of: 'response' }, 1000)).toBeCloseTo(histogram.mean)
        expect(tally.figure({ kind: 'max', of: 'response' }, 1000)).toBe(histogram.max)
      }),
    )
  })

  it('has no figure where there is nothing to make one of, except a rate', () => {
    const empty = new Tally()
    const all = [
      p(95),
      errorRate,
      checks,
      throughput,
      { kind: 'mean', of: 'response' },
      { kind: 'max', of: 'response' },
    ] as const
    expect(all.map((aggregate) => empty.figure(aggregate, 1000))).toEqual([
      undefined,
      undefined,
      undefined,
      0,
      undefined,
      undefined,
    ])
  })

  it('has rates and ratios', () => {
    const tally = new Tally()
    tally.add({ window: 0, ok: 6, failed: 3, aborted: 1, count: 7, sum: 0, max: 0, cells: [] })
    expect(tally.figure(throughput, 2000)).toBe(3)
    expect(tally.figure(errorRate, 1000)).toBe(0.3)
    expect(tally.figure(checks, 1000)).toBeCloseTo(2 / 3)
    expect([tally.samples(p(95)), tally.samples(errorRate), tally.samples(checks)]).toEqual([7, 10, 9])
  })
})
