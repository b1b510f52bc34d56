import { describe, expect, it } from 'vitest'
import { readEnvironment } from './environment.ts'
import { resolveScenarioOptions, type ResolvedScenarioOptions } from './scenario-options.ts'

function resolve(options: unknown, variables: Record<string, string> = {}): ResolvedScenarioOptions {
  return resolveScenarioOptions('shopping', options, readEnvironment(variables, []))
}

const feeder = { rowIndex: () => 0, row: () => ({}) }

describe('resolveScenarioOptions', () => {
  it('has defaults', () => {
    expect(resolve({})).toEqual({
      load: {
        executor: 'shared-iterations',
        vus: 1,
        iterations: 1,
        maxDurationMs: 6e5,
        gracefulStopMs: 3e4,
      },
      cookies: 'iteration',
      errorRate: 0.01,
      checks: 0.99,
      steps: undefined,
    })
  })

  it('takes what is written', () => {
    const hook = (): void => undefined
    const options = {
      load: {
        vus: 2,
        duration: '1s',
      },
      data: { user: feeder },
      cookies: 'vu',
      steps: ['login'],
      slo: {
        errorRate: '5%',
        checks: 0.5,
      },
      before: hook,
      after: hook,
      setup: hook,
      teardown: hook,
    }
    expect(resolve(options)).toMatchObject({
      load: { executor: 'constant-vus', vus: 2 },
      cookies: 'vu',
      errorRate: 0.05,
      checks: 0.5,
      steps: ['login'],
    })
  })

  it('turns implicit objectives off', () => {
    expect(resolve({ slo: { errorRate: false, checks: false } })).toMatchObject({
      errorRate: undefined,
      checks: undefined,
    })
    expect(resolve({ slo: { errorRate: 0 } })).toMatchObject({ errorRate: 0, checks: 0.99 })
  })

  it('lets the environment replace the whole load', () => {
    const written = { load: { vus: 50, duration: '10m', gracefulStop: '1s' } }
    expect(resolve(written, { LOAD_VUS: '2', LOAD_ITERATIONS: '4' }).load).toEqual({
      executor: 'shared-iterations',
      vus: 2,
      iterations: 4,
      maxDurationMs: 6e5,
      gracefulStopMs: 3e4,
    })
    expect(resolve({ load: { vus: 'bad' } }, { LOAD_DURATION: '5s' }).load).toMatchObject({
      executor: 'constant-vus',
      vus: 1,
      durationMs: 5000,
    })
  })

  it('lists all problems, those of the load included', () => {
    const wrong = {
      load: { vus: 0, duraton: '1s' },
      data: { user: [1] },
      cookies: 'none',
      steps: [''],
      slo: { errorRate: '200%', check: 1 },
      before: 5,
      setupp: 1,
    }
    expect(() => resolve(wrong)).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Options of scenario 'shopping': 9 problems.
        - data.user: expected rows([...]), a feeder from 'vitest-load'; received [1]
        - cookies: expected 'iteration' or 'vu'; received "none"
        - steps.0: expected a name; received ""
        - slo.errorRate: expected a ratio such as '1%', or false; received "200%"
        - slo.check: unknown option; did you mean 'checks'?
        - before: expected a function; received 5
        - setupp: unknown option; did you mean 'setup'?
        - load.vus: expected a whole number from 1 to 100,000; received 0
        - load.duraton: unknown option; did you mean 'duration'?]
    `)
  })

  it('refuses more iterations than there are unique rows', () => {
    const user = { ...feeder, uniqueRows: 498 }
    const data = { user, product: feeder }
    expect(() => resolve({ load: { vus: 5, iterations: 500 }, data })).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Options of scenario 'shopping': 1 problem.
        - data.user: has 498 unique rows for 500 iterations. Add rows, run fewer iterations, or pick 'sequential']
    `)
    expect(() => resolve({ load: { vus: 5, iterationsPerVU: 100 }, data })).toThrow(
      '498 unique rows for 500 iterations',
    )
    expect(() => resolve({ data }, { LOAD_ITERATIONS: '1000' })).toThrow('498 unique rows for 1,000 iterations')
    expect(() => resolve({ data, load: { iterations: 498 } })).not.toThrow()
    expect(() => resolve({ data, load: { vus: 500, duration: '1h' } })).not.toThrow()
  })

  it('says when the environment is to blame', () => {
    expect(() => resolve({}, { LOAD_DURATION: 'soon', LOAD_ITERATIONS: '3' })).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Options of scenario 'shopping': 1 problem.
        - load (from LOAD_* variables).duration: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received "soon"]
    `)
  })

  it.for([null, 5, 'x'])('refuses %j for options', (options) => {
    expect(() => resolve(options)).toThrow(/Options of scenario 'shopping': 1 problem\.\n {2}- options: .*; received /)
  })
})
