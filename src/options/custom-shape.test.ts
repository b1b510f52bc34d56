import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startWindowMs } from './describe-load.ts'
import { problemsOf, resolve } from './fixtures/written-load.ts'
import type { ArrivalRateLoad, RampingVUsLoad } from './resolved-load.ts'

const rateOf = (options: object) => resolve(options) as ArrivalRateLoad<'ramping-arrival-rate'>
const vusOf = (options: object) => resolve(options) as RampingVUsLoad

describe('a function in the place of a rate', () => {
  it('is asked once a second, and followed on straight lines', () => {
    const load = rateOf({ rate: (ms: number) => ms / 1000, duration: '5m', maxVUs: 50, timer: 'precise' })
    expect(load).toMatchObject({ executor: 'ramping-arrival-rate', vus: 50, timer: 'precise', isSampled: true })
    expect(load.stages).toHaveLength(300)
    expect(load.stages[7]).toEqual({ durationMs: 1000, fromPerSecond: 7, toPerSecond: 8 })
  })

  it.for([
    ['1s', 100],
    ['10s', 100],
    ['101500ms', 102],
    ['1h', 3600],
    ['24h', 3600],
  ] as const)('is asked often enough in %s', ([duration, samples]) => {
    expect(rateOf({ rate: (ms: number) => 1 + ms / 1e9, duration }).stages).toHaveLength(samples)
  })

  it('makes one stage of what does not change', () => {
    const { stages } = rateOf({ rate: (ms: number) => (ms < 60_000 ? 5 : 10), duration: '2m' })
    expect(
      stages.map(({ durationMs, fromPerSecond, toPerSecond }) => [durationMs, fromPerSecond, toPerSecond]),
    ).toEqual([
      [59_000, 5, 5],
      [1000, 5, 10],
      [60_000, 10, 10],
    ])
  })

  it('gives each sample at its time', () => {
    const shape = fc.func(fc.integer({ min: 0, max: 5 }))
    fc.assert(
      fc.property(shape, fc.integer({ min: 1, max: 300_000 }), (levels, duration) => {
        const stepMs = duration / Math.max(100, Math.ceil(duration / 1000))
        const rate = (ms: number): number => 1 + levels(Math.round(ms / stepMs))
        const load = rateOf({ rate, duration })
        expect(startWindowMs(load)).toBeCloseTo(duration, 3)
        let atMs = 0
        for (const { durationMs, fromPerSecond, toPerSecond } of load.stages) {
          expect(fromPerSecond).toBe(rate(atMs))
          atMs += durationMs
          expect(toPerSecond).toBe(rate(atMs))
        }
      }),
    )
  })
})

describe('a function in the place of virtual users', () => {
  it('is rounded, and kept until the next second', () => {
    const load = vusOf({ vus: (ms: number) => 1.6 + Math.floor(ms / 60_000), duration: '3m', gracefulRampDown: '1s' })
    expect(load).toMatchObject({ executor: 'ramping-vus', vus: 4, startVUs: 2, gracefulRampDownMs: 1000 })
    expect(load.stages).toEqual([
      { durationMs: 60_000, target: 2 },
      { durationMs: 0, target: 3 },
      { durationMs: 60_000, target: 3 },
      { durationMs: 0, target: 4 },
      { durationMs: 60_000, target: 4 },
    ])
  })
})

describe('what a function must not do', () => {
  const counter = { calls: 0 }
  it.for<readonly [object, readonly string[]]>([
    [{ rate: () => Number.NaN }, ['rate: at 0ms the function returned NaN; expected a number from 0 to 1,000,000']],
    [
      { rate: (ms: number) => (ms > 30_000 ? '5/s' : 5) },
      ['rate: at 30.6s the function returned "5/s"; expected a number from 0 to 1,000,000'],
    ],
    [
      { vus: (ms: number) => 10 - ms / 1000 },
      ['vus: at 10.2s the function returned -0.1999999999999993; expected a number from 0 to 100,000'],
    ],
    [{ vus: () => 1e6 }, ['vus: at 0ms the function returned 1000000; expected a number from 0 to 100,000']],
    [
      {
        vus: () => {
          throw new Error('no such day')
        },
      },
      ['vus: at 0ms the function threw: no such day'],
    ],
    [
      { rate: () => (counter.calls += 1) },
      [
        'rate: at 0ms the function returned 1 and then 2; all threads must get the same from it, so that it must not depend on the time, on chance or on earlier calls',
      ],
    ],
    [{ vus: () => 0.4 }, ['vus: expected more than zero for some time; the function returned no load at all']],
  ])('is told of %j', ([options, problems]) => {
    expect(problemsOf({ duration: '1m', ...options })).toEqual(problems.map((problem) => `load.${problem}`))
  })

  it('stands beside what contradicts it, and all else that is wrong', () => {
    expect(problemsOf({ vus: () => 5, iterations: 5, executor: 'constant-vus', startVUs: 1, gracefulStop: 'x' }))
      .toMatchInlineSnapshot(`
      [
        "load: 'iterations' and a function in 'vus' contradict each other. Remove 'iterations' or remove 'vus'",
        "load: 'startVUs' and a function in 'vus' contradict each other. Remove 'startVUs' or remove 'vus'",
        "load: with a function in 'vus' goes no executor, which it decides. Remove 'executor'",
        "load.duration: with a function in 'vus', expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received undefined",
        "load.gracefulStop: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received "x"",
      ]
    `)
    expect(problemsOf({ rate: () => 5, duration: '1m', stages: [], vus: 5, gracefulRampDown: 1 }))
      .toMatchInlineSnapshot(`
      [
        "load: 'vus' and a function in 'rate' contradict each other. Remove 'vus' or remove 'rate'",
        "load: 'stages' and a function in 'rate' contradict each other. Remove 'stages' or remove 'rate'",
        "load: 'gracefulRampDown' and a function in 'rate' contradict each other. Remove 'gracefulRampDown' or remove 'rate'",
      ]
    `)
  })
})
