import { describe, expectTypeOf, it } from 'vitest'
import {
  type BodyContext,
  expectLatency,
  type Feeder,
  http,
  type HookContext,
  loadTest,
  rows,
  scenario,
  type ScenarioAPI,
  type ScenarioHandle,
  type ScenarioOptions,
  step,
  type VU,
} from 'vitest-load'

interface User {
  email: string
  password: string
}

declare const users: User[]
declare const frozenUsers: readonly User[]

const anything = (): unknown => undefined

describe('data', () => {
  it('gives rows of the type that the array has', () => {
    scenario('login', { data: { user: rows(users) } }, ({ data }) => {
      expectTypeOf(data).toEqualTypeOf<{ readonly user: User }>()
      expectTypeOf(data.user.email).toEqualTypeOf<string>()
      // @ts-expect-error -- misspelt: it is `email`
      void data.user.emial
      // @ts-expect-error -- misspelt: it is `user`
      void data.users
      // @ts-expect-error -- the row is chosen by the feeder
      data.user = { email: '', password: '' }
    })
    scenario('login', { data: { user: rows(frozenUsers, { pick: 'unique' }) } }, ({ data }) => {
      expectTypeOf(data.user).toEqualTypeOf<User>()
    })
  })

  it('keeps literals', () => {
    const inline = rows([{ q: 'lamp' }, { q: 'desk', limit: 5 }])
    scenario('search', { data: { search: inline, term: rows(['lamp', 'desk']) } }, ({ data }) => {
      expectTypeOf(data.search.q).toEqualTypeOf<'lamp' | 'desk'>()
      expectTypeOf(data.search.limit).toEqualTypeOf<5 | undefined>()
      expectTypeOf(data.term).toEqualTypeOf<'lamp' | 'desk'>()
    })
    const terms = ['lamp', 'desk'] as const
    expectTypeOf(rows(terms)).toEqualTypeOf<Feeder<'lamp' | 'desk'>>()
  })

  it('has every feeder under its own name', () => {
    scenario('shop', { data: { user: rows(users), size: rows([1, 2, 3]) } }, ({ data: { user, size } }) => {
      expectTypeOf(user).toEqualTypeOf<User>()
      expectTypeOf(size).toEqualTypeOf<1 | 2 | 3>()
    })
  })

  it('is empty without feeders', () => {
    scenario('browse', { load: { vus: 2 } }, ({ data }) => {
      // @ts-expect-error -- nothing feeds it
      void data.user
    })
    scenario('browse', ({ data }) => {
      // @ts-expect-error -- nothing feeds it
      void data.user
    })
  })

  it('takes feeders only', () => {
    // @ts-expect-error -- an array is not a feeder: `rows(users)` is
    scenario('login', { data: { user: users } }, anything)
    // @ts-expect-error -- misspelt: it is 'shuffle'
    rows(users, { pick: 'shuffled' })
    // @ts-expect-error -- an object is not an array of rows
    rows({ user: 'ann' })
  })

  it('stays typed when the options are declared apart', () => {
    const constant = { load: { vus: 2 }, data: { user: rows(users) }, steps: ['login', 'browse'] } as const
    const shop = scenario('shop', constant, async ({ data, step: typed }) => {
      expectTypeOf(data.user).toEqualTypeOf<User>()
      await typed('login', anything)
      // @ts-expect-error -- misspelt: it is 'login'
      await typed('logn', anything)
    })
    // @ts-expect-error -- misspelt: it is 'browse'
    shop.step('brwse')
    const widened = { data: { user: rows(users) }, before: async () => ({ token: 't' }) }
    scenario('shop', widened, ({ data, prepared }) => {
      expectTypeOf(data.user).toEqualTypeOf<User>()
      expectTypeOf(prepared).toEqualTypeOf<{ token: string }>()
    })
  })
})

describe('hooks', () => {
  it('hand what `before` returns to the body and to `after`', () => {
    const after = ({ prepared }: { prepared: { token: string } }): unknown => prepared
    scenario('admin', { before: () => ({ token: 't' }), after }, ({ prepared, state }) => {
      expectTypeOf(prepared).toEqualTypeOf<{ token: string }>()
      expectTypeOf(state).toEqualTypeOf<undefined>()
      // @ts-expect-error -- misspelt: it is `token`
      void prepared.tokn
    })
    scenario('admin', { before: async () => 'token' }, ({ prepared }) => {
      expectTypeOf(prepared).toEqualTypeOf<string>()
    })
    scenario('admin', { before: () => http.get('/token').expect(200).text() }, ({ prepared }) => {
      expectTypeOf(prepared).toEqualTypeOf<string>()
    })
  })

  it('hand what `setup` returns to the body and to `teardown`', () => {
    scenario(
      'cart',
      {
        setup: async ({ vu, http: own }) => ({ name: vu.uniqueId(), answer: await own.get('/').text() }),
        teardown: ({ state }) => expectTypeOf(state).toEqualTypeOf<{ name: string; answer: string }>(),
      },
      ({ state, prepared }) => {
        expectTypeOf(state).toEqualTypeOf<{ name: string; answer: string }>()
        expectTypeOf(prepared).toEqualTypeOf<undefined>()
      },
    )
  })

  it('go together, beside data and steps', () => {
    scenario(
      'all',
      {
        load: { vus: 2, duration: '10s' },
        data: { user: rows(users) },
        steps: ['login'],
        before: async () => ({ token: 't' }),
        setup: ({ prepared }) => {
          expectTypeOf(prepared).toEqualTypeOf<{ token: string }>()
          return prepared.token.length
        },
        teardown: (context) => {
          expectTypeOf(context.prepared).toEqualTypeOf<{ token: string }>()
          expectTypeOf(context.state).toEqualTypeOf<number>()
          expectTypeOf(context.vu).toEqualTypeOf<VU>()
          expectTypeOf(context.http).toEqualTypeOf<typeof http>()
        },
        after: ({ prepared }) => expectTypeOf(prepared).toEqualTypeOf<{ token: string }>(),
      },
      async ({ data, prepared, state, step: typed }) => {
        expectTypeOf(data.user).toEqualTypeOf<User>()
        expectTypeOf(prepared).toEqualTypeOf<{ token: string }>()
        expectTypeOf(state).toEqualTypeOf<number>()
        return typed('login', () => state)
      },
    )
  })

  it('keep the type of `prepared` when `before` comes last', () => {
    const options = { setup: ({ prepared }: HookContext<string>) => prepared.length, before: () => 'token' }
    scenario('late', { setup: ({ prepared }) => prepared.length, before: () => 'token' }, ({ state }) => {
      expectTypeOf(state).toEqualTypeOf<number>()
    })
    scenario('late', options, ({ state }) => {
      expectTypeOf(state).toEqualTypeOf<number>()
    })
  })

  it('know nothing that was not prepared', () => {
    scenario('bare', ({ prepared, state }) => {
      expectTypeOf(prepared).toEqualTypeOf<undefined>()
      expectTypeOf(state).toEqualTypeOf<undefined>()
    })
    // @ts-expect-error -- `before` runs once per run: there is no virtual user yet
    scenario('bare', { before: (context: HookContext<undefined>) => context.vu.id }, anything)
    // @ts-expect-error -- `after` runs once per run: there is no virtual user any more
    scenario('bare', { after: (context: HookContext) => context.vu.id }, anything)
  })
})

describe('the names of steps', () => {
  it('are free without `steps`', () => {
    const free = scenario('free', async (context) => {
      await context.step('whatever', anything)
    })
    expectTypeOf(free).toEqualTypeOf<ScenarioHandle>()
    expectLatency(free.step('whatever')).p(95).toBeBelow('1s')
  })

  it('are those of `steps` where they are listed', () => {
    const shop = scenario('shop', { steps: ['login', 'check out', 'pay'] }, async (context) => {
      expectTypeOf(context.step).parameter(0).toEqualTypeOf<'login' | 'check out' | 'pay'>()
      expectTypeOf(context.step('pay', () => 1)).toEqualTypeOf<Promise<number>>()
      // @ts-expect-error -- misspelt: it is 'check out'
      await context.step('checkout', anything)
    })
    expectLatency(shop.step('login')).p(95).toBeBelow('1s')
    // @ts-expect-error -- misspelt: it is 'login'
    shop.step('Login')
    shop.request('GET /products/:id')
  })

  it('make up the paths of nested steps', () => {
    const shop = scenario('shop', { steps: ['checkout', 'pay', 'confirm'] }, anything)
    shop.step('checkout > pay')
    shop.step('checkout > pay > confirm')
    // @ts-expect-error -- misspelt in front: it is 'checkout'
    shop.step('chekout > pay')
    // @ts-expect-error -- misspelt at the end: it is 'pay'
    shop.step('checkout > pya')
    // @ts-expect-error -- a path is joined by ' > '
    shop.step('checkout/pay')
  })

  it('stay free for the imported `step`', () => {
    void step('any', anything)
  })
})

describe('scenario', () => {
  it('takes a body that returns anything', () => {
    scenario('void', () => {})
    scenario('value', () => 1)
    scenario('promise', async () => ({ id: 1 }))
    scenario('request', () => http.get('/'))
    scenario('with options', { cookies: 'vu' }, async () => vuNumber)
    // @ts-expect-error -- the body is missing
    scenario('nothing', { load: { vus: 1 } })
    // @ts-expect-error -- a promise has started already: a body is a function
    scenario('started', { load: { vus: 1 } }, Promise.resolve())
  })

  it('refuses options that it does not know', () => {
    // @ts-expect-error -- misspelt: it is `load`
    scenario('typo', { loads: { vus: 1 } }, anything)
    // @ts-expect-error -- misspelt beside options that are right
    scenario('typo', { load: { vus: 1 }, data: { user: rows(users) }, beforeAll: () => 1 }, anything)
    // @ts-expect-error -- 'iteration', 'vu' or 'none'
    scenario('typo', { cookies: 'fresh' }, anything)
    // @ts-expect-error -- `errorRate` and `checks` hold implicitly, latency does not
    scenario('typo', { slo: { latency: '1s' } }, anything)
    // @ts-expect-error -- names of steps are strings
    scenario('typo', { steps: [1, 2] }, anything)
  })

  it('has a chain of the same type throughout', () => {
    expectTypeOf(scenario.skip.only.concurrent.skipIf(true).runIf('x')).toEqualTypeOf<ScenarioAPI>()
    expectTypeOf(scenario.only.for).toEqualTypeOf<ScenarioAPI['for']>()
    const skipped = scenario.skip.runIf(process.env['CI'])('login', { data: { user: rows(users) } }, ({ data }) => {
      expectTypeOf(data.user).toEqualTypeOf<User>()
    })
    expectTypeOf(skipped).toEqualTypeOf<ScenarioHandle>()
    expectTypeOf(scenario.todo('later')).toEqualTypeOf<ScenarioHandle>()
    // @ts-expect-error -- only what is still to be written goes without a body
    scenario.skip('later')
    // @ts-expect-error -- a load is not repeated by a test's modifier
    void scenario.repeats
  })

  it('goes by the name of `loadTest` too', () => {
    expectTypeOf(loadTest).toEqualTypeOf<typeof scenario>()
  })
})

describe('scenario.for', () => {
  it('gives each case to options and body, with its type', () => {
    const cases = [
      { vus: 1, path: '/a' },
      { vus: 5, path: '/b' },
    ]
    const handles = scenario.for(cases)(
      '$path with $vus VUs',
      (item) => ({ load: { vus: item.vus }, data: { user: rows(users) }, before: () => item.path, steps: ['get'] }),
      async (item, { data, prepared, step: typed }) => {
        expectTypeOf(item).toEqualTypeOf<{ vus: number; path: string }>()
        expectTypeOf(data.user).toEqualTypeOf<User>()
        expectTypeOf(prepared).toEqualTypeOf<string>()
        await typed('get', anything)
        // @ts-expect-error -- misspelt: it is 'get'
        await typed('gte', anything)
        // @ts-expect-error -- misspelt: it is `path`
        void item.pth
      },
    )
    expectTypeOf(handles).toExtend<ScenarioHandle<'get'>[]>()
    // @ts-expect-error -- misspelt: it is 'get'
    handles[0]?.step('gte')
  })

  it('keeps literals and tuples', () => {
    scenario.for(['/a', '/b'])('%s', (path) => expectTypeOf(path).toEqualTypeOf<'/a' | '/b'>())
    scenario.for([
      [1, 'a'],
      [2, 'b'],
    ])('%s', (row) => expectTypeOf(row).toEqualTypeOf<readonly [1, 'a'] | readonly [2, 'b']>())
  })

  it('shares options that are the same for all cases', () => {
    scenario.for(users)('$email', { before: () => 1, setup: ({ prepared }) => `${prepared}` }, (user, context) => {
      expectTypeOf(user).toEqualTypeOf<User>()
      expectTypeOf(context.prepared).toEqualTypeOf<number>()
      expectTypeOf(context.state).toEqualTypeOf<string>()
    })
    // @ts-expect-error -- misspelt: it is `load`
    scenario.for(users)('$email', { loads: { vus: 1 } }, anything)
    // @ts-expect-error -- misspelt in what the function returns: it is `load`
    scenario.for(users)('$email', () => ({ loads: { vus: 1 } }), anything)
    // @ts-expect-error -- `vus` is a number
    scenario.for(users)('$email', (user) => ({ load: { vus: user.email } }), anything)
  })

  it('fits a chain', () => {
    expectTypeOf(scenario.skip.for(users)('$email', anything)).toEqualTypeOf<ScenarioHandle[]>()
  })
})

describe('types for helpers', () => {
  it('name the context that any scenario passes on', () => {
    const login = async ({ http: own, vu }: BodyContext): Promise<string> =>
      own.get('/login', { query: { id: vu.id } }).text()
    scenario('shop', { data: { user: rows(users) }, before: () => 1, setup: () => 'state' }, (context) =>
      login(context),
    )
    scenario('bare', (context) => login(context))
    const close = ({ http: own }: HookContext): unknown => own.delete('/session')
    scenario('shop', { before: () => 1, teardown: close }, anything)
  })

  it('name options that scenarios share', () => {
    const shared: ScenarioOptions = { load: { vus: 2 }, cookies: 'vu', slo: { errorRate: '5%', checks: false } }
    scenario('shop', { ...shared, data: { user: rows(users) } }, ({ data }) => {
      expectTypeOf(data.user).toEqualTypeOf<User>()
    })
    scenario('shop', shared, anything)
    const result: ReturnType<typeof scenario> = scenario('shop', shared, anything)
    expectTypeOf(result).toEqualTypeOf<ScenarioHandle>()
  })
})

declare const vuNumber: number
