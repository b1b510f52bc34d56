import { describe, expect, it } from 'vitest'
import { readEnvironment } from './environment.ts'
import { resolveScenarioOptions, type ResolvedScenarioOptions } from './scenario-options.ts'

function resolve(options: unknown, variables: Record<string, string> = {}): ResolvedScenarioOptions {
  return resolveScenarioOptions('shopping', options, readEnvironment(variables, []))
}

const feeder = { rowIndex: () => 0, row: () => ({}) }

function problemsOf(call: () => unknown): string[] {
  try {
    call()
  } catch (error) {
    const [, ...lines] = (error as Error).message.split('\n  - ')
    return lines
  }
  return []
}

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
      intensity: { profile: undefined, scale: 1 },
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
    expect(resolve({ slo: { errorRate: 1 } })).toMatchObject({ errorRate: 1, checks: 0.99 })
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
    expect(resolve(written, { LOAD_RATE: '90/m', LOAD_DURATION: '20s', LOAD_VUS: '3' }).load).toEqual({
      executor: 'constant-arrival-rate',
      vus: 3,
      preAllocatedVUs: 2,
      arrivals: 'even',
      stages: [{ durationMs: 20_000, fromPerSecond: 1.5, toPerSecond: 1.5 }],
      gracefulStopMs: 3e4,
    })
  })

  it('lists all problems, those of the load included', () => {
    const wrong = {
      load: { vus: 0, duraton: '1s' },
      data: { user: [1] },
      cookies: 'always',
      steps: [''],
      slo: { errorRate: '200%', check: 1 },
      before: 5,
      setupp: 1,
    }
    expect(() => resolve(wrong)).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Options of scenario 'shopping': 9 problems.
        - data.user: expected rows([...]), csv('...') or another feeder of 'vitest-load'; received [1]
        - cookies: expected 'iteration', 'vu' or 'none'; received "always"
        - steps.0: expected a name; received ""
        - slo.errorRate: expected a ratio such as '1%', or false; received "200%"
        - slo.check: unknown option; did you mean 'checks'?
        - before: expected a function; received 5
        - setupp: unknown option; did you mean 'setup'?
        - load.vus: expected a whole number from 1 to 100,000; received 0
        - load.duraton: unknown option; did you mean 'duration'?]
    `)
  })

  it('says where an option of the project belongs', () => {
    expect(() => resolve({ retry: 2 })).toThrow(
      'retry: unknown option here; write it in loadProject() and functionalProject()',
    )
  })

  it('tells each problem once, and takes nothing for a load that is none', () => {
    expect(problemsOf(() => resolve({ load: { startAfter: [] } }))).toEqual([
      'load.startAfter: expected the name of a scenario; received []',
    ])
    expect(problemsOf(() => resolve({ load: null }))).toEqual(['load: expected an object; received null'])
  })

  it('refuses more iterations than there are unique rows', () => {
    const user = { ...feeder, uniqueRows: 498 }
    const data = { user, product: feeder }
    expect(() => resolve({ load: { vus: 5, iterations: 500 }, data })).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Options of scenario 'shopping': 1 problem.
        - data.user: has 498 unique rows for 500 iterations. Add rows, run fewer iterations, or set onEnd: 'recycle']
    `)
    expect(() => resolve({ load: { vus: 5, iterationsPerVU: 100 }, data })).toThrow(
      '498 unique rows for 500 iterations',
    )
    expect(() => resolve({ data }, { LOAD_ITERATIONS: '1000' })).toThrow('498 unique rows for 1,000 iterations')
    expect(() => resolve({ data, load: { rate: '50/s', duration: '10s' } })).toThrow(
      '498 unique rows for 500 iterations',
    )
    expect(() => resolve({ data, load: { rate: 49.8, duration: '10s' } })).not.toThrow()
    expect(() => resolve({ data, load: { rate: 50, duration: '10s', arrivals: 'poisson' } })).not.toThrow()
    expect(() => resolve({ data, load: { stages: [{ duration: '1h', vus: 500 }] } })).not.toThrow()
    expect(() => resolve({ data, load: { iterations: 498 } })).not.toThrow()
    expect(() => resolve({ data, load: { vus: 500, duration: '1h' } })).not.toThrow()
  })

  it.for([
    [{ data: [] }, 'data: expected an object; received []'],
    [
      { data: { user: { rowIndex: () => 0 } } },
      "data.user: expected rows([...]), csv('...') or another feeder of 'vitest-load'; received {}",
    ],
    [{ steps: 'login' }, 'steps: expected an array; received "login"'],
    [{ steps: ['login', 5] }, 'steps.1: expected a name; received 5'],
    [{ steps: ['login', 'pay', 'login'] }, 'steps.2: expected each name once; received "login"'],
    [{ cookies: true }, "cookies: expected 'iteration', 'vu' or 'none'; received true"],
    [{ slo: false }, 'slo: expected an object; received false'],
    [{ slo: { errorRate: true } }, "slo.errorRate: expected a ratio such as '1%', or false; received true"],
    [{ slo: { errorRate: -0.1 } }, "slo.errorRate: expected a ratio such as '1%', or false; received -0.1"],
    [{ slo: { checks: '99' } }, `slo.checks: expected a ratio such as '1%', or false; received "99"`],
    [
      { slo: { errorRate: '0%' } },
      'slo.errorRate: expected a ratio above 0, which the error rate can be below, or false; for no failure at all declare expectErrorRate(…).toBeBetween(0, 0); received "0%"',
    ],
    [
      { slo: { checks: 1 } },
      'slo.checks: expected a ratio below 1, which the checks can be above, or false; for no failed check at all declare expectChecks(…).toBeBetween(1, 1); received 1',
    ],
    [{ setup: 'login' }, 'setup: expected a function; received "login"'],
    [{ teardown: null }, 'teardown: expected a function; received null'],
    [{ load: 'fast' }, 'load: expected an object; received "fast"'],
    [{ vus: 5 }, expect.stringContaining('vus: unknown option; ')],
  ] as const)('refuses %j', ([options, problem]) => {
    expect(problemsOf(() => resolve(options))).toEqual([problem])
  })

  it.for([
    ['', `Options of scenario '': 1 problem.\n  - name: expected a text of 1 to 200 characters; received ""`],
    [' ', `Options of scenario ' ': 1 problem.\n  - name: expected a text of 1 to 200 characters; received " "`],
    [
      5,
      'Options of scenario without a usable name: 1 problem.\n  - name: expected a text of 1 to 200 characters; received 5',
    ],
    [
      'x'.repeat(5000),
      'Options of scenario without a usable name: 1 problem.\n  - name: expected a text of 1 to 200 characters; received 5000 characters',
    ],
  ] as const)('refuses the name %j', ([name, message]) => {
    expect(() => resolveScenarioOptions(name as string, {}, readEnvironment({}, []))).toThrow(
      expect.objectContaining({ message }),
    )
  })

  it.for([null, 5, 'x'])('refuses %j for options', (options) => {
    expect(() => resolve(options)).toThrow(/Options of scenario 'shopping': 1 problem\.\n {2}- options: .*; received /)
  })
})
