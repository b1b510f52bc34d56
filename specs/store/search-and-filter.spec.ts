import { check, expectErrorRate, expectLatency, http, json, scenario, think } from 'vitest-load'
import { z } from 'zod'
import { Problem } from '../../examples/store/schemas.ts'
import { findProducts } from './shop.ts'

const Search = z.object({ q: z.string(), category: z.string(), maxPriceCents: z.int() })
const searches = json(new URL('./searches.json', import.meta.url), { schema: Search })

const options = {
  load: { vus: 10, duration: '4s' },
  data: { search: searches },
  steps: ['search', 'filter', 'count', 'last page', 'mistype'],
} as const

const searchAndFilter = scenario('search and filter', options, async ({ data: { search }, step }) => {
  const { q, category, maxPriceCents } = search
  const named = await step('search', () => findProducts({ q }))
  check(
    'a search finds what it looks for',
    named.length > 0 && named.every(({ name }) => name.toLowerCase().includes(q.toLowerCase())),
  )
  await think('100ms', '300ms')

  const found = await step('filter', () => findProducts({ ...search, sort: 'price' }))
  check(
    'a filter lets nothing else through',
    found.length > 0 && found.every((product) => product.category === category && product.priceCents <= maxPriceCents),
  )
  const prices = found.map(({ priceCents }) => priceCents)
  check('the cheapest comes first', prices.join() === prices.toSorted((a, b) => a - b).join())
  await think('100ms', '300ms')

  const counted = await step('count', () => http.head('/products', { query: { category } }).expect(200))
  const total = Number(counted.header('x-total-count'))
  const lastPage = await step('last page', () => findProducts({ category, limit: 6, offset: total - 2 }))
  check('the last page has the rest', lastPage.length === 2)

  const query = { sort: 'colour' }
  const problem = await step('mistype', () => http.get('/products', { query }).expect(400).json(Problem))
  check('a mistake is named', problem.issues?.[0]?.path === 'sort')
})

expectLatency(searchAndFilter.step('search')).p(95).toBeBelow('1s')
expectLatency(searchAndFilter.step('filter')).p(95).toBeBelow('1s')
expectErrorRate(searchAndFilter).toBeBelow('0.5%')
