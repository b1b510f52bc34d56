import { describe, expect, it } from 'vitest'
import { resolveCapacityOptions, scenarioPartOf, type ResolvedCapacity } from './capacity-options.ts'
import { readEnvironment } from './environment.ts'
import type { ResolvedProfile } from './profiles.ts'

function resolve(
  options: unknown,
  variables: Record<string, string> = {},
  profile?: ResolvedProfile,
): ResolvedCapacity {
  return resolveCapacityOptions('browsing', options, readEnvironment(variables, []), profile)
}

function problemsOf(options: unknown): string[] {
  try {
    resolve(options)
  } catch (error) {
    const [, ...lines] = (error as Error).message.split('\n  - ')
    return lines
  }
  return []
}

const rates = { from: '50/s', to: '2000/s', hold: '10s' }

describe('resolveCapacityOptions', () => {
  it('has defaults', () => {
    const { plan, restMs, percentiles, scenario, loadAt } = resolve(rates)
    expect(plan).toEqual({
      unit: 'rate',
      from: 50,
      to: 2000,
      step: undefined,
      precision: 0.05,
      holdMs: 10_000,
      settleMs: 1000,
      above: [],
    })
    expect({ restMs, percentiles, errorRate: scenario.errorRate }).toEqual({
      restMs: 1000,
      percentiles: [],
      errorRate: 0.01,
    })
    expect(loadAt(400)).toMatchObject({
      executor: 'constant-arrival-rate',
      vus: 4000,
      warmupMs: 1000,
      stages: [{ durationMs: 11_000, fromPerSecond: 400, toPerSecond: 400 }],
    })
  })

  it('takes what is written', () => {
    const { plan, restMs, percentiles, scenario, loadAt } = resolve({
      ...rates,
      settle: '3s',
      rest: 0,
      step: '100/s',
      precision: '10%',
      slo: { p95: '300ms', p50: 20, errorRate: '0.5%', checks: false },
      maxVUs: 700,
      gracefulStop: '5s',
      cookies: 'vu',
      steps: ['list'],
    })
    expect(plan).toMatchObject({ settleMs: 3000, step: 100, precision: 0.1 })
    expect(restMs).toBe(0)
    expect(percentiles).toEqual([
      { percentile: 50, limitUs: 20_000 },
      { percentile: 95, limitUs: 300_000 },
    ])
    expect(scenario).toMatchObject({ errorRate: 0.005, checks: undefined, cookies: 'vu', steps: ['list'] })
    expect(loadAt(100)).toMatchObject({ vus: 700, gracefulStopMs: 5000 })
  })

  it('varies virtual users', () => {
    const { plan, loadAt } = resolve({ from: 5, to: 200, unit: 'vus', hold: '2s', settle: 0 })
    expect(plan).toMatchObject({ unit: 'vus', from: 5, to: 200, settleMs: 0 })
    expect(loadAt(10)).toMatchObject({ executor: 'constant-vus', vus: 10, durationMs: 2000 })
  })

  it('multiplies its range by the profile and LOAD_SCALE', () => {
    const { plan, scenario } = resolve(
      { ...rates, step: '20/s' },
      { LOAD_SCALE: '0.5' },
      { name: 'ci', load: undefined, scale: 0.5 },
    )
    expect(plan).toMatchObject({ from: 12.5, to: 500, step: 5 })
    expect(scenario.intensity).toEqual({ profile: 'ci', scale: 0.25 })
    expect(resolve({ from: 1, to: 20, unit: 'vus', hold: '1s' }, { LOAD_SCALE: '0.1' }).plan).toMatchObject({
      from: 1,
      to: 2,
    })
  })

  it('tells everything that is wrong at once', () => {
    expect(
      problemsOf({ from: '50/s', to: 0, hold: 'soon', unit: 'users', precison: 1, load: {}, cookies: 'always' }),
    ).toEqual([
      "precison: unknown option; did you mean 'precision'?",
      "load: is what a capacity search looks for. Write 'from', 'to' and 'hold'",
      'to: expected a rate above zero; received 0',
      "unit: expected 'rate' or 'vus'; received \"users\"",
      "hold: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received \"soon\"",
      "cookies: expected 'iteration', 'vu' or 'none'; received \"always\"",
    ])
  })

  it('says what stands for the warm-up, and that there is no throttle', () => {
    expect(problemsOf({ ...rates, throttle: '30/s', warmup: '1s' })).toEqual([
      'throttle: would hold back the load that a capacity search raises. Remove it',
      "warmup: each level of a capacity search has its own. Write 'settle'",
    ])
  })

  it.for([
    [{ ...rates, to: '50/s' }, "to: expected more than 'from' (50/s); received 50/s"],
    [{ ...rates, step: 1 }, 'step: 1/s makes more than 100 levels up to 2,000/s. Raise it'],
    [
      { ...rates, unit: 'vus' },
      'from: expected a whole number from 1 to 100,000; received "50/s"',
      'to: expected a whole number from 1 to 100,000; received "2000/s"',
    ],
    [
      { from: 1, to: 9, unit: 'vus', hold: '1s', maxVUs: 5 },
      "maxVUs: belongs to rates; with unit: 'vus' there is nothing to say. Remove it",
    ],
    [{ ...rates, rest: '10m' }, `rest: expected at most '4m'; received "10m"`],
    [{ ...rates, precision: '90%' }, `precision: expected a ratio from '1%' to '50%'; received "90%"`],
    [{ ...rates, weigth: 1 }, expect.stringMatching(/^weigth: unknown option; known are (?!.*weight)/)],
    [{ ...rates, precision: 0.9 }, "precision: expected a ratio from '1%' to '50%'; received 0.9"],
    [
      { ...rates, slo: { p99: '1s' }, hold: '2s' },
      'hold: at 50/s 2s give 100 iterations, and p99 wants 1,000. Hold for 20s or start from more',
    ],
    [{ ...rates, slo: { p95: '0s' } }, 'slo.p95: expected a duration above zero; received "0s"'],
    [{ ...rates, slo: { p97: '1s' } }, "slo.p97: unknown option; did you mean 'p90'?"],
    [{ ...rates, maxVUs: 0 }, 'maxVUs: expected a whole number from 1 to 100,000; received 0'],
    [
      { ...rates, maxVUs: 5, preAllocatedVUs: 6 },
      "'preAllocatedVUs' (6) is more than 'maxVUs' (5). Raise 'maxVUs' or lower 'preAllocatedVUs'",
    ],
  ] as const)('refuses %j', ([options, ...problems]) => {
    expect(problemsOf(options)).toEqual(problems)
  })

  it('leaves to a plain scenario what one takes', () => {
    expect(scenarioPartOf({ ...rates, cookies: 'vu', slo: { p95: '1s', errorRate: 0.5 } })).toEqual({
      cookies: 'vu',
      slo: { errorRate: 0.5 },
    })
  })
})
