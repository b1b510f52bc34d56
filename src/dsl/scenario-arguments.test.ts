import { describe, expect, it } from 'vitest'
import { scenario } from './scenario.ts'

const body = (): void => {}
type AnyCall = (...input: unknown[]) => unknown
/** As without type checks. */
const call = scenario as unknown as AnyCall

function errorOf(register: () => unknown): unknown {
  try {
    register()
  } catch (error) {
    return error
  }
  return undefined
}

function problemsIn(what: string, ...lines: string[]): unknown {
  const noun = lines.length === 1 ? '1 problem' : `${lines.length} problems`
  const message = [`${what}: ${noun}.`, ...lines].join('\n  - ')
  return expect.objectContaining({ name: 'LoadError', code: 'ERR_LOAD_OPTIONS', message })
}

const noBody = 'body: expected a function; received undefined'
const noOptions = 'options: expected an object; received'
const cookies = `cookies: expected 'iteration', 'vu' or 'none'; received "always"`
const name = (received: string): string => `name: expected a text of 1 to 200 characters; received ${received}`
const order = (received: string): string =>
  `options: expected before the body; received ${received} after it. Write scenario(name, options, body)`
const vus = 'load.vus: expected a whole number from 1 to 100,000; received 0'

describe('scenario()', () => {
  it.for<[string, unknown[], string[]]>([
    ['options after the body', ['x', body, { steps: ['a'] }], [order('{"steps":["a"]}')]],
    ['wrong options after the body', ['x', body, { load: { vus: 0 } }], [order('{"load":{"vus":0}}'), vus]],
    ['a time limit after the body', ['x', body, 5000], [order('5000')]],
    ['two bodies', ['x', body, body], [order('a function')]],
    [
      'more than three arguments',
      ['x', {}, body, 5000],
      ['scenario(name, options, body) takes nothing more; received 5000. Remove it'],
    ],
    ['no body', ['x'], [noBody]],
    ['no body, and wrong options', ['x', { cookies: 'always' }], [noBody, cookies]],
    ['a promise as the body', ['x', {}, Promise.resolve()], ['body: expected a function; received a promise']],
    [
      'a promise as options',
      ['x', Promise.resolve({}), body],
      [`${noOptions} a promise. They are known before anything runs`],
    ],
  ])('refuses %s', ([, input, lines]) => {
    expect(errorOf(() => call(...input))).toEqual(problemsIn("Scenario 'x'", ...lines))
  })

  it.for<[string, unknown[], string, string[]]>([
    ['no options', ['x', null, body], "Options of scenario 'x'", [`${noOptions} null`]],
    ['an empty name', ['', body], "Options of scenario ''", [name('""')]],
    ['a name that is no text', [5, body], 'Options of scenario without a usable name', [name('5')]],
    ['nothing', [], 'Scenario without a usable name', [noBody, name('undefined')]],
    ['only a body', [body], 'Scenario without a usable name', [noBody, name('a function')]],
  ])('refuses %s', ([, input, what, lines]) => {
    expect(errorOf(() => call(...input))).toEqual(problemsIn(what, ...lines))
  })
})

describe('scenario.for()', () => {
  const forCases = scenario.for as unknown as (cases: unknown) => AnyCall

  it.for<[unknown, string]>([
    [5, '5'],
    [undefined, 'undefined'],
    [{ length: 1 }, '{"length":1}'],
    ['ab', '"ab"'],
    [Promise.resolve([1]), 'a promise'],
  ])('refuses %s, which is no array', ([cases, received]) => {
    const message = `scenario.for(): expected an array of cases, received ${received}. Write scenario.for([…])(name, options, body).`
    expect(errorOf(() => forCases(cases))).toMatchObject({ code: 'ERR_LOAD_OPTIONS', message })
  })

  it.for<[string, unknown[], string[]]>([
    ['options after the body', ['x', body, {}], [order('{}')]],
    ['no body', ['x', { cookies: 'always' }], [noBody, cookies]],
    [
      'options that come later',
      ['x', async () => ({}), body],
      [`${noOptions} a promise. They are known before anything runs`],
    ],
  ])('refuses %s', ([, input, lines]) => {
    expect(errorOf(() => forCases([1])(...input))).toEqual(problemsIn("Scenario 'x'", ...lines))
  })

  it('refuses a name that is no text', () => {
    const what = 'Options of scenario without a usable name'
    expect(errorOf(() => forCases([1])(5, body))).toEqual(problemsIn(what, name('5')))
  })
})
