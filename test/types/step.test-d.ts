import { describe, expectTypeOf, it } from 'vitest'
import { check, http, scenario, step, think, vu, type VU } from 'vitest-load'
import * as z from 'zod'

interface Cart {
  readonly id: string
  readonly total: number
}

declare const cart: Cart
declare const expensive: boolean
declare const maybe: Cart | undefined

describe('step', () => {
  it('returns what its function returns', () => {
    expectTypeOf(step('value', () => cart)).toEqualTypeOf<Promise<Cart>>()
    expectTypeOf(step('promise', async () => cart)).toEqualTypeOf<Promise<Cart>>()
    expectTypeOf(step('nothing', () => {})).toEqualTypeOf<Promise<void>>()
    expectTypeOf(step('either', async () => (expensive ? cart : undefined))).toEqualTypeOf<Promise<Cart | undefined>>()
    expectTypeOf(step('tuple', () => [cart, 1] as const)).toEqualTypeOf<Promise<readonly [Cart, 1]>>()
    expectTypeOf(step('outer', () => step('inner', () => cart))).toEqualTypeOf<Promise<Cart>>()
  })

  it('unwraps a pending request to its response or what was read of it', async () => {
    const response = await step('response', () => http.get('/cart').expect(200))
    expectTypeOf(response.status).toEqualTypeOf<number>()
    expectTypeOf(response.timings.waiting).toEqualTypeOf<number>()
    const parsed = await step('parsed', () => http.get('/cart').json(z.object({ total: z.number() })))
    expectTypeOf(parsed).toEqualTypeOf<{ total: number }>()
  })

  it('knows the fields of its result', async () => {
    const result = await step('cart', () => cart)
    expectTypeOf(result.total).toEqualTypeOf<number>()
    // @ts-expect-error -- misspelt: it is `total`
    void result.totl
    const { id } = await step('id', async () => cart)
    expectTypeOf(id).toEqualTypeOf<string>()
    // @ts-expect-error -- a cart has no `token`
    const { token } = await step('token', async () => cart)
    void token
  })

  it('does the same in the context of a body', () => {
    scenario('cart', async (context) => {
      expectTypeOf(context.step('value', () => cart)).toEqualTypeOf<Promise<Cart>>()
      expectTypeOf(await context.step('request', () => context.http.get('/cart').text())).toEqualTypeOf<string>()
      expectTypeOf(context.step).parameter(0).toEqualTypeOf<string>()
      expectTypeOf(context.check).toEqualTypeOf<typeof check>()
      expectTypeOf(context.think).toEqualTypeOf<typeof think>()
      expectTypeOf(context.vu).toEqualTypeOf<VU>()
    })
  })

  it('takes a name and a function', () => {
    // @ts-expect-error -- the name is missing
    void step(() => cart)
    // @ts-expect-error -- the work is a function, so that it starts when the step does
    void step('cart', http.get('/cart'))
  })
})

describe('vu', () => {
  it('has a `fail` that never returns', () => {
    expectTypeOf(vu.fail('no cart')).toEqualTypeOf<never>()
    expectTypeOf(maybe ?? vu.fail('no cart')).toEqualTypeOf<Cart>()
  })

  it('narrows what follows a `fail`', () => {
    if (maybe === undefined) vu.fail('no cart')
    expectTypeOf(maybe).toEqualTypeOf<Cart>()
  })

  it('is read-only', () => {
    expectTypeOf(vu.id).toEqualTypeOf<number>()
    expectTypeOf(vu.signal).toEqualTypeOf<AbortSignal>()
    expectTypeOf(vu.uniqueId()).toEqualTypeOf<string>()
    // @ts-expect-error -- numbers of virtual users are given, not taken
    vu.id = 2
  })
})

describe('check and think', () => {
  it('says whether the condition holds, whatever it is', () => {
    expectTypeOf(check('has a cart', maybe?.id)).toEqualTypeOf<boolean>()
    // @ts-expect-error -- a check has a name
    check(maybe !== undefined)
  })

  it('takes durations', () => {
    expectTypeOf(think('1s', 3000)).toEqualTypeOf<Promise<void>>()
    // @ts-expect-error -- a duration is a string or a number of milliseconds
    void think({ seconds: 1 })
  })
})
