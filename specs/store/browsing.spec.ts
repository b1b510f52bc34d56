import { check, expectErrorRate, expectLatency, expectThroughput, http, scenario, think } from 'vitest-load'
import { Product } from '../../examples/store/schemas.ts'
import { findProducts, pick } from './shop.ts'

const options = { load: { vus: 10, duration: '4s' }, steps: ['list', 'detail', 'back again'] } as const

/** What a page of a product consists of: fetched at once, as a browser does it, and the photo without keeping it. */
function openPage({ id, category }: Product) {
  const params = { id }
  return http.all({
    detail: () => http.get('/products/:id', { params }).expect(200),
    photo: () => http.get('/products/:id/photo', { params, discardBody: true }).expect(200),
    similar: () => findProducts({ category, limit: 4 }, 'similar products'),
  })
}

const browsing = scenario('browsing', options, async ({ step }) => {
  const page = await step('list', () => findProducts({ limit: 10 }))
  check('a page has ten products', page.length === 10)
  await think('200ms', '400ms')

  const wanted = pick(page)
  const { detail, photo, similar } = await step('detail', () => openPage(wanted))
  const product = await detail.json(Product)
  check('the detail is the product', product.id === wanted.id)
  check('the photo is an image', photo.header('content-type')?.startsWith('image/'))
  check('similar products are alike', similar.length === 4 && similar.every((one) => one.category === product.category))
  await think('200ms', '400ms')

  // As a browser does that has the page in its cache.
  const known = { params: { id: product.id }, headers: { 'if-none-match': detail.header('etag') } }
  await step('back again', () => http.get('/products/:id', { ...known, name: 'revalidate' }).expect(304))
})

expectLatency(browsing.step('list')).p(95).toBeBelow('1s')
expectLatency(browsing.step('detail')).p(95).toBeBelow('1s')
expectLatency(browsing.request('revalidate')).p(95).toBeBelow('1s')
expectErrorRate(browsing).toBeBelow('0.5%')
expectThroughput(browsing.step('detail')).toBeAbove('3/s')
