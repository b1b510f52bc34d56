import { describe, expect, it } from 'vitest'
import { Session, type CookieScope } from './session.ts'
import { defineSlot } from './slot.ts'

function createSession(vuId: number = 1, cookieScope: CookieScope = 'iteration'): Session {
  return new Session({ vuId, scenario: 'shopping', runId: 'r1', cookieScope, signal: new AbortController().signal })
}

const site = ['http://shop.test', '/'] as const

describe('Session', () => {
  it('repeats its random sequence for the same seed', () => {
    const [left, right] = [createSession(1), createSession(2)]
    left.beginIteration(0, 42)
    right.beginIteration(7, 42)
    expect([left.random(), left.random()]).toEqual([right.random(), right.random()])
    left.beginIteration(1, 43)
    right.beginIteration(1, 42)
    expect(left.random()).not.toBe(right.random())
  })

  it('gives ids that differ by virtual user and call', () => {
    const ids = [1, 2].flatMap((vuId) => {
      const session = createSession(vuId)
      return [0, 1].flatMap((iteration) => {
        session.beginIteration(iteration, 1)
        return [session.uniqueId(), session.uniqueId()]
      })
    })
    expect(new Set(ids).size).toBe(8)
    expect(ids[0]).toBe('r1-1-1')
  })

  it('forgets cookies between iterations unless they belong to the virtual user', () => {
    for (const [scope, kept] of [
      ['iteration', undefined],
      ['vu', 'a=1'],
    ] as const) {
      const session = createSession(1, scope)
      session.beginIteration(0, 1)
      session.cookies.store('a=1', ...site)
      expect(session.cookies.headerFor(...site)).toBe('a=1')
      session.beginIteration(1, 2)
      expect(session.cookies.headerFor(...site)).toBe(kept)
    }
  })

  it('keeps the objects of other layers', async () => {
    const session = createSession()
    const [slot, sameName] = [defineSlot<number>('client'), defineSlot<number>('client')]
    session.set(slot, 5)
    expect([session.get(slot), session.get(sameName)]).toEqual([5, undefined])
    expect(session.closed).toBe(false)
    await session.close()
    expect(session.closed).toBe(true)
  })

  it('closes everything once, whatever throws', async () => {
    const session = createSession()
    const closed: string[] = []
    session.onClose(() => {
      closed.push('first')
      throw new Error('first')
    })
    session.onClose(async () => {
      closed.push('second')
      throw new Error('second')
    })
    session.onClose(() => void closed.push('third'))
    await session.close()
    await session.close()
    expect(closed).toEqual(['first', 'second', 'third'])
  })
})
