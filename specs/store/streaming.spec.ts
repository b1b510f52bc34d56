import { check, expectErrorRate, expectLatency, expectThroughput, http, scenario, think } from 'vitest-load'
import { OrderEvent } from '../../examples/store/schemas.ts'
import { register } from './customers.ts'
import { addToCart, checkout } from './shop.ts'

const options = {
  load: { vus: 10, duration: '4s' },
  steps: ['register', 'order', 'follow', 'leave', 'come back', 'export'],
} as const

type Status = OrderEvent['status']

const streaming = scenario('streaming', options, async ({ step }) => {
  const bearer = await register()
  const { id } = await step('order', async () => {
    await addToCart(bearer, { productId: 'p-7' })
    return checkout(bearer)
  })
  const request = { params: { id }, bearer, query: { intervalMs: 50 } }
  const path = '/orders/:id/events'

  // Events come one by one, while the order is on its way: the request takes as long as that does.
  const way = await step('follow', async () => {
    const seen: Status[] = []
    for await (const { data } of http.get(path, request).expect(200).events(OrderEvent)) seen.push(data.status)
    return seen
  })
  check('an order goes all the way', way.join() === 'confirmed,packed,shipped,delivered')

  // As a browser does whose connection breaks: it tells the last event that it has seen.
  const last = await step('leave', async () => {
    for await (const event of http.get(path, request).expect(200).events(OrderEvent))
      if (event.data.status === 'packed') return event
    return undefined
  })
  await think('50ms', '150ms')
  const headers = { 'last-event-id': last?.id }
  const rest = await step('come back', async () => {
    const seen: Status[] = []
    const events = http.get(path, { ...request, headers, name: 'GET events that were missed' }).expect(200)
    for await (const { data } of events.events(OrderEvent)) seen.push(data.status)
    return seen
  })
  check('nothing is missed, and nothing comes twice', rest.join() === 'shipped,delivered')

  // Line by line, whatever the length: nothing of it is kept.
  const lines = await step('export', async () => {
    let count = 0
    const asCsv = { headers: { accept: 'text/csv' } }
    for await (const line of http.get('/catalogue', asCsv).expect(200).lines()) if (line.startsWith('p-')) count += 1
    return count
  })
  check('the export has a line for each product', lines === 200)
})

expectLatency(streaming.step('follow')).p(95).toBeBelow('2s')
expectLatency(streaming.step('export')).p(95).toBeBelow('2s')
expectThroughput(streaming.request('GET /orders/:id/events')).toBeAbove('3/s')
expectErrorRate(streaming).toBeBelow('0.5%')
