import { check, expectErrorRate, expectLatency, scenario } from 'vitest-load'
import { register } from './customers.ts'
import { addToCart, checkout, findProducts, pick } from './shop.ts'

// Ten times what an ordinary day has, and back: does the store hold, and does it recover? `LOAD_SCALE=5` goes on from there.
const load = {
  startRate: '5/s',
  stages: [
    { duration: '1s', rate: '5/s' },
    { duration: '3s', rate: '50/s' },
    { duration: '2s', rate: '50/s' },
    { duration: '1s', rate: '5/s' },
  ],
  maxVUs: 500,
} as const
const options = { load, steps: ['register', 'browse', 'add to cart', 'checkout'] } as const

const stress = scenario('stress', options, async ({ step }) => {
  const bearer = await register()
  const { id: productId, priceCents } = pick(await step('browse', () => findProducts({ limit: 10 })))
  await step('add to cart', () => addToCart(bearer, { productId, quantity: 2 }))
  const order = await step('checkout', () => checkout(bearer))
  check('the order has the right price', order.totalCents === 2 * priceCents)
})

// Looser than on an ordinary day. A store that is broken anyway is left alone before the load is over.
const abort = { brokenFor: '2s', minSamples: 50 } as const
expectLatency(stress).p(95).toBeBelow('2s', { abort })
expectLatency(stress.step('checkout')).p(95).toBeBelow('2s')
expectErrorRate(stress).toBeBelow('5%', { abort })
