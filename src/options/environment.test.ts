import { describe, expect, it } from 'vitest'
import { readEnvironment, type LoadEnvironment } from './environment.ts'

function read(variables: Record<string, string>): { environment: LoadEnvironment; problems: string[] } {
  const problems: string[] = []
  return { environment: readEnvironment(variables, problems), problems }
}

describe('readEnvironment', () => {
  it('asks for nothing when nothing is set', () => {
    const empty = {
      asked: false,
      load: undefined,
      profile: undefined,
      scale: undefined,
      threads: undefined,
      seed: undefined,
      baseUrl: undefined,
      offline: undefined,
    }
    expect(read({ PATH: '/bin' })).toEqual({ environment: empty, problems: [] })
    const variables = Object.fromEntries(
      ['LOAD', 'LOAD_VUS', 'LOAD_SEED', 'LOAD_RATE', 'LOAD_BASE_URL', 'LOAD_DURATION'].map((name) => [name, '']),
    )
    expect(read(variables)).toEqual({ environment: empty, problems: [] })
  })

  it('reads every variable', () => {
    const { environment, problems } = read({
      LOAD: '1',
      LOAD_VUS: '5',
      LOAD_ITERATIONS: '7',
      LOAD_PROFILE: 'ci',
      LOAD_SCALE: '50%',
      LOAD_THREADS: '2',
      LOAD_SEED: '0',
      LOAD_BASE_URL: 'http://127.0.0.1:3000',
      LOAD_OFFLINE: '0',
    })
    expect(problems).toEqual([])
    expect(environment).toEqual({
      asked: true,
      load: {
        vus: 5,
        iterations: 7,
      },
      profile: 'ci',
      scale: 0.5,
      threads: 2,
      seed: 0,
      baseUrl: 'http://127.0.0.1:3000',
      offline: false,
    })
  })

  it.for([
    [
      { LOAD_RATE: '90/m', LOAD_DURATION: '1m' },
      { rate: 1.5, duration: '1m' },
    ],
    [
      { LOAD_RATE: '0.5', LOAD_DURATION: '1m' },
      { rate: 0.5, duration: '1m' },
    ],
    [
      { LOAD_RATE: '500', LOAD_DURATION: '5s', LOAD_VUS: '20' },
      { rate: 500, duration: '5s', maxVUs: 20 },
    ],
  ] as const)('makes an arrival rate of %j', ([variables, load]) => {
    const { environment, problems } = read(variables)
    expect(problems).toEqual([])
    expect(environment.load).toEqual(load)
  })

  it.for([
    ['1', true],
    ['true', true],
    ['yes', true],
    ['0', false],
    ['false', false],
    ['no', false],
    ['OFF', false],
  ] as const)('takes LOAD=%s for %s', ([text, asked]) => {
    expect(read({ LOAD: text }).environment.asked).toBe(asked)
  })

  it.for([
    [{ LOAD: 'please' }, 'LOAD: expected 1 to start the load, or 0; received "please"'],
    [{ LOAD_VUS: 'many' }, 'LOAD_VUS: expected a whole number from 1 to 100,000; received "many"'],
    [{ LOAD_VUS: '0' }, 'LOAD_VUS: expected a whole number from 1 to 100,000; received "0"'],
    [{ LOAD_VUS: '100001' }, 'LOAD_VUS: expected a whole number from 1 to 100,000; received "100001"'],
    [{ LOAD_VUS: '0x10' }, 'LOAD_VUS: expected a whole number from 1 to 100,000; received "0x10"'],
    [{ LOAD_VUS: ' ' }, 'LOAD_VUS: expected a whole number from 1 to 100,000; received " "'],
    [{ LOAD_ITERATIONS: '1e12' }, 'LOAD_ITERATIONS: expected a whole number from 1 to 1,000,000,000; received "1e12"'],
    [{ LOAD_ITERATIONS: '-5' }, 'LOAD_ITERATIONS: expected a whole number from 1 to 1,000,000,000; received "-5"'],
    [{ LOAD_THREADS: '1.5' }, 'LOAD_THREADS: expected a whole number from 1 to 64; received "1.5"'],
    [{ LOAD_THREADS: '65' }, 'LOAD_THREADS: expected a whole number from 1 to 64; received "65"'],
    [{ LOAD_SEED: '-1' }, 'LOAD_SEED: expected a whole number from 0 to 4,294,967,295; received "-1"'],
    [
      { LOAD_DURATION: '500' },
      "LOAD_DURATION: expected a duration such as '250ms', '30s' or '1m30s'; received \"500\"",
    ],
    [{ LOAD_DURATION: '0s' }, 'LOAD_DURATION: expected a duration above zero; received "0s"'],
    [
      { LOAD_DURATION: '1000h' },
      'LOAD_DURATION: expected a duration of at most \'596h\', which is the longest that a timer can wait; received "1000h"',
    ],
    [
      { LOAD_DURATION: '5s', LOAD_ITERATIONS: '5' },
      "'LOAD_DURATION' and 'LOAD_ITERATIONS' contradict each other. Unset one of them",
    ],
    [
      { LOAD_VUS: '10', LOAD_ITERATIONS: '5' },
      'LOAD_VUS: 10 VUs cannot share 5 iterations (LOAD_ITERATIONS). Raise it or lower LOAD_VUS',
    ],
    [{ LOAD_RATE: '5/s' }, "'LOAD_RATE' needs 'LOAD_DURATION'. Set it, such as LOAD_DURATION=30s, or unset LOAD_RATE"],
    [
      { LOAD_RATE: '5/s', LOAD_ITERATIONS: '5', LOAD_VUS: '10' },
      "'LOAD_RATE' and 'LOAD_ITERATIONS' contradict each other. Unset one of them",
    ],
    [
      { LOAD_RATE: '5/s', LOAD_ITERATIONS: '5', LOAD_DURATION: '5s' },
      "'LOAD_RATE' and 'LOAD_ITERATIONS' contradict each other. Unset one of them",
    ],
    [
      { LOAD_RATE: '5/s', LOAD_DURATION: '5' },
      "LOAD_DURATION: expected a duration such as '250ms', '30s' or '1m30s'; received \"5\"",
    ],
    [
      { LOAD_RATE: 'fast', LOAD_DURATION: '5s' },
      "LOAD_RATE: expected a rate such as '500/s', '90/m' or a number per second, not negative; received \"fast\"",
    ],
    [{ LOAD_RATE: '0', LOAD_DURATION: '5s' }, 'LOAD_RATE: expected a rate above zero; received "0"'],
    [
      { LOAD_RATE: '1000001/s', LOAD_DURATION: '5s' },
      'LOAD_RATE: expected a rate of at most \'1,000,000/s\'; received "1000001/s"',
    ],
    [
      { LOAD_SCALE: '0' },
      'LOAD_SCALE: expected a number above zero such as 0.5, or a percentage such as \'50%\'; received "0"',
    ],
    [
      { LOAD_SCALE: '-1' },
      'LOAD_SCALE: expected a number above zero such as 0.5, or a percentage such as \'50%\'; received "-1"',
    ],
    [{ LOAD_SCALE: '20000' }, 'LOAD_SCALE: expected a scale of at most 10,000; received "20000"'],
    [{ LOAD_SEGMENT: '1/2' }, 'LOAD_SEGMENT: this version has no such variable; received "1/2". Unset it'],
    [{ LOAD_PROFIL: 'ci' }, "LOAD_PROFIL: unknown variable; did you mean 'LOAD_PROFILE'? Otherwise unset it"],
    [{ LOAD_RATES: '5' }, "LOAD_RATES: unknown variable; did you mean 'LOAD_RATE'? Otherwise unset it"],
    [{ LOAD_VU: '5' }, "LOAD_VU: unknown variable; did you mean 'LOAD_VUS'? Otherwise unset it"],
    [{ LOAD_USERS: '5' }, "LOAD_USERS: unknown variable; did you mean 'LOAD_VUS'? Otherwise unset it"],
    [{ LOAD_USER: '5' }, "LOAD_USER: unknown variable; did you mean 'LOAD_VUS'? Otherwise unset it"],
    [{ LOAD_BASE: 'x' }, "LOAD_BASE: unknown variable; did you mean 'LOAD_BASE_URL'? Otherwise unset it"],
    [{ LOAD_vus: '5' }, "LOAD_vus: unknown variable; did you mean 'LOAD_VUS'? Otherwise unset it"],
    [{ LOAD_SEEDS: '5' }, "LOAD_SEEDS: unknown variable; did you mean 'LOAD_SEED'? Otherwise unset it"],
    [{ LOAD_DURATOIN: '5s' }, "LOAD_DURATOIN: unknown variable; did you mean 'LOAD_DURATION'? Otherwise unset it"],
    [{ LOAD_BASEURL: 'x' }, "LOAD_BASEURL: unknown variable; did you mean 'LOAD_BASE_URL'? Otherwise unset it"],
  ] as const)('refuses %j', ([variables, problem]) => {
    expect(read(variables).problems).toEqual([problem])
  })

  it.for(['DATA', 'PATH', 'STATE', 'NAME', 'DATE', 'SAVE', 'CASE', 'ROLE', 'GATE', 'FILE', 'BALANCER', 'LOCATION', ''])(
    'leaves LOAD_%s alone, which resembles nothing',
    (word) => {
      expect(read({ [`LOAD_${word}`]: 'x' }).problems).toEqual([])
    },
  )

  it('lists all problems, and leaves alone what belongs to others', () => {
    const variables = { LOAD_VUS: 'x', LOAD_TREADS: '2', LOAD_SEGMENT: '1/2', LOAD_BALANCER_HOST: 'lb', LOADER: '1' }
    expect(read(variables).problems).toEqual([
      'LOAD_SEGMENT: this version has no such variable; received "1/2". Unset it',
      "LOAD_TREADS: unknown variable; did you mean 'LOAD_THREADS'? Otherwise unset it",
      'LOAD_VUS: expected a whole number from 1 to 100,000; received "x"',
    ])
  })
})
