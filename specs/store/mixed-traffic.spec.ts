import { check, expectErrorRate, expectLatency, expectThroughput, mix, rows, scenario, step, think } from 'vitest-load'
import { register } from './customers.ts'
import { addToCart, checkout, findProducts, pick, showProduct } from './shop.ts'

const searches = rows(
  [
    { q: 'oak', category: 'lamp' },
    { q: 'steel', category: 'desk' },
  ],
  { pick: 'random' },
)

/** A visitor who looks at a few products of the first page. */
async function browse(): Promise<void> {
  const page = await step('list', () => findProducts({ limit: 10 }))
  for (const { id } of [pick(page), pick(page)]) {
    await think('100ms', '300ms')
    const product = await step('detail', () => showProduct(id))
    check('the detail is the product', product.id === id)
  }
}

/** A visitor who knows what to look for. */
async function search(query: { q: string; category: string }): Promise<void> {
  const found = await step('search', () => findProducts({ ...query, sort: 'price' }))
  check('a search finds something', found.length > 0)
  await think('100ms', '300ms')
  await step('detail', () => showProduct(pick(found).id))
}

/** A visitor who buys. */
async function buy(): Promise<void> {
  const bearer = await register()
  const { id: productId } = pick(await step('list', () => findProducts({ limit: 10 })))
  await think('100ms', '300ms')
  await step('add to cart', () => addToCart(bearer, { productId }))
  const order = await step('checkout', () => checkout(bearer))
  check('the order is for the product', order.items[0]?.productId === productId)
}

// One load for all of them: of 40 visitors a second 24 browse, 12 search and 4 buy, whether or not the store keeps up.
const { browsing, searching, buying } = mix('mixed traffic', { load: { rate: '40/s', duration: '5s' } }, () => ({
  browsing: scenario('visitors who browse', { weight: 60, steps: ['list', 'detail'] }, browse),
  searching: scenario(
    'visitors who search',
    { weight: 30, data: { query: searches }, steps: ['search', 'detail'] },
    ({ data: { query } }) => search(query),
  ),
  buying: scenario('visitors who buy', { weight: 10, steps: ['register', 'list', 'add to cart', 'checkout'] }, buy),
}))

expectLatency(browsing.step('detail')).p(95).toBeBelow('1s')
expectErrorRate(browsing).toBeBelow('0.5%')
expectLatency(searching.step('search')).p(95).toBeBelow('1s')
expectErrorRate(searching).toBeBelow('0.5%')
expectLatency(buying.step('checkout')).p(95).toBeBelow('1s')
expectErrorRate(buying).toBeBelow('0.5%')
expectThroughput(buying).toBeAbove('1/s')
