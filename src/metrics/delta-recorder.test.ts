import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketIndex, highestLatencyUs, latencyLayout, phaseLayout } from './buckets.ts'
import { DeltaRecorder } from './delta-recorder.ts'

function drain(recorder: DeltaRecorder): [index: number, count: number][] {
  const cells: [number, number][] = []
  recorder.drain((index, count) => cells.push([index, count]))
  return cells
}

describe('DeltaRecorder', () => {
  it.for([
    [Number.NaN, 1, 0],
    [Number.NEGATIVE_INFINITY, 1, 0],
    [-5, 1, 0],
    [0, 1, 0],
    [0.4, 1, 0],
    [1.5, 2, 0],
    [highestLatencyUs, highestLatencyUs, 0],
    [highestLatencyUs + 1, highestLatencyUs, 1],
    [1e15, highestLatencyUs, 1],
    [Number.POSITIVE_INFINITY, highestLatencyUs, 1],
  ] as const)('records %d as %d', ([value, recorded, clamped]) => {
    for (const layout of [latencyLayout, phaseLayout]) {
      const recorder = new DeltaRecorder(layout)
      recorder.record(value)
      expect(recorder).toMatchObject({ count: 1, sum: recorded, min: recorded, max: recorded, clamped })
      expect(drain(recorder)).toEqual([[bucketIndex(layout, recorded), 1]])
    }
  })

  it('hands out each position once, with what came since the last time', () => {
    const values = fc.array(fc.integer({ min: 1, max: highestLatencyUs }), { maxLength: 300 })
    fc.assert(
      fc.property(fc.array(values, { maxLength: 4 }), (rounds) => {
        const recorder = new DeltaRecorder(latencyLayout)
        for (const round of rounds) {
          for (const value of round) recorder.record(value)
          const expected = new Map<number, number>()
          for (const value of round) {
            const index = bucketIndex(latencyLayout, value)
            expected.set(index, (expected.get(index) ?? 0) + 1)
          }
          expect(recorder.touchedCount).toBe(expected.size)
          expect(drain(recorder)).toEqual([...expected])
        }
      }),
    )
  })

  it('is empty after it was drained', () => {
    const recorder = new DeltaRecorder(latencyLayout)
    recorder.record(1e12)
    drain(recorder)
    expect(recorder).toMatchObject({
      count: 0,
      sum: 0,
      min: Number.POSITIVE_INFINITY,
      max: 0,
      clamped: 0,
      touchedCount: 0,
    })
    expect(drain(recorder)).toEqual([])
  })
})
