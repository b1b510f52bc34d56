import { expect } from 'vitest'
import { check, expectErrorRate, expectLatency, http, rows, scenario, think } from 'vitest-load'
import { Cart } from '../../examples/store/schemas.ts'
import { users } from '../../examples/store/users.ts'
import { login } from './customers.ts'
import { addToCart } from './shop.ts'

const options = {
  load: { vus: 10, duration: '4s' },
  data: { user: rows(users, { pick: 'shuffle' }) },
  steps: ['login', 'options', 'fill', 'add', 'change', 'remove', 'look', 'empty'],
} as const

const quantities = ({ items }: Cart): Record<string, number> =>
  Object.fromEntries(items.map(({ productId, quantity }) => [productId, quantity]))

const cartOperations = scenario('cart operations', options, async ({ data, step }) => {
  const bearer = await login(data.user)
  await step('options', () => http.options('/cart', { bearer }).expect({ status: 204, headers: { allow: /\bPUT\b/ } }))

  const items = [{ productId: 'p-1', quantity: 2 }, { productId: 'p-2' }, { productId: 'p-3', quantity: 5 }]
  await step('fill', () => http.put('/cart', { json: { items }, bearer }).expect(200))
  await step('add', () => addToCart(bearer, { productId: 'p-1' }))
  await think('100ms', '300ms')

  const params = { productId: 'p-3' }
  await step('change', () =>
    http.patch('/cart/items/:productId', { params, json: { quantity: 1 }, bearer }).expect(200),
  )
  await step('remove', () =>
    http.delete('/cart/items/:productId', { params: { productId: 'p-2' }, bearer }).expect(204),
  )

  const cart = await step('look', () => http.get('/cart', { bearer }).expect(200).json(Cart))
  expect(quantities(cart)).toEqual({ 'p-1': 3, 'p-3': 1 })
  await think('100ms', '300ms')

  await step('empty', () => http.delete('/cart', { bearer }).expect(204))
  const empty = await step('look', () => http.get('/cart', { bearer }).expect(200).json(Cart))
  check('the cart is empty', empty.items.length === 0)
})

expectLatency(cartOperations.step('fill')).p(95).toBeBelow('1s')
expectLatency(cartOperations.step('change')).p(95).toBeBelow('1s')
expectLatency(cartOperations.request('DELETE /cart/items/:productId')).p(95).toBeBelow('1s')
expectErrorRate(cartOperations).toBeBelow('0.5%')
