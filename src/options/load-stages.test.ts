import { describe, expect, it } from 'vitest'
import { problemsOf, resolve } from './fixtures/written-load.ts'

const graceful = { gracefulStopMs: 30_000 }

describe('an arrival rate', () => {
  const stages = [{ durationMs: 60_000, fromPerSecond: 50, toPerSecond: 50 }]
  const constant = { executor: 'constant-arrival-rate', preAllocatedVUs: 50, arrivals: 'even', stages, ...graceful }

  it.for([
    [{ rate: 50, duration: '1m' }, constant],
    [
      { rate: '50/s', duration: '1m', gracefulStop: 0 },
      { ...constant, gracefulStopMs: 0 },
    ],
    [
      { rate: 50, duration: '1m', timer: 'precise' },
      { ...constant, timer: 'precise' },
    ],
    [{ rate: 50, duration: '1m', timer: 'coarse' }, constant],
    [
      { rate: '3000/m', duration: '1m', arrivals: 'poisson' },
      { ...constant, arrivals: 'poisson' },
    ],
    [{ executor: 'constant-arrival-rate', rate: 3000, timeUnit: '1m', duration: '1m' }, constant],
    [{ executor: 'constant-arrival-rate', rate: '50/s', duration: '1m' }, constant],
  ] as const)('is resolved from %j', ([options, load]) => {
    expect(resolve(options)).toEqual({ vus: 500, ...load })
  })

  it.for([
    [{ rate: 0.5 }, { vus: 100, preAllocatedVUs: 1 }],
    [{ rate: 10.01 }, { vus: 101, preAllocatedVUs: 11 }],
    [{ rate: 1_000_000 }, { vus: 5000, preAllocatedVUs: 5000 }],
    [
      { rate: 50, maxVUs: 20 },
      { vus: 20, preAllocatedVUs: 20 },
    ],
    [
      { rate: 50, preAllocatedVUs: 7 },
      { vus: 500, preAllocatedVUs: 7 },
    ],
    [
      { rate: 50, preAllocatedVUs: 700 },
      { vus: 700, preAllocatedVUs: 700 },
    ],
    [
      { rate: 50, preAllocatedVUs: 7, maxVUs: 9 },
      { vus: 9, preAllocatedVUs: 7 },
    ],
    [
      { executor: 'constant-arrival-rate', rate: 50, preAllocatedVUs: 7 },
      { vus: 7, preAllocatedVUs: 7 },
    ],
    [
      { executor: 'constant-arrival-rate', rate: 50, preAllocatedVUs: 7, maxVUs: 9 },
      { vus: 9, preAllocatedVUs: 7 },
    ],
    [
      { executor: 'constant-arrival-rate', rate: 50 },
      { vus: 500, preAllocatedVUs: 50 },
    ],
  ] as const)('has virtual users for %j', ([options, vus]) => {
    expect(resolve({ ...options, duration: '1m' })).toMatchObject(vus)
  })
})

describe('a changing arrival rate', () => {
  const ramping = {
    executor: 'ramping-arrival-rate',
    vus: 200,
    preAllocatedVUs: 20,
    arrivals: 'even',
    stages: [
      { durationMs: 10_000, fromPerSecond: 0.5, toPerSecond: 20 },
      { durationMs: 0, fromPerSecond: 20, toPerSecond: 10 },
      { durationMs: 5000, fromPerSecond: 10, toPerSecond: 0 },
    ],
    ...graceful,
  }

  it.for([
    {
      startRate: '30/m',
      stages: [
        { duration: '10s', rate: 20 },
        { duration: 0, rate: '10/s' },
        { duration: '5s', rate: 0 },
      ],
    },
    {
      executor: 'ramping-arrival-rate',
      startRate: 30,
      timeUnit: '1m',
      stages: [
        { duration: '10s', target: 1200 },
        { duration: 0, target: 600 },
        { duration: '5s', target: 0 },
      ],
    },
  ] as const)('is resolved from %j', (options) => {
    expect(resolve(options)).toEqual(ramping)
  })

  it('starts at zero, and a jump that nothing follows needs no virtual users', () => {
    const load = resolve({
      stages: [
        { duration: '10s', rate: 5 },
        { duration: 0, rate: 1000 },
      ],
    })
    expect(load).toMatchObject({ vus: 100, preAllocatedVUs: 5, stages: [{ fromPerSecond: 0 }, {}] })
  })
})

describe('a changing number of virtual users', () => {
  const ramping = {
    executor: 'ramping-vus',
    vus: 50,
    startVUs: 1,
    stages: [
      { durationMs: 30_000, target: 50 },
      { durationMs: 0, target: 0 },
    ],
    gracefulRampDownMs: 30_000,
    ...graceful,
  }

  it.for([
    [
      {
        stages: [
          { duration: '30s', vus: 50 },
          { duration: 0, vus: 0 },
        ],
      },
      ramping,
    ],
    [
      {
        executor: 'ramping-vus',
        startVUs: 80,
        gracefulRampDown: 0,
        gracefulStop: '1s',
        stages: [
          { duration: '30s', target: 50 },
          { duration: 0, target: 0 },
        ],
      },
      { ...ramping, vus: 80, startVUs: 80, gracefulRampDownMs: 0, gracefulStopMs: 1000 },
    ],
    [
      { startVUs: 5, stages: [{ duration: '30s', vus: 0 }] },
      { ...ramping, vus: 5, startVUs: 5, stages: [{ durationMs: 30_000, target: 0 }] },
    ],
    [
      { stages: [{ duration: '30s', vus: 0 }] },
      { ...ramping, vus: 1, startVUs: 1, stages: [{ durationMs: 30_000, target: 0 }] },
    ],
    [
      { startVUs: 0, stages: [{ duration: '30s', vus: 2 }] },
      { ...ramping, vus: 2, startVUs: 0, stages: [{ durationMs: 30_000, target: 2 }] },
    ],
  ] as const)('is resolved from %j', ([options, load]) => {
    expect(resolve(options)).toEqual(load)
  })
})

describe('values', () => {
  const vus = { duration: '1s', vus: 1 }
  const rate = "expected a rate such as '500/s', '90/m' or a number per second, not negative"
  const duration = "expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative"
  const count = 'expected a whole number from 1 to 100,000'
  const countOrZero = 'expected a whole number from 0 to 100,000'
  const stage = "expected at least one stage, such as [{ duration: '30s', vus: 10 }]"
  const noLoad = 'stages: expected more than zero in one of them, for some time; received no load at all'

  it.for([
    [{ rate: 0 }, 'rate: expected a rate above zero; received 0'],
    [{ rate: -1 }, `rate: ${rate}; received -1`],
    [{ rate: '5' }, `rate: ${rate}; received "5"`],
    [{ rate: Number.NaN }, `rate: ${rate}; received NaN`],
    [{ rate: 1_000_000.5 }, "rate: expected a rate of at most '1,000,000/s'; received 1000000.5"],
    [
      { executor: 'constant-arrival-rate', rate: 2000, timeUnit: '1ms' },
      "rate: expected a rate of at most '1,000,000/s'; received 2000",
    ],
    [
      { executor: 'constant-arrival-rate', rate: 2, timeUnit: 0 },
      'timeUnit: expected a duration above zero; received 0',
    ],
    [{ rate: 5, duration: 0 }, 'duration: expected a duration above zero; received 0'],
    [{ rate: 5, maxVUs: 100_001 }, `maxVUs: ${count}; received 100001`],
    [{ rate: 5, maxVUs: 0 }, `maxVUs: ${count}; received 0`],
    [{ rate: 5, preAllocatedVUs: 0 }, `preAllocatedVUs: ${count}; received 0`],
    [{ rate: 5, timer: 'exact' }, "timer: expected 'coarse' or 'precise'; received \"exact\""],
    [{ rate: 5, arrivals: 'random' }, "arrivals: expected 'even' or 'poisson'; received \"random\""],
  ] as const)('are refused in %j', ([options, problem]) => {
    expect(problemsOf({ duration: '1m', ...options })).toEqual([`load.${problem}`])
  })

  it('are refused where fewer virtual users may be there than are made', () => {
    expect(problemsOf({ rate: 5, duration: '1m', preAllocatedVUs: 7, maxVUs: 6 })).toEqual([
      "load: 'preAllocatedVUs' (7) is more than 'maxVUs' (6). Raise 'maxVUs' or lower 'preAllocatedVUs'",
    ])
  })

  it.for([
    [{ stages: [] }, `stages: ${stage}; received []`],
    [{ stages: 'up' }, `stages: ${stage}; received "up"`],
    [{ stages: [vus, { duration: '1s', vus: -1 }] }, `stages.1.vus: ${countOrZero}; received -1`],
    [{ stages: [{ duration: '1s', vus: 1.5 }] }, `stages.0.vus: ${countOrZero}; received 1.5`],
    [{ stages: [{ duration: '1s', vus: 100_001 }] }, `stages.0.vus: ${countOrZero}; received 100001`],
    [{ stages: [{ vus: 5 }] }, `stages.0.duration: ${duration}; received undefined`],
    [{ stages: [{ ...vus, durations: '1s' }] }, "stages.0.durations: unknown option; did you mean 'duration'?"],
    [{ startVUs: -1, stages: [vus] }, `startVUs: ${countOrZero}; received -1`],
    [{ gracefulRampDown: 'x', stages: [vus] }, `gracefulRampDown: ${duration}; received "x"`],
    [{ startRate: -1, stages: [{ duration: '1s', rate: '5/s' }] }, `startRate: ${rate}; received -1`],
    [
      { executor: 'ramping-vus', stages: [{ duration: '1s', target: 1.5 }] },
      `stages.0.target: ${countOrZero}; received 1.5`,
    ],
    [
      { executor: 'ramping-arrival-rate', stages: [{ duration: '1s', target: 'fast' }] },
      `stages.0.target: ${rate}; received "fast"`,
    ],
    [{ startVUs: 0, stages: [{ duration: '1s', vus: 0 }] }, noLoad],
    [
      {
        startVUs: 0,
        stages: [
          { duration: '1s', vus: 0 },
          { duration: 0, vus: 5 },
        ],
      },
      noLoad,
    ],
    [
      {
        startVUs: 5,
        stages: [
          { duration: 0, vus: 0 },
          { duration: '1s', vus: 0 },
        ],
      },
      noLoad,
    ],
    [{ stages: [{ duration: '1s', rate: 0 }] }, noLoad],
    [
      {
        stages: [
          { duration: '1s', rate: 0 },
          { duration: 0, rate: 5 },
        ],
      },
      noLoad,
    ],
    [{ stages: [{ duration: 0, vus: 5 }] }, 'stages: expected durations above zero; received 0 in all'],
    [
      {
        stages: [
          { duration: '400h', vus: 5 },
          { duration: '400h', vus: 5 },
        ],
      },
      "stages: expected a duration of at most '596h', which is the longest that a timer can wait; received 2880000000 in all",
    ],
  ] as const)('of stages are refused in %j', ([options, problem]) => {
    expect(problemsOf(options)).toEqual([`load.${problem}`])
  })
})
