import { describe, expect, it } from 'vitest'
import { CategorisedError, deserializeError, invariant, LoadError, serializeError, throwProblems } from './errors.ts'

describe('serializeError', () => {
  it('survives structuredClone with name, code and stack', () => {
    const error = new LoadError('ERR_LOAD_URL', 'Not a URL.')
    const back = deserializeError(structuredClone(serializeError(error)))
    expect(back).toMatchObject({ name: 'LoadError', code: 'ERR_LOAD_URL', message: 'Not a URL.', stack: error.stack })
  })

  it('takes anything that was thrown', () => {
    expect(serializeError('text')).toMatchObject({ name: 'Error', code: '', message: 'text' })
    expect(serializeError(undefined)).toMatchObject({ message: 'undefined' })
    expect(serializeError(Object.assign(new TypeError('x'), { code: 5 }))).toMatchObject({
      name: 'TypeError',
      code: '',
    })
  })
})

describe('throwProblems', () => {
  it('throws nothing without a problem', () => {
    expect(() => throwProblems('Options', [])).not.toThrow()
  })

  it('lists all problems in one error', () => {
    expect(() => throwProblems('Options', ['a: wrong', 'b: missing'])).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Options: 2 problems.
        - a: wrong
        - b: missing]
    `)
  })
})

describe('invariant', () => {
  it('marks a broken assumption as our own bug', () => {
    expect(() => invariant(true, 'all is well')).not.toThrow()
    expect(() => invariant(false, 'a segment has an index')).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: vitest-load broke its own assumption: a segment has an index. This is a bug in vitest-load: please report it.]`,
    )
  })
})

describe('CategorisedError', () => {
  it('knows its category, its cause and whether it was counted', () => {
    const cause = new Error('inner')
    expect(new CategorisedError('ERR_LOAD_REQUEST', 'reset', 'gone', { cause })).toMatchObject({
      category: 'reset',
      counted: false,
      cause,
    })
    expect(new CategorisedError('ERR_LOAD_REQUEST', 'reset', 'gone', { counted: true }).counted).toBe(true)
  })
})
