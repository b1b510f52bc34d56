import { check, expectErrorRate, expectLatency, http, scenario, step, think } from 'vitest-load'
import { z } from 'zod'

const Product = z.object({ id: z.string(), priceCents: z.number() })
const Order = z.object({ id: z.string(), productId: z.string() })

const buying = scenario('buying', { load: { vus: 20, duration: '5s' } }, async () => {
  const lamp = await step('look', () => http.get('/products/:id', { params: { id: 'p-1' } }).json(Product))
  await think('100ms', '300ms')
  const order = await step('order', () => http.post('/orders', { json: { productId: lamp.id } }).json(Order))
  check('the order is for the product', order.productId === lamp.id)
})

expectLatency(buying.step('order')).p(95).toBeBelow('300ms')
expectErrorRate(buying).toBeBelow('1%')
