import { describe, expect, it } from 'vitest'
import { readEnvironment, type LoadEnvironment } from './environment.ts'

function read(variables: Record<string, string>): { environment: LoadEnvironment; problems: string[] } {
  const problems: string[] = []
  return { environment: readEnvironment(variables, problems), problems }
}

describe('readEnvironment', () => {
  it('asks for nothing when nothing is set', () => {
    const empty = { asked: false, load: undefined, threads: undefined, seed: undefined, baseUrl: undefined }
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
      LOAD_DURATION: '30s',
      LOAD_ITERATIONS: '7',
      LOAD_THREADS: '2',
      LOAD_SEED: '0',
      LOAD_BASE_URL: 'http://127.0.0.1:3000',
    })
    expect(problems).toEqual([])
    expect(environment).toEqual({
      asked: true,
      load: {
        vus: 5,
        duration: '30s',
        iterations: 7,
      },
      threads: 2,
      seed: 0,
      baseUrl: 'http://127.0.0.1:3000',
    })
  })

  it.for([
    ['1', true],
    ['true', true],
    ['yes', true],
    ['0', false],
    ['false', false],
  ] as const)('takes LOAD=%s for %s', ([text, asked]) => {
    expect(read({ LOAD: text }).environment.asked).toBe(asked)
  })

  it('lists what it does not understand and what this version does not have', () => {
    const variables = {
      LOAD_VUS: 'many',
      LOAD_ITERATIONS: '0',
      LOAD_THREADS: '1.5',
      LOAD_SEED: '-1',
      LOAD_RATE: '5/s',
      LOAD_PROFILE: 'smoke',
    }
    expect(read(variables).problems).toMatchInlineSnapshot(`
      [
        "LOAD_PROFILE: this version has no such variable; received "smoke". Unset it",
        "LOAD_RATE: this version has no such variable; received "5/s". Unset it",
        "LOAD_VUS: expected a whole number from 1 up; received "many"",
        "LOAD_ITERATIONS: expected a whole number from 1 up; received "0"",
        "LOAD_THREADS: expected a whole number from 1 up; received "1.5"",
        "LOAD_SEED: expected a whole number from 0 to 4294967295; received "-1"",
      ]
    `)
  })
})
