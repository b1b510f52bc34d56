import { AssertionError } from 'node:assert'
import { describe, expect, it } from 'vitest'
import { outcomes } from '../metrics/series.ts'
import { createRootFrame, type Frame } from '../session/current.ts'
import { Session } from '../session/session.ts'
import { CategorisedError, LoadError } from '../shared/errors.ts'
import { categorise, excerptOfThrown, isCounted, outcomeOf, outcomeOfRequests } from './categorise.ts'

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

  it('knows those of matchers that a user has added, and of `expect.poll`', async () => {
    expect.extend({ toBeEven: (value: number) => ({ pass: value % 2 === 0, message: () => `${value} is odd` }) })
    const added = expect(3) as unknown as { toBeEven: () => void }
    const failures = [
      async () => added.toBeEven(),
      async () => await expect.poll(() => 1, { timeout: 1, interval: 1 }).toBe(2),
      async () => await expect(Promise.resolve(1)).rejects.toThrow(),
    ]
    for (const fail of failures) {
      const thrown: unknown = await fail().catch((error: unknown) => error)
      expect(categorise(thrown).category).toBe('assertion')
    }
  })

  it('says of equal failures what they have in common', () => {
    const row = { message: 'no id', excerpt: '{}' }
    const thrown = new CategorisedError('ERR_LOAD_EXTRACTION', 'extraction', 'no id in {}', { row })
    expect(categorise(thrown)).toEqual({ category: 'extraction', message: 'no id' })
    expect(excerptOfThrown(thrown)).toBe('{}')
    expect(Object.getOwnPropertyNames(thrown)).not.toContain('row')
  })
})

function createTestFrame(): Frame {
  const { signal } = new AbortController()
  return createRootFrame(new Session({ vuId: 1, scenario: 'x', runId: 'r', cookieScope: 'vu', signal }))
}

describe('what follows from a failure', () => {
  it('is its outcome', () => {
    const frame = createTestFrame()
    const categories = ['timeout', 'aborted', 'reset', 'script'] as const
    expect(categories.map((category) => outcomeOf(category, frame))).toEqual([
      outcomes.timeout,
      outcomes.aborted,
      outcomes.failed,
      outcomes.failed,
    ])
    frame.timedOut = true
    expect(outcomeOf('script', frame)).toBe(outcomes.timeout)
  })

  it('is found through the causes of an error that wraps it', () => {
    const cause = new CategorisedError('ERR_LOAD_REQUEST', 'timeout', 'x', { counted: true })
    const wrapped = new Error('login failed', { cause: new Error('no answer', { cause }) })
    expect(categorise(wrapped)).toEqual({ category: 'timeout', message: 'login failed' })
    expect(isCounted(wrapped)).toBe(true)
  })

  it('is that of its requests where nothing was thrown', () => {
    const frame = createTestFrame()
    expect(outcomeOfRequests(frame)).toBe(outcomes.ok)
    frame.failedRequests = 1
    expect(outcomeOfRequests(frame)).toBe(outcomes.failed)
    frame.timedOut = true
    expect(outcomeOfRequests(frame)).toBe(outcomes.timeout)
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
