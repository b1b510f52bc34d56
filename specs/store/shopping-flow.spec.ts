import { expect } from 'vitest'
import { check, expectErrorRate, expectLatency, http, rows, scenario, step, think, vu } from 'vitest-load'
import { Cart, Order, Product, Token } from '../../examples/store/schemas.ts'
import { users } from '../../examples/store/users.ts'

const options = { load: { vus: 20, duration: '15s' }, data: { user: rows(users, { pick: 'shuffle' }) } } as const

const shopping = scenario('shopping flow', options, async ({ data }) => {
  const { token } = await step('login', () => http.post('/auth/login', { json: data.user }).expect(200).json(Token))
  const products = await step('browse', () =>
    http
      .get('/products', { query: { q: 'lamp' } })
      .expect(200)
      .json(Product.array()),
  )
  await think('100ms', '500ms')

  const product = products[0] ?? vu.fail('there is no lamp in the store')
  const cart = await step('add to cart', () =>
    http
      .post('/cart/items', { json: { productId: product.id }, bearer: token })
      .expect(201)
      .json(Cart),
  )
  check(
    'the cart holds the product',
    cart.items.some((item) => item.productId === product.id),
  )
  await think('100ms', '500ms')

  const order = await step('checkout', () =>
    http
      .post('/orders', { bearer: token, headers: { 'idempotency-key': vu.uniqueId() } })
      .expect(201)
      .json(Order),
  )
  expect(order.status).toBe('confirmed')
})

expectLatency(shopping.step('checkout')).p(95).toBeBelow('500ms')
expectLatency(shopping).p(95).toBeBelow('2s')
expectErrorRate(shopping).toBeBelow('0.5%')
