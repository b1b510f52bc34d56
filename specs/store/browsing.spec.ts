import { check, expectErrorRate, expectLatency, expectThroughput, http, scenario, step, think, vu } from 'vitest-load'
import { Product } from '../../examples/store/schemas.ts'

const searches = ['lamp', 'desk', 'chair', 'mug'] as const

const browsing = scenario(
  'browsing',
  { load: { vus: 20, duration: '10s' }, steps: ['list', 'search', 'detail'] },
  async () => {
    const page = await step('list', () =>
      http
        .get('/products', { query: { limit: 10 } })
        .expect(200)
        .json(Product.array()),
    )
    check('a page has products', page.length > 0)
    await think('100ms', '300ms')

    const q = searches[Math.floor(vu.random() * searches.length)] ?? 'lamp'
    const found = await step('search', () => http.get('/products', { query: { q } }).expect(200).json(Product.array()))
    check(
      'a search finds what it looked for',
      found.every((product) => product.name.toLowerCase().includes(q)),
    )
    await think('100ms', '300ms')

    const wanted = found[0] ?? page[0]
    if (wanted === undefined) return vu.fail('there is nothing to look at')
    const product = await step('detail', () =>
      http
        .get('/products/:id', { params: { id: wanted.id } })
        .expect(200)
        .json(Product),
    )
    check('the detail is the product', product.id === wanted.id)
  },
)

expectLatency(browsing.step('list')).p(95).toBeBelow('500ms')
expectLatency(browsing.request('GET /products/:id')).p(95).toBeBelow('500ms')
expectErrorRate(browsing).toBeBelow('0.5%')
expectThroughput(browsing.step('detail')).toBeAbove('5/s')
