import { csv, generated, json, rows, scenario, streamed, type Feeder } from 'vitest-load'
import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'

const User = z.object({ email: z.string(), age: z.coerce.number() })

describe('a row', () => {
  it('is what the schema of its file makes', () => {
    const data = {
      user: csv('users.csv', { schema: User, pick: 'unique', onEnd: 'stop' }),
      product: json('products.json', { schema: z.object({ id: z.int() }), path: 'products' }),
    }
    scenario('login', { data }, ({ data: { user, product } }) => {
      expectTypeOf(user).toEqualTypeOf<{ email: string; age: number }>()
      expectTypeOf(product.id).toEqualTypeOf<number>()
      // @ts-expect-error -- misspelt: it is `email`
      void user.emial
    })
  })

  it('has texts for columns without a schema, those that are named by their names', () => {
    expectTypeOf(csv('users.csv')).toEqualTypeOf<Feeder<Readonly<Record<string, string>>>>()
    const named = csv(new URL('users.csv', import.meta.url), { columns: ['email', 'password'] })
    expectTypeOf(named).toEqualTypeOf<Feeder<Readonly<Record<'email' | 'password', string>>>>()
    scenario('login', { data: { user: named } }, ({ data }) => {
      expectTypeOf(data.user.email).toEqualTypeOf<string>()
      // @ts-expect-error -- misspelt: it is `password`
      void data.user.pasword
    })
    expectTypeOf(json('products.json')).toEqualTypeOf<Feeder<unknown>>()
  })

  it('is what a function or a source gives', () => {
    const data = {
      made: generated(({ index, random, uniqueId }) => ({ id: index, part: random(), key: uniqueId() })),
      later: generated(async () => ({ id: await Promise.resolve(1) })),
      read: streamed(async function* ({ signal, thread, threads }) {
        yield { id: thread % threads, aborted: signal.aborted }
      }),
    }
    scenario('buy', { data }, ({ data: { made, later, read } }) => {
      expectTypeOf(made).toEqualTypeOf<{ id: number; part: number; key: string }>()
      expectTypeOf(later.id).toEqualTypeOf<number>()
      expectTypeOf(read).toEqualTypeOf<{ id: number; aborted: boolean }>()
      // @ts-expect-error -- misspelt: it is `aborted`
      void read.abortd
    })
  })

  it('may come from a feeder of one’s own', () => {
    const own: Feeder<{ id: number }> = { rowIndex: ({ vuId }) => vuId, row: (index) => ({ id: index }) }
    scenario('own', { data: { own } }, ({ data }) => expectTypeOf(data.own).toEqualTypeOf<{ id: number }>())
  })
})

it('takes known ways to hand out rows only', () => {
  // @ts-expect-error -- misspelt: it is 'stop'
  rows([1], { onEnd: 'stops' })
  // @ts-expect-error -- it is 'vu'
  csv('users.csv', { per: 'user' })
  // @ts-expect-error -- misspelt: it is `delimiter`
  csv('users.csv', { delimeter: ';' })
  // @ts-expect-error -- a source is called, once in each thread
  streamed([1, 2])
})
