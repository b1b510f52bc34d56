import { describe, expect, it } from 'vitest'
import { createRootFrame, frames } from './current.ts'
import { Session } from './session.ts'
import { session } from './values.ts'

function createUser(vuId: number): Session {
  const { signal } = new AbortController()
  return new Session({ vuId, scenario: 'test', runId: 'run', cookieScope: 'iteration', signal })
}

function as<Value>(user: Session, body: () => Value): Value {
  return frames.run(createRootFrame(user), body)
}

describe('a value of the session', () => {
  it('is kept over iterations, by each user for itself', () => {
    const token = session<string>('token')
    const ann = createUser(1)
    as(ann, () => token.set('a'))
    ann.beginIteration(1, 1)
    expect(as(ann, () => token.get())).toBe('a')
    // Wherever it is declared, a name is one value.
    expect(as(ann, () => session<string>('token').get())).toBe('a')
    expect(as(createUser(2), () => token.get())).toBeUndefined()
    as(ann, () => token.delete())
    expect(as(ann, () => token.get())).toBeUndefined()
  })

  it('is made once, however many wait for it', async () => {
    const cart = session<{ id: number }>('cart')
    const ann = createUser(1)
    let made = 0
    const create = async (): Promise<{ id: number }> => {
      await Promise.resolve()
      return { id: (made += 1) }
    }
    const carts = await as(ann, () => Promise.all([1, 2, 3].map(() => cart.getOrCreate(create))))
    expect(carts).toEqual([{ id: 1 }, { id: 1 }, { id: 1 }])
    expect(await as(ann, () => cart.getOrCreate(create))).toEqual({ id: 1 })
    expect(await as(createUser(2), () => cart.getOrCreate(() => ({ id: 9 })))).toEqual({ id: 9 })
  })

  it('is not kept where making it fails, for whoever waits', async () => {
    const token = session<string>('token')
    const ann = createUser(1)
    const fail = (): never => {
      throw new Error('no login')
    }
    const both = as(ann, () => Promise.allSettled([token.getOrCreate(fail), token.getOrCreate(() => 'late')]))
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await as(ann, () => token.getOrCreate(() => 'good'))).toBe('good')
  })

  it('is what was set or deleted while another was made', async () => {
    const token = session<string>('token')
    const ann = createUser(1)
    const made = as(ann, () => token.getOrCreate(async () => 'old'))
    as(ann, () => token.set('new'))
    expect(await made).toBe('old')
    expect(as(ann, () => token.get())).toBe('new')
    as(ann, () => token.delete())
    const again = as(ann, () => token.getOrCreate(async () => 'old'))
    as(ann, () => token.delete())
    await again
    expect(as(ann, () => token.get())).toBeUndefined()
  })

  it('has a name, and belongs to somebody', async () => {
    expect(() => session('')).toThrow(/a name that is not empty/)
    const making = as(createUser(1), () => session<string>('token').getOrCreate('abc' as never))
    await expect(making).rejects.toThrow("session('token').getOrCreate() takes a function that makes the value")
    expect(() => session<string>('token').get()).toThrow("session('token') was called outside of a scenario")
  })
})
