import { describe, expect, it } from 'vitest'
import { describeLoad, plannedDurationMs, plannedIterations, startWindowMs } from './describe-load.ts'
import { resolve } from './fixtures/written-load.ts'

describe('describeLoad', () => {
  it.for([
    [{}, '1 iteration by 1 VU'],
    [{ vus: 50, duration: '30s' }, '50 VUs for 30s'],
    [{ vus: 5000, duration: '1h' }, '5,000 VUs for 1h'],
    [{ vus: 10, iterations: 2000 }, '2,000 iterations by 10 VUs'],
    [{ vus: 10, iterationsPerVU: 20 }, '10 VUs × 20 iterations'],
    [{ iterationsPerVU: 1 }, '1 VU × 1 iteration'],
    [{ rate: 500, duration: '1m' }, '500/s for 1m'],
    [{ rate: '20/m', duration: '1h' }, '20/m for 1h'],
    [{ rate: 500, duration: '1m', arrivals: 'poisson' }, '500/s at random for 1m'],
    [{ rate: 500, duration: '1m', timer: 'precise', warmup: '5s' }, '500/s for 1m, timed precisely, 5s of warm-up'],
    [{ stages: [{ duration: '1m', rate: 500 }] }, '0 to 500/s over 1m'],
    [
      {
        stages: [
          { duration: '1m', rate: 500 },
          { duration: '3m', rate: 500 },
          { duration: '1m', rate: 0 },
        ],
      },
      '0 to 500/s in 3 stages over 5m',
    ],
    [
      {
        stages: [
          { duration: '1m', rate: 500 },
          { duration: '1m', rate: 0 },
        ],
        arrivals: 'poisson',
      },
      '0 to 500/s at random in 2 stages over 2m',
    ],
    [{ startRate: '90/m', stages: [{ duration: '1m', rate: 0 }] }, '1.5 to 0/s over 1m'],
    [{ startRate: 5, stages: [{ duration: '1m', rate: 5 }] }, '5/s for 1m'],
    [
      {
        stages: [
          { duration: '1m', vus: 50 },
          { duration: '3m', vus: 50 },
          { duration: '1m', vus: 0 },
        ],
      },
      '1 to 50 VUs in 3 stages over 5m',
    ],
    [{ startVUs: 1000, stages: [{ duration: '1m', vus: 0 }] }, '1,000 to 0 VUs over 1m'],
    [{ stages: [{ duration: '1m', vus: 1 }] }, '1 VU for 1m'],
    [
      {
        stages: [
          { duration: 0, vus: 50 },
          { duration: '5m', vus: 50 },
          { duration: 0, vus: 0 },
        ],
      },
      '50 VUs for 5m',
    ],
    [
      {
        stages: [
          { duration: 0, rate: 10 },
          { duration: '1m', rate: 10 },
          { duration: 0, rate: 50 },
          { duration: '1m', rate: 50 },
          { duration: 0, rate: 0 },
        ],
      },
      '10 to 50/s in 2 stages over 2m',
    ],
    [{ vus: (ms: number) => 10 + ms / 1000, duration: '1m' }, '10 to 69 VUs by a function over 1m'],
    [{ rate: () => 5, duration: '1m' }, '5/s for 1m'],
    [
      { rate: (ms: number) => 50 + 40 * Math.sin((ms / 4000) * Math.PI), duration: '10s' },
      '10 to 90/s by a function over 10s',
    ],
    [{ vus: 5, duration: '30s', startTime: '10s' }, '5 VUs for 30s, 10s after the start'],
    [{ vus: 5, duration: '30s', startTime: 0, startAfter: 'warm-up' }, "5 VUs for 30s, after 'warm-up'"],
    [{ rate: 5, duration: '30s', startTime: '1m', startAfter: 'warm-up' }, "5/s for 30s, 1m after 'warm-up'"],
  ] as const)('puts %j into words', ([options, words]) => {
    expect(describeLoad(resolve(options))).toBe(words)
  })
})

describe('what follows from a load', () => {
  it.for([
    [
      { vus: 5, duration: '30s' },
      { windowMs: 30_000, durationMs: 30_000, iterations: undefined },
    ],
    [
      { vus: 5, iterations: 20 },
      { windowMs: 600_000, durationMs: undefined, iterations: 20 },
    ],
    [
      { vus: 5, iterationsPerVU: 20, maxDuration: '1m' },
      { windowMs: 60_000, durationMs: undefined, iterations: 100 },
    ],
    [
      { rate: '90/m', duration: '1m' },
      { windowMs: 60_000, durationMs: 60_000, iterations: 90 },
    ],
    [
      { rate: 0.1, duration: '1m' },
      { windowMs: 60_000, durationMs: 60_000, iterations: 6 },
    ],
    [
      { rate: 0.3, duration: '5s' },
      { windowMs: 5000, durationMs: 5000, iterations: 2 },
    ],
    [
      { rate: 5, duration: '1m', arrivals: 'poisson' },
      { windowMs: 60_000, durationMs: 60_000, iterations: undefined },
    ],
    [
      {
        stages: [
          { duration: '10s', rate: 20 },
          { duration: '20s', rate: 20 },
        ],
      },
      { windowMs: 30_000, durationMs: 30_000, iterations: 500 },
    ],
    [{ stages: [{ duration: '10s', vus: 20 }] }, { windowMs: 10_000, durationMs: 10_000, iterations: undefined }],
  ] as const)('is when iterations of %j start and how many are planned', ([options, expected]) => {
    const load = resolve(options)
    expect({
      windowMs: startWindowMs(load),
      durationMs: plannedDurationMs(load),
      iterations: plannedIterations(load),
    }).toEqual(expected)
  })
})
