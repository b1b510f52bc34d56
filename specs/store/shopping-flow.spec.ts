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
  load: { vus: 20, duration: '8s' },
  data: { wish: rows(wishes, { pick: 'random' }) },
  steps: ['register', 'browse', 'add to cart', 'checkout'],
} as const

const shopping = scenario('shopping flow', options, async ({ data: { wish }, step }) => {
  const token = await register()
  const products = await step('browse', () => findProducts({ q: wish.q }))
  await think('100ms', '500ms')

  const product = products[0] ?? vu.fail(`there is no ${wish.q} in the store`)
  const item = { productId: product.id, quantity: wish.quantity }
  const cart = await step('add to cart', () => addToCart(token, item))
  check('the cart has the price of the product', cart.totalCents === wish.quantity * product.priceCents)
  await think('100ms', '500ms')

  const order = await step('checkout', () => checkout(token))
  expect(order.status).toBe('confirmed')
  check('the order is the cart', order.totalCents === cart.totalCents)
})

expectLatency(shopping.step('checkout')).p(95).toBeBelow('500ms')
expectLatency(shopping).p(95).toBeBelow('2s')
expectErrorRate(shopping).toBeBelow('0.5%')
