import { describe, expectTypeOf, it } from 'vitest'
import { csv, expectLatency, http, json, rows, scenario, session, step } from 'vitest-load'
import * as z from 'zod'

/** What flows from step to step of a shop's scenario: a row, a token, ids, a cookie. Whoever misspells it hears of it here. */
const User = z.object({ email: z.email(), password: z.string() })
const Token = z.object({ token: z.string(), expiresInSeconds: z.int() })
const Product = z.object({ id: z.string(), priceCents: z.int() })
const Order = z.object({ id: z.string(), status: z.enum(['confirmed', 'cancelled']) })
const OrderEvent = z.object({ orderId: z.string(), status: z.string().transform((text) => ({ text })) })

declare const users: z.infer<typeof User>[]

const steps = ['login', 'browse', 'order', 'follow'] as const

describe('a misspelt field does not compile', () => {
  it('of a data row', () => {
    scenario('login', { data: { user: rows(users) } }, async ({ data }) => {
      await http.post('/auth/login', { json: { email: data.user.email, password: data.user.password } })
      // @ts-expect-error -- misspelt: it is `password`
      await http.post('/auth/login', { json: { email: data.user.email, password: data.user.pasword } })
      // @ts-expect-error -- misspelt: it is `user`
      void data.usr
      // @ts-expect-error -- misspelt: it is `email`
      const { emial } = data.user
      void emial
    })
  })

  it('of a row of a file', () => {
    const data = {
      user: csv(new URL('./users.csv', import.meta.url), { schema: User, pick: 'unique', per: 'vu' }),
      product: json(new URL('./products.json', import.meta.url), { schema: Product }),
      voucher: csv('vouchers.csv', { columns: ['code', 'percentOff'] }),
    }
    scenario('login', { data }, async ({ data: { user, product, voucher } }) => {
      expectTypeOf(user).toEqualTypeOf<z.infer<typeof User>>()
      expectTypeOf(product.priceCents).toEqualTypeOf<number>()
      expectTypeOf(voucher.code).toEqualTypeOf<string>()
      // @ts-expect-error -- misspelt: it is `email`
      await http.post('/auth/login', { json: { email: user.emial } })
      // @ts-expect-error -- misspelt: it is `priceCents`
      void product.priceInCents
      // @ts-expect-error -- no such column
      void voucher.percent
    })
  })

  it('of what a step returns', async () => {
    const { token } = await step('login', () => http.post('/auth/login').expect(200).json(Token))
    expectTypeOf(token).toEqualTypeOf<string>()
    // @ts-expect-error -- misspelt: it is `token`
    const { tokn } = await step('login', () => http.post('/auth/login').expect(200).json(Token))
    void tokn
    const order = await step('order', async () => {
      const [product] = await http.get('/products').json(Product.array())
      return http
        .post('/orders', { json: { productId: product?.id }, bearer: token })
        .expect(201)
        .json(Order)
    })
    // @ts-expect-error -- misspelt: it is `id`
    void http.get('/orders/:id', { params: { id: order.ide } })
    // @ts-expect-error -- misspelt: it is 'confirmed'
    void (order.status === 'confirmd')
    const created = await step('session', () => http.post('/session').expect(201))
    expectTypeOf(created.header('set-cookie')).toEqualTypeOf<string | undefined>()
    // @ts-expect-error -- misspelt: it is `header`
    void created.heder
    const both = await step('both', async () => ({ order, token }))
    // @ts-expect-error -- misspelt within: it is `order.id`
    void both.order.identifier
  })

  it('of what a schema gives', async () => {
    const { expiresInSeconds } = await http.post('/auth/login').json(Token)
    expectTypeOf(expiresInSeconds).toEqualTypeOf<number>()
    const response = await http.get('/products/:id', { params: { id: 'p-1' } }).expect(200)
    const product = await response.json(Product)
    // @ts-expect-error -- misspelt: it is `priceCents`
    void product.priceCent
    const products = await http.get('/products').json(Product.array())
    // @ts-expect-error -- misspelt: it is `priceCents`
    for (const { pricecents } of products) void pricecents
    // @ts-expect-error -- one of many, which may be missing
    void products[0].id
    for await (const event of http.get('/orders/o-1/events').expect(200).events(OrderEvent)) {
      expectTypeOf(event.id).toEqualTypeOf<string | undefined>()
      expectTypeOf(event.data.status).toEqualTypeOf<{ text: string }>()
      // @ts-expect-error -- misspelt: it is `orderId`
      void event.data.orderID
      // @ts-expect-error -- what the schema takes, not what it gives
      void event.data.status.length
    }
  })

  it('of what is read out of an answer', async () => {
    const product = await http.get('/products').expect('2xx').jsonPath('$[0]', Product)
    expectTypeOf(product).toEqualTypeOf<z.infer<typeof Product>>()
    // @ts-expect-error -- misspelt: it is `priceCents`
    void product.price
    const prices = await http.get('/products').jsonPath('$[*].priceCents', z.array(z.number()))
    expectTypeOf(prices).toEqualTypeOf<number[]>()
    const { groups } = await http.get('/catalogue').match('p-1,(?<name>[^,]+),(?<category>[^,]+)')
    expectTypeOf(groups.name).toEqualTypeOf<string>()
    // @ts-expect-error -- misspelt: it is `category`
    void groups.categry
    const told = await http.get('/catalogue').match<'id'>(/product (?<id>\d+)/i)
    // @ts-expect-error -- not among the names that it was told
    void told.groups.name
    expectTypeOf(await http.get('/catalogue').css('td', { all: true })).toEqualTypeOf<string[]>()
    expectTypeOf(await http.get('/catalogue').xpath('count(//product)', { as: 'number' })).toEqualTypeOf<number>()
    expectTypeOf(await http.post('/orders').header('location')).toEqualTypeOf<string>()
    const { redirects } = await http.get('/old/lamp').expect({ status: 200, latency: '1s' })
    // @ts-expect-error -- misspelt: it is `status`
    void redirects[0]?.state
  })

  it('of many at once', async () => {
    const page = await http.all({
      product: () => http.get('/products/p-1').expect(200).json(Product),
      photo: () => http.get('/products/p-1/photo', { discardBody: true }).expect(200),
    })
    expectTypeOf(page.product.id).toEqualTypeOf<string>()
    expectTypeOf(page.photo.status).toEqualTypeOf<number>()
    // @ts-expect-error -- misspelt: it is `photo`
    void page.foto
    // @ts-expect-error -- misspelt within: it is `priceCents`
    void page.product.priceCts
    const [order, token] = await http.all([
      () => http.get('/orders/o-1').json(Order),
      () => http.get('/me').json(Token),
    ])
    // @ts-expect-error -- the other one has it
    void order.token
    expectTypeOf(token.token).toEqualTypeOf<string>()
  })

  it('of what it has not been told', async () => {
    const unchecked = await step('login', () => http.post('/auth/login').json())
    // @ts-expect-error -- without a schema nothing is known
    void unchecked.token
  })

  it('among the names of steps', () => {
    const shopping = scenario('shopping', { steps, data: { user: rows(users) } }, async (context) => {
      const { token } = await context.step('login', () => http.post('/auth/login').json(Token))
      await context.step('order', () => http.post('/orders', { bearer: token }).expect(201))
      // @ts-expect-error -- misspelt: it is 'browse'
      await context.step('browze', () => http.get('/products'))
    })
    expectLatency(shopping.step('order')).p(95).toBeBelow('1s')
    // @ts-expect-error -- misspelt: it is 'order'
    expectLatency(shopping.step('ordr')).p(95).toBeBelow('1s')
  })

  it('among the places of a path', () => {
    const id = 'p-1'
    void http.get('/products/:id', { params: { id } })
    // @ts-expect-error -- misspelt: it is `id`
    void http.get('/products/:id', { params: { ide: id } })
    // @ts-expect-error -- nothing is there to fill it
    void http.get('/products/:id')
  })
})

describe('what a virtual user keeps', () => {
  it('has the type that it was named with', async () => {
    const login = session<z.infer<typeof Token>>('login')
    const { token } = await login.getOrCreate(() => http.post('/auth/login').expect(200).json(Token))
    expectTypeOf(token).toEqualTypeOf<string>()
    expectTypeOf(login.get()).toEqualTypeOf<z.infer<typeof Token> | undefined>()
    // @ts-expect-error -- there may be none yet
    void login.get().token
    // @ts-expect-error -- misspelt: it is `token`
    void login.get()?.tokn
    // @ts-expect-error -- it is no text
    login.set('made up')
    // @ts-expect-error -- what is made is something else
    void login.getOrCreate(() => http.get('/orders/o-1').json(Order))
  })

  it('has the type that it was set up with', () => {
    const before = async (): Promise<{ campaign: string }> =>
      http.get('/campaign').json(z.object({ campaign: z.string() }))
    const setup = async (): Promise<{ token: string }> => http.post('/auth/login').json(Token)
    scenario('campaign', { before, setup }, ({ prepared, state }) => {
      expectTypeOf(prepared.campaign).toEqualTypeOf<string>()
      expectTypeOf(state.token).toEqualTypeOf<string>()
      // @ts-expect-error -- misspelt: it is `campaign`
      void prepared.campain
      // @ts-expect-error -- misspelt: it is `token`
      void state.tokn
    })
  })
})
