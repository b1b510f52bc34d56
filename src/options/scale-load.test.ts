import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrivalsWithin } from '../shared/rate-profile.ts'
import { plannedDurationMs } from './describe-load.ts'
import { resolveLoad } from './load-options.ts'
import { isOpen, type ResolvedLoad } from './resolved-load.ts'

function resolve(load: unknown, scale: number): ResolvedLoad {
  const problems: string[] = []
  const resolved = resolveLoad(load, 'load', problems, scale)
  if (resolved === undefined) throw new Error(problems.join('\n'))
  return resolved
}

function problemsOf(load: unknown, scale: number): string[] {
  const problems: string[] = []
  resolveLoad(load, 'load', problems, scale)
  return problems
}

describe('a scaled load', () => {
  it.for([
    [{ vus: 50, duration: '30s' }, 0.1, { vus: 5, durationMs: 30_000 }],
    [{ vus: 50, duration: '30s' }, 0.001, { vus: 1 }],
    [{ vus: 3, duration: '30s' }, 0.5, { vus: 2 }],
    [{ vus: 10, iterations: 200 }, 0.5, { vus: 5, iterations: 100 }],
    [{ vus: 10, iterations: 11 }, 0.25, { vus: 3, iterations: 3 }],
    [{ vus: 10 }, 0.25, { vus: 3, iterations: 3 }],
    [{ iterations: 7 }, 3, { vus: 1, iterations: 21 }],
    [{ vus: 10, iterationsPerVU: 20 }, 0.5, { vus: 5, iterations: 20 }],
    [{ executor: 'per-vu-iterations', vus: 10, iterations: 20 }, 2, { vus: 20, iterations: 20 }],
    [
      {
        startVUs: 0,
        stages: [
          { duration: '1s', vus: 40 },
          { duration: '1s', vus: 0 },
        ],
      },
      0.01,
      { vus: 1, startVUs: 0, stages: [{ target: 1 }, { target: 0 }] },
    ],
    [
      { executor: 'ramping-vus', startVUs: 4, stages: [{ duration: '1s', target: 40 }] },
      0.5,
      { vus: 20, startVUs: 2, stages: [{ target: 20 }] },
    ],
    [
      { rate: '500/s', duration: '1m' },
      0.1,
      { vus: 500, preAllocatedVUs: 50, stages: [{ durationMs: 60_000, fromPerSecond: 50, toPerSecond: 50 }] },
    ],
    [{ rate: '90/m', duration: '1m' }, 0.5, { stages: [{ fromPerSecond: 0.75, toPerSecond: 0.75 }] }],
    [{ rate: 500, duration: '1m', maxVUs: 300, preAllocatedVUs: 30 }, 0.5, { vus: 150, preAllocatedVUs: 15 }],
    [
      { startRate: 10, stages: [{ duration: '1m', rate: '100/s' }] },
      2,
      { stages: [{ fromPerSecond: 20, toPerSecond: 200 }] },
    ],
    [
      {
        executor: 'ramping-arrival-rate',
        timeUnit: '1m',
        preAllocatedVUs: 10,
        stages: [{ duration: '1m', target: 60 }],
      },
      0.5,
      { vus: 5, preAllocatedVUs: 5, stages: [{ fromPerSecond: 0, toPerSecond: 0.5 }] },
    ],
  ] as const)('of %j × %d', ([load, scale, expected]) => {
    expect(resolve(load, scale)).toMatchObject(expected)
  })

  it('plans as many more arrivals as its scale says, in the same time', () => {
    const stage = fc.record({ duration: fc.integer({ min: 1, max: 60_000 }), rate: fc.integer({ min: 1, max: 1000 }) })
    const loads = fc.array(stage, { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 20 }), (stages, scale) => {
        const [plain, scaled] = [resolve({ stages }, 1), resolve({ stages }, scale)]
        if (!isOpen(plain) || !isOpen(scaled)) throw new Error('not a rate')
        expect(plannedDurationMs(scaled)).toBe(plannedDurationMs(plain))
        expect(Math.abs(arrivalsWithin(scaled.stages) - scale * arrivalsWithin(plain.stages))).toBeLessThanOrEqual(
          scale,
        )
      }),
    )
  })

  it('is refused beyond what a load may ask for', () => {
    const advice = "Lower LOAD_SCALE or the profile's scale"
    expect(problemsOf({ vus: 50_000, duration: '1s' }, 3)).toEqual([
      `load: × 3 makes 150,000 virtual users of it, more than 100,000. ${advice}`,
    ])
    expect(problemsOf({ rate: 900_000, duration: '1s', maxVUs: 90_000 }, 2)).toEqual([
      `load: × 2 makes 180,000 virtual users of it, more than 100,000. ${advice}`,
      `load: × 2 makes 1,800,000 iterations per second of it, more than 1,000,000. ${advice}`,
    ])
    expect(problemsOf({ vus: 0, duration: '1s' }, 3)).toEqual([
      'load.vus: expected a whole number from 1 to 100,000; received 0',
    ])
  })
})
