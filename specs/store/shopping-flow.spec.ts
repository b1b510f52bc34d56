import { expect } from 'vitest'
import { check, expectErrorRate, expectLatency, rows, scenario, session, think, vu } from 'vitest-load'
import { login, users } from './customers.ts'
import { addToCart, checkout, findProducts } from './shop.ts'

const wishes = [
  { q: 'lamp', quantity: 1 },
  { q: 'oak chair', quantity: 4 },
  { q: 'desk', quantity: 1 },
  { q: 'vase', quantity: 2 },
]
const options = {
  load: { vus: 15, duration: '5s' },
  data: { user: users, wish: rows(wishes, { pick: 'random' }) },
  steps: ['login', 'browse', 'add to cart', 'checkout'],
} as const

// Who has logged in stays so: a virtual user does it before it buys for the first time.
const token = session<string>('token')

const shopping = scenario('shopping flow', options, async ({ data: { user, wish }, step }) => {
  const bearer = await token.getOrCreate(() => login(user))
  const products = await step('browse', () => findProducts({ q: wish.q }))
  await think('200ms', '600ms')

  const product = products[0] ?? vu.fail(`there is no ${wish.q} in the store`)
  const item = { productId: product.id, quantity: wish.quantity }
  const cart = await step('add to cart', () => addToCart(bearer, item))
  check('the cart has the price of the product', cart.totalCents === wish.quantity * product.priceCents)
  await think('200ms', '600ms')

  const order = await step('checkout', () => checkout(bearer))
  expect(order.status).toBe('confirmed')
  check('the order is the cart', order.totalCents === cart.totalCents)
})

expectLatency(shopping.step('checkout')).p(95).toBeBelow('1s')
expectLatency(shopping).p(95).toBeBelow('3s')
expectErrorRate(shopping).toBeBelow('0.5%')
