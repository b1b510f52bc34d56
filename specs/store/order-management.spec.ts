import { expect } from 'vitest'
import { check, expectErrorRate, expectLatency, http, scenario, think, vu } from 'vitest-load'
import { Order, Review } from '../../examples/store/schemas.ts'
import { register } from './customers.ts'
import { addToCart, checkout } from './shop.ts'

const options = {
  load: { vus: 8, duration: '4s' },
  steps: ['register', 'order', 'retry', 'show', 'cancel', 'cancel again', 'list', 'list open', 'review'],
} as const

const photo = new Blob([new Uint8Array(20_000)], { type: 'image/jpeg' })

async function order(bearer: string, key: string): Promise<Order> {
  await addToCart(bearer, { productId: 'p-7' })
  return checkout(bearer, key)
}

const orderManagement = scenario('order management', options, async ({ step }) => {
  const bearer = await register()
  const key = vu.uniqueId()
  const placed = await step('order', () => order(bearer, key))
  const retried = await step('retry', () => checkout(bearer, key))
  check('a retry orders nothing twice', retried.id === placed.id)
  const other = await step('order', () => order(bearer, vu.uniqueId()))
  await think('150ms', '350ms')

  const params = { id: placed.id }
  const shown = await step('show', () => http.get('/orders/:id', { params, bearer }).expect(200).json(Order))
  expect(shown).toEqual(placed)

  const cancelled = await step('cancel', () =>
    http.post('/orders/:id/cancel', { params, bearer }).expect(200).json(Order),
  )
  expect(cancelled).toEqual({ ...placed, status: 'cancelled' })
  await step('cancel again', () => http.post('/orders/:id/cancel', { params, bearer }).expect(409))
  await think('150ms', '350ms')

  const listed = await step('list', () => http.get('/orders', { bearer }).expect(200).json(Order.array()))
  check('the list has both orders, the newest first', listed.map(({ id }) => id).join() === `${other.id},${placed.id}`)
  const query = { status: 'confirmed' }
  const open = await step('list open', () => http.get('/orders', { bearer, query }).expect(200).json(Order.array()))
  check('a cancelled order is not open', open.length === 1 && open[0]?.id === other.id)

  const review = { rating: 5, text: 'Even better than in the picture', photo }
  const product = { params: { id: 'p-7' }, bearer }
  const published = await step('review', () =>
    http
      .post('/products/:id/reviews', { ...product, multipart: review })
      .expect(201)
      .json(Review),
  )
  check('the review has the photo', published.photo?.bytes === photo.size)
})

expectLatency(orderManagement.step('order')).p(95).toBeBelow('1s')
expectLatency(orderManagement.step('cancel')).p(95).toBeBelow('1s')
expectLatency(orderManagement.step('review')).p(95).toBeBelow('1s')
expectErrorRate(orderManagement).toBeBelow('0.5%')
