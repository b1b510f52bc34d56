import { describe, expect, it } from 'vitest'
import { timeline } from '../fixtures/result-parts.ts'
import { sliceTimeline } from './time-slices.ts'

describe('sliceTimeline', () => {
  it.for([
    [30, 30_012, 60, 30],
    [61, 61_000, 60, 31],
    [3600, 3_600_000, 60, 60],
  ] as const)('makes of %i points over %i ms at most %i slices: %i', ([points, durationMs, most, slices]) => {
    expect(sliceTimeline({ timeline: timeline(points), durationMs }, most)).toHaveLength(slices)
  })

  it('counts the very end with what is before it', () => {
    const slices = sliceTimeline({ timeline: timeline(4), durationMs: 3100 }, 60)
    expect(slices).toHaveLength(3)
    expect(slices[2]?.requests).toBeCloseTo(120 / 1.1)
  })

  it('leaves seconds without a point empty', () => {
    const withGap = timeline(9).filter(({ second }) => second < 1 || second > 3)
    const slices = sliceTimeline({ timeline: withGap, durationMs: 9000 }, 60)
    expect(slices.map((slice) => slice.requests)).toEqual([60, 0, 0, 0, 60, 60, 60, 60, 60])
  })

  it('keeps to points that are further apart', () => {
    const coarse = timeline(8).map((point) => ({ ...point, second: point.second * 4, requests: 240 }))
    const slices = sliceTimeline({ timeline: coarse, durationMs: 32_000 }, 60)
    expect(slices.map((slice) => slice.requests)).toEqual([60, 60, 60, 60, 60, 60, 60, 60])
  })
})
