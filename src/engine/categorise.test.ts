import { AssertionError } from 'node:assert'
import { describe, expect, it } from 'vitest'
import { outcomes } from '../metrics/series.ts'
import { CategorisedError, LoadError } from '../shared/errors.ts'
import { categorise, isCounted, outcomeOf } from './categorise.ts'

describe('categorise', () => {
  it.for([
    [new Error('boom'), 'script', 'boom'],
    [new CategorisedError('ERR_LOAD_SCHEMA', 'schema', 'no id'), 'schema', 'no id'],
    [new AssertionError({ message: 'not equal' }), 'assertion', 'not equal'],
    [new LoadError('ERR_LOAD_DATA_EXHAUSTED', 'no row'), 'script', 'no row'],
    [Object.assign(new Error('x'), { category: 'nonsense' }), 'script', 'x'],
    ['text', 'script', 'text'],
    [undefined, 'script', 'undefined'],
    [null, 'script', 'null'],
    [new Error(''), 'script', 'no message'],
  ] as const)('takes %o for %s', ([thrown, category, message]) => {
    expect(categorise(thrown)).toEqual({ category, message })
  })

  it("knows the failures of Vitest's expect", () => {
    const fail = (): void => expect(1).toBe(2)
    expect(fail).toThrow(expect.objectContaining({ name: 'AssertionError' }))
    try {
      fail()
    } catch (error) {
      expect(categorise(error).category).toBe('assertion')
    }
  })
})

describe('what follows from a failure', () => {
  it('is its outcome', () => {
    expect((['timeout', 'aborted', 'reset', 'script'] as const).map(outcomeOf)).toEqual([
      outcomes.timeout,
      outcomes.aborted,
      outcomes.failed,
      outcomes.failed,
    ])
  })

  it('is whether it was counted', () => {
    expect(isCounted(new CategorisedError('ERR_LOAD_REQUEST', 'reset', 'x', { counted: true }))).toBe(true)
    for (const thrown of [
      new CategorisedError('ERR_LOAD_REQUEST', 'reset', 'x'),
      new Error('x'),
      null,
      'counted',
      { counted: 1 },
    ])
      expect(isCounted(thrown)).toBe(false)
  })
})
