import { expect } from 'vitest'
import { check, expectErrorRate, expectLatency, http, rows, scenario, step, think, vu } from 'vitest-load'
import { Cart, Order, Product } from '../../examples/store/schemas.ts'
import { register } from './customers.ts'

const wishes = [
  { q: 'lamp', quantity: 1 },
  { q: 'oak chair', quantity: 4 },
  { q: 'desk', quantity: 1 },
  { q: 'vase', quantity: 2 },
]
const options = { load: { vus: 20, duration: '8s' }, data: { wish: rows(wishes, { pick: 'random' }) } } as const

const shopping = scenario('shopping flow', options, async ({ data: { wish } }) => {
  const token = await register()
  const products = await step('browse', () =>
    http
      .get('/products', { query: { q: wish.q } })
      .expect(200)
      .json(Product.array()),
  )
  await think('100ms', '500ms')

  const product = products[0] ?? vu.fail(`there is no ${wish.q} in the store`)
  const cart = await step('add to cart', () =>
    http
      .post('/cart/items', { json: { productId: product.id, quantity: wish.quantity }, bearer: token })
      .expect(201)
      .json(Cart),
  )
  check('the cart has the price of the product', cart.totalCents === wish.quantity * product.priceCents)
  await think('100ms', '500ms')

  const order = await step('checkout', () =>
    http
      .post('/orders', { bearer: token, headers: { 'idempotency-key': vu.uniqueId() } })
      .expect(201)
      .json(Order),
  )
  expect(order.status).toBe('confirmed')
  check('the order is the cart', order.totalCents === cart.totalCents)
})

expectLatency(shopping.step('checkout')).p(95).toBeBelow('500ms')
expectLatency(shopping).p(95).toBeBelow('2s')
expectErrorRate(shopping).toBeBelow('0.5%')
