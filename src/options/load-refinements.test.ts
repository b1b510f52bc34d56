import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateProfile } from '../shared/rate-profile.ts'
import { describeLoad, measuredIterations } from './describe-load.ts'
import { problemsOf, resolve } from './fixtures/written-load.ts'

const exponential = { distribution: 'exponential', mean: '3s', max: '10s' }

describe('refinements of a load', () => {
  it('are resolved, and absent where they were not asked for', () => {
    const refined = { vus: 4, duration: '30s', pacing: '5s', stagger: '10s', throttle: '90/m', warmup: '5s' }
    expect(resolve(refined)).toStrictEqual({
      executor: 'constant-vus',
      vus: 4,
      durationMs: 30_000,
      gracefulStopMs: 30_000,
      pacing: { distribution: 'uniform', minMs: 5000, maxMs: 5000 },
      staggerMs: 10_000,
      throttlePerSecond: 1.5,
      warmupMs: 5000,
    })
    expect(resolve({ duration: '30s', stagger: 0, warmup: 0 })).toStrictEqual(resolve({ duration: '30s' }))
    expect(resolve({ rate: 5, duration: '30s', throttle: 100, warmup: '5s' })).toMatchObject({
      throttlePerSecond: 100,
      warmupMs: 5000,
    })
    expect(resolve({ stages: [{ duration: '1m', vus: 5 }], pacing: exponential })).toMatchObject({
      pacing: { distribution: 'exponential', meanMs: 3000, maxMs: 10_000 },
    })
  })

  it.for([
    [{ vus: 2, duration: '30s', stagger: '10s' }, '2 VUs for 30s, staggered over 10s'],
    [{ rate: 5, duration: '30s', throttle: '90/m', warmup: '5s' }, '5/s for 30s, throttled to 1.5/s, 5s of warm-up'],
    [{ iterationsPerVU: 2, pacing: '5s' }, '1 VU × 2 iterations, paced at 5s'],
    [
      { iterationsPerVU: 2, pacing: { distribution: 'uniform', min: '1s', max: '2s' } },
      '1 VU × 2 iterations, paced at 1s to 2s',
    ],
    [
      { iterationsPerVU: 2, pacing: { distribution: 'normal', mean: '3s', deviation: '500ms' } },
      '1 VU × 2 iterations, paced at 3s ± 500ms (normal)',
    ],
    [{ iterationsPerVU: 2, pacing: exponential }, '1 VU × 2 iterations, paced at 3s (exponential)'],
  ])('%j are told as %s', ([options, description]) => {
    expect(describeLoad(resolve(options))).toBe(description)
  })

  it('are refused with what was received and with a way out', () => {
    const wrong = [
      { duration: '30s', pacing: 0, stagger: -1, throttle: 0, warmup: '5' },
      { duration: '30s', pacing: { distribution: 'gamma', mean: '3s' } },
      { duration: '30s', pacing: { distribution: 'normal', means: '3s' } },
      { duration: '30s', pacing: { distribution: 'uniform', min: '3s', max: '1s' } },
      { duration: '10s', stagger: '10s', warmup: '15s' },
      { iterations: 5, maxDuration: '10s', stagger: '1m' },
      { iterations: 5, warmup: '10m' },
      { stages: [{ duration: '5s', rate: 50 }], warmup: '5s' },
      {
        stages: [
          { duration: '5s', rate: 50 },
          { duration: 0, rate: 0 },
          { duration: '5s', rate: 0 },
        ],
        warmup: '6s',
      },
      { rate: 5, duration: '30s', pacing: '5s', stagger: '5s' },
      { stages: [{ duration: '5s', rate: 50 }], pacing: '5s' },
      { stages: [{ duration: '5s', vus: 50 }], stagger: '1s' },
      { executor: 'constant-arrival-rate', rate: 5, duration: '30s', pacing: '5s' },
      { executor: 'ramping-vus', stages: [{ duration: '5s', target: 50 }], stagger: '1s' },
    ]
    expect(wrong.flatMap(problemsOf)).toMatchInlineSnapshot(`
      [
        "load.pacing: expected a duration above zero; received 0",
        "load.stagger: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received -1",
        "load.throttle: expected a rate above zero; received 0",
        "load.warmup: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received "5"",
        "load.pacing.distribution: expected one of 'uniform', 'normal', 'log-normal', 'exponential'; received "gamma"",
        "load.pacing.mean: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received undefined",
        "load.pacing.deviation: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received undefined",
        "load.pacing.means: unknown option; did you mean 'mean'?",
        "load.pacing.max: expected at least 'min', which is 3000 ms; received 1000 ms",
        "load: 'stagger' (10s) is not shorter than 'duration' (10s), so that the last users would hardly iterate. Shorten 'stagger' or lengthen 'duration'",
        "load: 'warmup' (15s) is not shorter than 'duration' (10s), so that nothing would be measured. Shorten 'warmup' or lengthen 'duration'",
        "load: 'stagger' (1m) is not shorter than 'maxDuration' (10s), so that the last users would hardly iterate. Shorten 'stagger' or lengthen 'maxDuration'",
        "load: 'warmup' (10m) is not shorter than 'maxDuration' (10m), so that nothing would be measured. Shorten 'warmup' or lengthen 'maxDuration'",
        "load: 'warmup' (5s) is not shorter than 'stages' (5s), so that nothing would be measured. Shorten 'warmup' or lengthen 'stages'",
        "load: no iteration is planned after the 'warmup'. Shorten 'warmup' or lengthen the load",
        "load: 'pacing' and 'rate' contradict each other. Remove 'pacing' or write 'vus' in place of 'rate'",
        "load: 'stagger' and 'rate' contradict each other. Remove 'stagger' or write 'vus' in place of 'rate'",
        "load: 'pacing' and the 'rate' of stages contradict each other. Remove 'pacing' or write 'vus' in place of 'rate'",
        "load: 'stagger' and 'stages' contradict each other. Remove 'stagger' or write 'vus' and 'duration' in place of 'stages'",
        "load: 'pacing' and 'constant-arrival-rate' contradict each other. Remove 'pacing' or remove 'constant-arrival-rate'",
        "load: 'stagger' and 'ramping-vus' contradict each other. Remove 'stagger' or remove 'ramping-vus'",
      ]
    `)
  })

  it('leave out of a rate exactly the arrivals that are due before the warm-up ends', () => {
    const rate = fc.integer({ min: 0, max: 40 })
    const stage = fc.record({ duration: fc.integer({ min: 0, max: 3000 }), rate })
    const load = fc.record({ startRate: rate, stages: fc.array(stage, { minLength: 1, maxLength: 4 }) })
    fc.assert(
      fc.property(load, fc.integer({ min: 0, max: 5000 }), (options, warmupMs) => {
        const total = options.stages.reduce((sum, { duration }) => sum + duration, 0)
        fc.pre(total > 0 && options.stages.some((each) => each.rate > 0 && each.duration > 0))
        const resolved = resolve(options)
        if (!('arrivals' in resolved)) return
        const profile = new RateProfile(resolved.stages)
        const times = Array.from({ length: profile.total }, (_, index) => profile.timeOf(index))
        expect(measuredIterations({ ...resolved, warmupMs }, 0)).toBe(times.filter((ms) => ms >= warmupMs).length)
      }),
    )
  })
})
