import { describe, expect, it } from 'vitest'
import { plannedIterations } from './describe-load.ts'
import { problemsOf, resolve } from './fixtures/written-load.ts'

const graceful = { gracefulStopMs: 30_000 }
const bound = { maxDurationMs: 600_000, ...graceful }

describe('resolveLoad', () => {
  it.for([
    [{}, { executor: 'shared-iterations', vus: 1, iterations: 1, ...bound }],
    [{ vus: 5 }, { executor: 'shared-iterations', vus: 5, iterations: 5, ...bound }],
    [
      { vus: 5, iterations: 20 },
      { executor: 'shared-iterations', vus: 5, iterations: 20, ...bound },
    ],
    [
      { iterations: 20, maxDuration: '1m' },
      { executor: 'shared-iterations', vus: 1, iterations: 20, ...bound, maxDurationMs: 60_000 },
    ],
    [
      { vus: 50, duration: '1m30s' },
      { executor: 'constant-vus', vus: 50, durationMs: 90_000, ...graceful },
    ],
    [
      { duration: 1500, gracefulStop: 0 },
      { executor: 'constant-vus', vus: 1, durationMs: 1500, gracefulStopMs: 0 },
    ],
    [
      { vus: 2, iterationsPerVU: 3 },
      { executor: 'per-vu-iterations', vus: 2, iterations: 3, ...bound },
    ],
  ] as const)('infers the executor of %j', ([options, load]) => {
    expect(resolve(options)).toEqual(load)
  })

  it.for([
    [
      { executor: 'constant-vus', duration: '30s' },
      { executor: 'constant-vus', vus: 1, durationMs: 30_000, ...graceful },
    ],
    [{ executor: 'shared-iterations' }, { executor: 'shared-iterations', vus: 1, iterations: 1, ...bound }],
    [
      { executor: 'per-vu-iterations', vus: 10 },
      { executor: 'per-vu-iterations', vus: 10, iterations: 1, ...bound },
    ],
    [
      { executor: 'per-vu-iterations', iterations: 20 },
      { executor: 'per-vu-iterations', vus: 1, iterations: 20, ...bound },
    ],
    [
      { executor: 'per-vu-iterations', iterationsPerVU: 20 },
      { executor: 'per-vu-iterations', vus: 1, iterations: 20, ...bound },
    ],
  ] as const)("takes k6's names in %j", ([options, load]) => {
    expect(resolve(options)).toEqual(load)
  })

  it('does not alter its input', () => {
    const options = Object.freeze({ vus: 3, duration: '1s' })
    expect(resolve(options)).toMatchObject({ vus: 3, durationMs: 1000 })
  })

  it('lists all problems with what it received', () => {
    const options = {
      vus: 0,
      duration: 'soon',
      iterations: 1.5,
      gracefulStop: -1,
      executor: 'constant',
      iterationsPerVU: '5',
      maxDuration: 0,
    }
    expect(problemsOf(options)).toMatchInlineSnapshot(`
      [
        "load.executor: expected one of 'constant-vus', 'shared-iterations', 'per-vu-iterations', 'ramping-vus', 'constant-arrival-rate', 'ramping-arrival-rate'; received "constant"",
        "load.vus: expected a whole number from 1 to 100,000; received 0",
        "load.duration: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received "soon"",
        "load.iterations: expected a whole number from 1 to 1,000,000,000; received 1.5",
        "load.iterationsPerVU: expected a whole number from 1 to 1,000,000,000; received "5"",
        "load.maxDuration: expected a duration above zero; received 0",
        "load.gracefulStop: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received -1",
        "load: 'duration' and 'iterations' contradict each other. Remove 'duration' or remove 'iterations'",
        "load: 'duration' and 'iterationsPerVU' contradict each other. Remove 'duration' or remove 'iterationsPerVU'",
        "load: 'iterations' and 'iterationsPerVU' contradict each other. Remove 'iterations' or remove 'iterationsPerVU'",
        "load: 'maxDuration' and 'duration' contradict each other. Remove 'maxDuration' or remove 'duration'",
      ]
    `)
  })

  it.for([
    [{ duration: '1000h' }, 'load.duration'],
    [{ duration: 2 ** 31 }, 'load.duration'],
    [{ iterations: 1, maxDuration: '597h' }, 'load.maxDuration'],
    [{ gracefulStop: '30000000s' }, 'load.gracefulStop'],
  ] as const)('refuses %j, which would overflow a timer', ([options, name]) => {
    const received = JSON.stringify(Object.values(options).at(-1))
    expect(problemsOf(options)).toEqual([
      `${name}: expected a duration of at most '596h', which is the longest that a timer can wait; received ${received}`,
    ])
  })

  it('takes what is huge and valid', () => {
    expect(resolve({ vus: 100_000, duration: '596h', gracefulStop: '596h' })).toMatchObject({ vus: 100_000 })
    expect(plannedIterations(resolve({ vus: 100_000, iterationsPerVU: 1_000_000_000 }))).toBe(1e14)
  })

  it('suggests the name that was meant', () => {
    expect(problemsOf({ vu: 5, gracefullStop: '1s', speed: 5 })).toMatchInlineSnapshot(`
      [
        "load.vu: unknown option; did you mean 'vus'?",
        "load.gracefullStop: unknown option; did you mean 'gracefulStop'?",
        "load.speed: unknown option; known are executor, vus, duration, iterations, iterationsPerVU, maxDuration, timeUnit, maxVUs, preAllocatedVUs, arrivals, timer, startVUs, gracefulRampDown, gracefulStop, startTime, startAfter, rate, startRate, stages, pacing, stagger, throttle, warmup",
      ]
    `)
  })

  it.for([
    { vus: Number.NaN },
    { vus: 100_001 },
    { vus: null },
    { vus: 5n },
    { duration: {} },
    { duration: Number.POSITIVE_INFINITY },
    { duration: '30' },
    { duration: '5m 3s' },
    { duration: '-5s' },
    { iterations: 1e12 },
    { vus: '5' },
    { executor: 'externally-controlled' },
  ])('refuses %o', (options) => {
    expect(problemsOf(options)).toHaveLength(1)
  })

  it.for([null, 5, 'fast', undefined])('refuses %j for a load', (options) => {
    expect(problemsOf(options)).toEqual([expect.stringMatching(/^load: .*; received /)])
  })

  it('names both sides of a conflict and both ways out', () => {
    const conflicts = [
      { duration: '1s', iterations: 5 },
      { duration: '1s', iterationsPerVU: 5 },
      { iterations: 5, iterationsPerVU: 5 },
      { duration: '1s', maxDuration: '2s' },
      { executor: 'constant-vus', duration: '1s', maxDuration: '2s' },
      { executor: 'shared-iterations', duration: '1s' },
      { executor: 'shared-iterations', iterationsPerVU: 2 },
      { executor: 'constant-vus' },
      { executor: 'constant-vus', iterations: 5 },
      { executor: 'per-vu-iterations', duration: '1s', iterations: 5 },
      { duration: '1s', iterations: 5, vus: 0 },
      { vus: 10, iterations: 5 },
      { vus: 10, executor: 'shared-iterations' },
    ]
    expect(conflicts.flatMap((options) => problemsOf(options))).toMatchInlineSnapshot(`
      [
        "load: 'duration' and 'iterations' contradict each other. Remove 'duration' or remove 'iterations'",
        "load: 'duration' and 'iterationsPerVU' contradict each other. Remove 'duration' or remove 'iterationsPerVU'",
        "load: 'iterations' and 'iterationsPerVU' contradict each other. Remove 'iterations' or remove 'iterationsPerVU'",
        "load: 'maxDuration' and 'duration' contradict each other. Remove 'maxDuration' or remove 'duration'",
        "load: 'maxDuration' and 'constant-vus' contradict each other. Remove 'maxDuration' or remove 'constant-vus'",
        "load: 'duration' and 'shared-iterations' contradict each other. Remove 'duration' or remove 'shared-iterations'",
        "load: 'iterationsPerVU' and 'shared-iterations' contradict each other. Remove 'iterationsPerVU' or remove 'shared-iterations'",
        "load.duration: 'constant-vus' needs a duration, such as '30s'; received undefined",
        "load: 'iterations' and 'constant-vus' contradict each other. Remove 'iterations' or remove 'constant-vus'",
        "load.duration: 'constant-vus' needs a duration, such as '30s'; received undefined",
        "load: 'duration' and 'per-vu-iterations' contradict each other. Remove 'duration' or remove 'per-vu-iterations'",
        "load.vus: expected a whole number from 1 to 100,000; received 0",
        "load: 'duration' and 'iterations' contradict each other. Remove 'duration' or remove 'iterations'",
        "load: 10 VUs cannot share 5 iterations. Raise 'iterations' or lower 'vus'",
        "load: 10 VUs cannot share 1 iteration. Raise 'iterations' or lower 'vus'",
      ]
    `)
  })
})
