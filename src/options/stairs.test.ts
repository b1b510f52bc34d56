import { describe, expect, it } from 'vitest'
import { resolve } from './fixtures/written-load.ts'
import { describeLoad } from './describe-load.ts'
import { spike } from './spike.ts'
import { stairs } from './stairs.ts'

const refused = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    return (error as Error).message
  }
  return expect.fail('nothing was refused')
}

describe('stairs', () => {
  it('climb by steps of a height, to the last level', () => {
    expect(stairs({ rate: { from: 50, to: '120/s', step: 30 }, hold: '30s' })).toEqual([
      { duration: 0, rate: 50 },
      { duration: 30_000, rate: 50 },
      { duration: 0, rate: 80 },
      { duration: 30_000, rate: 80 },
      { duration: 0, rate: 110 },
      { duration: 30_000, rate: 110 },
      { duration: 0, rate: 120 },
      { duration: 30_000, rate: 120 },
    ])
  })

  it('climb in a number of steps, with ramps between', () => {
    expect(stairs({ vus: { from: 0, to: 10, steps: 3 }, hold: '1m', ramp: '5s' })).toEqual([
      { duration: 0, vus: 0 },
      { duration: 60_000, vus: 0 },
      { duration: 5000, vus: 3 },
      { duration: 60_000, vus: 3 },
      { duration: 5000, vus: 7 },
      { duration: 60_000, vus: 7 },
      { duration: 5000, vus: 10 },
      { duration: 60_000, vus: 10 },
    ])
  })

  it('lead down as well, and have no step for what rounding leaves', () => {
    const levels = (stages: readonly { vus?: unknown; rate?: unknown }[]) => [
      ...new Set(stages.map(({ vus, rate }) => vus ?? rate)),
    ]
    expect(levels(stairs({ vus: { from: 5, to: 1, step: 2 }, hold: 1 }))).toEqual([5, 3, 1])
    expect(levels(stairs({ rate: { from: 0, to: 0.3, step: 0.1 }, hold: 1 }))).toHaveLength(4)
  })

  it('are a load, told in words', () => {
    const stages = stairs({ rate: { from: 50, to: 500, step: 50 }, hold: '30s' })
    expect(describeLoad(resolve({ stages }))).toBe('50 to 500/s in 10 stages over 5m')
  })

  it.for<readonly [unknown, string]>([
    [undefined, 'options: expected an object; received undefined'],
    [{ hold: '1s' }, "expected one of 'vus' and 'rate'; received none"],
    [{ vus: { from: 1, to: 2, step: 1 } }, 'hold: expected a duration'],
    [
      { vus: { from: 1, to: 2.5, step: 1 }, hold: 1 },
      'vus.to: expected a whole number from 0 to 100,000; received 2.5',
    ],
    [{ rate: { from: 1, to: 2 }, hold: 1 }, "rate: expected one of 'step' and 'steps'; received none"],
    [
      { rate: { from: 1, to: 2, step: 1, steps: 1 }, hold: 1 },
      "rate: expected one of 'step' and 'steps'; received both",
    ],
    [{ rate: { from: 1, to: 1, steps: 1 }, hold: 1 }, "rate.to: expected another level than 'from'; received 1"],
    [{ rate: { from: 1, to: 9, step: 0 }, hold: 1 }, 'rate.step: expected more than zero; received 0'],
    [{ rate: { from: 1, to: 9, step: 0.001 }, hold: 1 }, 'rate.step: expected at most 1,000 steps; received 0.001'],
    [{ rate: { from: 1, to: 9, steps: 0 }, hold: 1 }, 'rate.steps: expected a whole number from 1 to 1,000'],
    [{ rate: { from: 1, to: 9, stps: 3 }, hold: 1 }, "rate.stps: unknown option; did you mean 'steps'?"],
  ])('refuse %j', ([options, problem]) => {
    expect(refused(() => stairs(options as Parameters<typeof stairs>[0]))).toContain(problem)
  })
})

describe('a spike', () => {
  it('stands between two levels of the same length', () => {
    expect(spike({ vus: { base: 10, peak: 200 }, hold: '10s' })).toEqual([
      { duration: 0, vus: 10 },
      { duration: 30_000, vus: 10 },
      { duration: 0, vus: 200 },
      { duration: 10_000, vus: 200 },
      { duration: 0, vus: 10 },
      { duration: 30_000, vus: 10 },
    ])
  })

  it('has slopes, and its own time to recover', () => {
    const stages = spike({ rate: { base: 0, peak: '90/m' }, at: 0, ramp: '5s', hold: '10s', after: '1m' })
    expect(stages.map(({ duration, rate }) => [duration, rate])).toEqual([
      [0, 0],
      [0, 0],
      [5000, 1.5],
      [10_000, 1.5],
      [5000, 0],
      [60_000, 0],
    ])
    expect(describeLoad(resolve({ stages }))).toBe('0 to 1.5/s in 4 stages over 1m20s')
  })

  it('is higher than what is around it', () => {
    expect(refused(() => spike({ vus: { base: 10, peak: 10 }, hold: '1s' }))).toBe(
      "Options of spike(): 1 problem.\n  - vus.peak: expected more than 'base' (10); received 10",
    )
  })
})
