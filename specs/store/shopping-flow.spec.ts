import { expect } from 'vitest'
import { check, expectErrorRate, expectLatency, rows, scenario, think, vu } from 'vitest-load'
import { register } from './customers.ts'
import { addToCart, checkout, findProducts } from './shop.ts'

const wishes = [
  { q: 'lamp', quantity: 1 },
  { q: 'oak chair', quantity: 4 },
  { q: 'desk', quantity: 1 },
  { q: 'vase', quantity: 2 },
]
const options = {
  load: { vus: 15, duration: '5s' },
  data: { wish: rows(wishes, { pick: 'random' }) },
  steps: ['register', 'browse', 'add to cart', 'checkout'],
} as const

const shopping = scenario('shopping flow', options, async ({ data: { wish }, step }) => {
  const bearer = await register()
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
