import { check, expectErrorRate, expectLatency, expectThroughput, http, scenario, think } from 'vitest-load'
import { Product } from '../../examples/store/schemas.ts'
import { findProducts, pick } from './shop.ts'

const options = { load: { vus: 15, duration: '5s' }, steps: ['list', 'detail', 'back again'] } as const

const browsing = scenario('browsing', options, async ({ step }) => {
  const page = await step('list', () => findProducts({ limit: 10 }))
  check('a page has ten products', page.length === 10)
  await think('100ms', '300ms')

  const params = { id: pick(page).id }
  const detail = await step('detail', () => http.get('/products/:id', { params }).expect(200))
  const product = await detail.json(Product)
  check('the detail is the product', product.id === params.id)
  await think('100ms', '300ms')

  // As a browser does that has the page in its cache.
  const headers = { 'if-none-match': detail.header('etag') }
  await step('back again', () => http.get('/products/:id', { params, headers, name: 'revalidate' }).expect(304))
})

expectLatency(browsing.step('list')).p(95).toBeBelow('500ms')
expectLatency(browsing.request('GET /products/:id')).p(95).toBeBelow('500ms')
expectLatency(browsing.request('revalidate')).p(95).toBeBelow('500ms')
expectErrorRate(browsing).toBeBelow('0.5%')
expectThroughput(browsing.step('detail')).toBeAbove('5/s')
