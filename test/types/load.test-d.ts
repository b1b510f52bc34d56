import { describe, expectTypeOf, it } from 'vitest'
import { expectLatency, type LoadOptions, loadTest, mix, rows, scenario, spike, stairs, think } from 'vitest-load'

const anything = (): unknown => undefined

describe('load options', () => {
  it('come in the shapes of the executors', () => {
    const shapes: LoadOptions[] = [
      {},
      { vus: 10 },
      { vus: 10, duration: '30s', gracefulStop: 0 },
      { vus: 10, iterations: 100, maxDuration: '1m' },
      { vus: 10, iterationsPerVU: 5 },
      { executor: 'constant-vus', duration: 1000 },
      { executor: 'shared-iterations', iterations: 100 },
      { executor: 'per-vu-iterations', vus: 2, iterations: 3 },
      { rate: '500/s', duration: '1m' },
      { rate: 5, duration: '1m', timer: 'precise', startTime: '10s', startAfter: 'warm-up' },
      { rate: (ms) => ms / 1000, duration: '1m', maxVUs: 50, arrivals: 'poisson' },
      { vus: (ms) => (ms < 1000 ? 1 : 10), duration: '1m', gracefulRampDown: '5s' },
      { stages: stairs({ rate: { from: '5/s', to: 50, step: 5 }, hold: '30s' }), maxVUs: 50 },
      { stages: stairs({ vus: { from: 5, to: 50, steps: 9 }, hold: '30s', ramp: 0 }), gracefulRampDown: 0 },
      { startVUs: 0, stages: [...spike({ vus: { base: 5, peak: 50 }, hold: '30s' }), { duration: '1m', vus: 0 }] },
      { stages: spike({ rate: { base: 5, peak: 50 }, at: '1m', ramp: '5s', hold: '30s', after: 0 }), startRate: 5 },
      { rate: 0.5, duration: 60_000, maxVUs: 50, preAllocatedVUs: 5, arrivals: 'poisson', gracefulStop: '5s' },
      { executor: 'constant-arrival-rate', rate: '90/m', duration: '1m', preAllocatedVUs: 5 },
      { executor: 'constant-arrival-rate', rate: 90, timeUnit: '1m', duration: '1m', maxVUs: 5 },
      { stages: [{ duration: '1m', rate: '500/s' }] },
      { startRate: '90/m', stages: [{ duration: 0, rate: 5 }], maxVUs: 50, preAllocatedVUs: 5, arrivals: 'even' },
      { executor: 'ramping-arrival-rate', startRate: '5/s', stages: [{ duration: '1m', target: '90/m' }] },
      { executor: 'ramping-arrival-rate', startRate: 5, timeUnit: '1m', stages: [{ duration: '1m', target: 90 }] },
      { stages: [{ duration: '1m', vus: 50 }] },
      { startVUs: 0, stages: [{ duration: '1m', vus: 50 }], gracefulRampDown: '5s', gracefulStop: 0 },
      { executor: 'ramping-vus', startVUs: 5, stages: [{ duration: '1m', target: 50 }], gracefulRampDown: 0 },
    ]
    const pacing = { distribution: 'normal', mean: '5s', deviation: '1s', max: '10s' } as const
    const refined: LoadOptions[] = [
      { vus: 10, duration: '30s', pacing: '5s', stagger: '10s', throttle: '100/s', warmup: '5s' },
      { executor: 'shared-iterations', iterations: 100, pacing: 5000, stagger: '10s', throttle: 100 },
      { executor: 'per-vu-iterations', iterations: 100, pacing, stagger: '10s', warmup: 5000 },
      { iterationsPerVU: 100, pacing: { distribution: 'exponential', mean: '5s' } },
      { stages: [{ duration: '1m', vus: 50 }], pacing: { distribution: 'uniform', min: '1s', max: '2s' } },
      { rate: '500/s', duration: '1m', throttle: '90/m', warmup: '5s' },
      { stages: [{ duration: '1m', rate: '500/s' }], throttle: 100, warmup: '5s' },
    ]
    scenario('shop', { load: refined[0] ?? {} }, anything)
    scenario('shop', { load: shapes[0] ?? {} }, anything)
    loadTest('shop', { load: shapes[0] ?? {} }, anything)
  })

  it('are refused in a shape that contradicts their executor', () => {
    // @ts-expect-error -- 'constant-vus' needs a duration
    scenario('shop', { load: { executor: 'constant-vus', vus: 10 } }, anything)
    // @ts-expect-error -- 'constant-vus' counts no iterations
    scenario('shop', { load: { executor: 'constant-vus', duration: '30s', iterations: 100 } }, anything)
    // @ts-expect-error -- 'shared-iterations' has no duration
    scenario('shop', { load: { executor: 'shared-iterations', duration: '30s' } }, anything)
    // @ts-expect-error -- time and a number of iterations
    scenario('shop', { load: { duration: '30s', iterations: 100 } }, anything)
    // @ts-expect-error -- time and a number of iterations for each virtual user
    scenario('shop', { load: { duration: '30s', iterationsPerVU: 3 } }, anything)
    // @ts-expect-error -- iterations of all and of each
    scenario('shop', { load: { iterations: 100, iterationsPerVU: 3 } }, anything)
    // @ts-expect-error -- time, bounded by time
    scenario('shop', { load: { duration: '30s', maxDuration: '1m' } }, anything)
    // @ts-expect-error -- with k6's name of the executor go k6's names of the fields: `iterations`
    scenario('shop', { load: { executor: 'per-vu-iterations', iterationsPerVU: 3 } }, anything)
  })

  it('are refused where users are paced that nobody has', () => {
    // @ts-expect-error -- iterations that have a planned start are not paced
    scenario('shop', { load: { rate: 500, duration: '1m', pacing: '5s' } }, anything)
    // @ts-expect-error -- nor come their users one by one
    scenario('shop', { load: { rate: 500, duration: '1m', stagger: '5s' } }, anything)
    // @ts-expect-error -- stages say themselves when users come
    scenario('shop', { load: { stages: [{ duration: '1m', vus: 50 }], stagger: '5s' } }, anything)
    // @ts-expect-error -- an unknown distribution
    scenario('shop', { load: { duration: '1m', pacing: { distribution: 'gamma', mean: '5s' } } }, anything)
    // @ts-expect-error -- an exponential distribution has no deviation
    void think({ distribution: 'exponential', mean: '5s', deviation: '1s' })
    // @ts-expect-error -- a normal one needs it
    void think({ distribution: 'normal', mean: '5s' })
    // @ts-expect-error -- a distribution has its own end
    void think({ distribution: 'exponential', mean: '5s' }, '10s')
    void think({ distribution: 'log-normal', mean: '5s', deviation: '1s', max: '30s' })
  })

  it('are refused where a rate contradicts them', () => {
    // @ts-expect-error -- a rate needs a duration
    scenario('shop', { load: { rate: 500 } }, anything)
    // @ts-expect-error -- 'constant-arrival-rate' needs a rate
    scenario('shop', { load: { executor: 'constant-arrival-rate', duration: '1m' } }, anything)
    // @ts-expect-error -- how many virtual users a rate takes is not known: it is `maxVUs`
    scenario('shop', { load: { rate: 500, duration: '1m', vus: 50 } }, anything)
    // @ts-expect-error -- a rate and a number of iterations
    scenario('shop', { load: { rate: 500, duration: '1m', iterations: 100 } }, anything)
    // @ts-expect-error -- `maxVUs` needs a rate
    scenario('shop', { load: { vus: 5, duration: '1m', maxVUs: 50 } }, anything)
    // @ts-expect-error -- a rate that starts somewhere changes: it is `stages`
    scenario('shop', { load: { rate: 500, startRate: 5, duration: '1m' } }, anything)
    // @ts-expect-error -- `timeUnit` goes with k6's name of the executor
    scenario('shop', { load: { rate: 500, timeUnit: '1m', duration: '1m' } }, anything)
    const unit = { executor: 'constant-arrival-rate', timeUnit: '1m' } as const
    // @ts-expect-error -- two units
    scenario('shop', { load: { ...unit, rate: '5/s', duration: '1m' } }, anything)
    // @ts-expect-error -- 'constant-vus' has no rate
    scenario('shop', { load: { executor: 'constant-vus', rate: 500, duration: '1m' } }, anything)
    // @ts-expect-error -- arrivals are even or random
    scenario('shop', { load: { rate: 500, duration: '1m', arrivals: 'random' } }, anything)
  })

  it('are refused where stages contradict them or each other', () => {
    const vus = { duration: '1m', vus: 50 }
    const rate = { duration: '1m', rate: 50 }
    const target = { duration: '1m', target: 50 }
    // @ts-expect-error -- stages of virtual users and of a rate
    scenario('shop', { load: { stages: [vus, rate] } }, anything)
    // @ts-expect-error -- virtual users and a rate in one stage
    scenario('shop', { load: { stages: [{ ...vus, rate: 50 }] } }, anything)
    // @ts-expect-error -- a stage ends with something
    scenario('shop', { load: { stages: [{ duration: '1m' }] } }, anything)
    // @ts-expect-error -- `target` of what? it is `vus` or `rate`
    scenario('shop', { load: { stages: [target] } }, anything)
    // @ts-expect-error -- two words for one number
    scenario('shop', { load: { executor: 'ramping-vus', stages: [{ ...target, vus: 50 }] } }, anything)
    // @ts-expect-error -- with k6's name of the executor go k6's names of the fields: `target`
    scenario('shop', { load: { executor: 'ramping-arrival-rate', stages: [rate] } }, anything)
    // @ts-expect-error -- virtual users are counted
    scenario('shop', { load: { executor: 'ramping-vus', stages: [{ duration: '1m', target: '5/s' }] } }, anything)
    // @ts-expect-error -- stages have durations of their own
    scenario('shop', { load: { stages: [vus], duration: '1m' } }, anything)
    // @ts-expect-error -- it is `startVUs`
    scenario('shop', { load: { stages: [vus], vus: 5 } }, anything)
    // @ts-expect-error -- a rate beside stages of a rate
    scenario('shop', { load: { stages: [rate], rate: 5 } }, anything)
    // @ts-expect-error -- it is `startVUs`
    scenario('shop', { load: { stages: [vus], startRate: 5 } }, anything)
    // @ts-expect-error -- it is `startRate`
    scenario('shop', { load: { stages: [rate], startVUs: 5 } }, anything)
    // @ts-expect-error -- virtual users in stages are not the most, but just so many
    scenario('shop', { load: { stages: [vus], maxVUs: 5 } }, anything)
    // @ts-expect-error -- a rate that falls cuts nothing
    scenario('shop', { load: { stages: [rate], gracefulRampDown: '5s' } }, anything)
    const unit = { executor: 'ramping-arrival-rate', timeUnit: '1m' } as const
    // @ts-expect-error -- two units
    scenario('shop', { load: { ...unit, stages: [{ duration: '1m', target: '5/s' }] } }, anything)
    // @ts-expect-error -- two units
    scenario('shop', { load: { ...unit, startRate: '5/s', stages: [target] } }, anything)
  })

  it('are refused where a function contradicts them', () => {
    // @ts-expect-error -- a function has no end of its own
    scenario('shop', { load: { vus: () => 5 } }, anything)
    // @ts-expect-error -- the function says it
    scenario('shop', { load: { vus: () => 5, startVUs: 1, duration: '1m' } }, anything)
    // @ts-expect-error -- virtual users are just so many
    scenario('shop', { load: { vus: () => 5, duration: '1m', maxVUs: 5 } }, anything)
    // @ts-expect-error -- a rate that falls cuts nothing
    scenario('shop', { load: { rate: () => 5, duration: '1m', gracefulRampDown: 5 } }, anything)
    // @ts-expect-error -- numbers per second
    scenario('shop', { load: { rate: () => '5/s', duration: '1m' } }, anything)
    // @ts-expect-error -- the fields decide the executor
    scenario('shop', { load: { executor: 'constant-arrival-rate', rate: () => 5, duration: '1m' } }, anything)
  })

  it('come from helpers, of one unit', () => {
    // @ts-expect-error -- one of them
    stairs({ vus: { from: 1, to: 5, step: 1 }, rate: { from: 1, to: 5, step: 1 }, hold: '1m' })
    // @ts-expect-error -- the height or the number of steps
    stairs({ vus: { from: 1, to: 5, step: 1, steps: 4 }, hold: '1m' })
    // @ts-expect-error -- virtual users are counted
    stairs({ vus: { from: 1, to: '5/s', step: 1 }, hold: '1m' })
    // @ts-expect-error -- a level lasts
    stairs({ vus: { from: 1, to: 5, step: 1 } })
    // @ts-expect-error -- it is `at`
    spike({ vus: { base: 1, peak: 5 }, hold: '1m', before: '1m' })
    const rates = spike({ rate: { base: 1, peak: 5 }, hold: '1m' })
    // @ts-expect-error -- it is `startRate`
    scenario('shop', { load: { startVUs: 1, stages: rates } }, anything)
  })

  it('are divided by a mix, which gives back what its callback returns', () => {
    const { pay, count } = mix('shop', { load: { rate: 5, duration: '1m' } }, () => {
      scenario('browse', { weight: 9 }, anything)
      return { pay: scenario('buy', { weight: 0.5, steps: ['pay'] }, anything), count: 2 }
    })
    expectLatency(pay.step('pay'))
      .p(count * 40)
      .toBeBelow('1s')
    // @ts-expect-error -- no such step
    pay.step('play')
    mix('shop', { load: {} }, () => {
      const options = {
        weight: 1,
        data: { user: rows([{ email: 'ann@example.com' }]) },
        before: () => ({ campaign: 'spring' }),
        setup: () => ({ token: 'abc' }),
      }
      scenario('buy', { ...options, steps: ['pay'] }, ({ data, prepared, state, step }) => {
        expectTypeOf(data.user.email).toEqualTypeOf<'ann@example.com'>()
        expectTypeOf(prepared.campaign).toEqualTypeOf<string>()
        expectTypeOf(state.token).toEqualTypeOf<string>()
        // @ts-expect-error -- no such step
        void step('play', anything)
      })
    })
    mix.skip.only('shop', { load: {} }, () => undefined)
    mix.runIf(true).skipIf(0)('shop', { load: {} }, () => undefined)
    // @ts-expect-error -- it has a load
    mix('shop', {}, () => undefined)
    // @ts-expect-error -- an async function registers too late
    void mix('shop', { load: {} }, async () => scenario('buy', anything))
    expectTypeOf(mix('shop', { load: {} }, () => [1, 'a'] as const)).toEqualTypeOf<readonly [1, 'a']>()
    // @ts-expect-error -- a weight is a number
    scenario('buy', { weight: '50%' }, anything)
  })

  it('are refused when misspelt or of another type', () => {
    // @ts-expect-error -- misspelt: it is `vus`
    scenario('shop', { load: { VUs: 10 } }, anything)
    // @ts-expect-error -- misspelt beside what is right: it is `duration`
    scenario('shop', { load: { vus: 10, durations: '30s' } }, anything)
    // @ts-expect-error -- a number, not its digits
    scenario('shop', { load: { vus: '10', duration: '30s' } }, anything)
    // @ts-expect-error -- there is no such executor
    scenario('shop', { load: { executor: 'constant', duration: '30s' } }, anything)
    // @ts-expect-error -- a duration is a string or a number of milliseconds
    scenario('shop', { load: { duration: { seconds: 30 } } }, anything)
  })
})
