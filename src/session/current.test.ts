import { afterEach, describe, expect, it } from 'vitest'
import { createRootFrame, openStepFrame, currentFrame, frames, requireFrame, setFrameFallback } from './current.ts'
import { Session } from './session.ts'

const session = new Session({
  vuId: 1,
  scenario: 'a',
  runId: 'r',
  cookieScope: 'vu',
  signal: new AbortController().signal,
})

describe('the current frame', () => {
  afterEach(() => setFrameFallback(undefined))

  it('is the innermost, over await', async () => {
    const root = createRootFrame(session)
    const step = openStepFrame(root, 'pay')
    await frames.run(root, async () => {
      expect(requireFrame('step()')).toBe(root)
      await frames.run(step, async () => {
        await Promise.resolve()
        expect(currentFrame()).toBe(step)
      })
      expect(currentFrame()).toBe(root)
    })
  })

  it('has the path of the steps around it', () => {
    const outer = openStepFrame(createRootFrame(session), 'checkout')
    expect([outer.path, openStepFrame(outer, 'pay').path]).toEqual(['checkout', 'checkout > pay'])
    expect(openStepFrame(outer, 'pay').scope).toBe(outer.scope)
  })

  it('may come from the fallback', () => {
    const root = createRootFrame(session)
    setFrameFallback(() => root)
    expect(currentFrame()).toBe(root)
  })

  it('is missed outside of a scenario', () => {
    expect(currentFrame()).toBeUndefined()
    expect(() => requireFrame("step('login')")).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: step('login') was called outside of a scenario: there is no virtual user it could belong to. Call it in the body of a scenario or of a test.]`,
    )
  })
})
