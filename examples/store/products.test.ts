import { beforeEach, describe, expect, it } from 'vitest'
import { Product } from './schemas.ts'
import { createTestClient, type TestClient } from './test-client.ts'

let client: TestClient

beforeEach(() => {
  client = createTestClient()
})

describe('GET /products', () => {
  async function list(query: string): Promise<{ products: Product[]; total: string | null }> {
    const response = await client.call(`GET /products${query}`)
    return { products: Product.array().parse(await response.json()), total: response.headers.get('x-total-count') }
  }

  it('answers the first 20 of 200 products', async () => {
    const { products, total } = await list('')
    expect(products.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => `p-${index + 1}`))
    expect(total).toBe('200')
  })

  it('searches names without regard to case', async () => {
    const { products, total } = await list('?q=LAMP')
    expect(products.every(({ name }) => name.endsWith('Lamp'))).toBe(true)
    expect(total).toBe('20')
  })

  it('combines search, category, limit and offset', async () => {
    const { products, total } = await list('?q=oak&category=rug&limit=2&offset=9')
    expect(products.map(({ name }) => name)).toEqual(['Wide Oak Rug'])
    expect(total).toBe('10')
  })

  it('keeps prices between two, both included', async () => {
    const { products } = await list('?sort=price&limit=50')
    const [min = 0, max = 0] = [products[10]?.priceCents, products[19]?.priceCents]
    const between = await list(`?minPriceCents=${min}&maxPriceCents=${max}&sort=price`)
    expect(between.products).toEqual(products.slice(10, 20))
  })

  it.for([
    ['price', (product: Product) => product.priceCents, 1],
    ['-price', (product: Product) => product.priceCents, -1],
    ['name', (product: Product) => product.name, 1],
    ['-name', (product: Product) => product.name, -1],
  ] as const)('sorts by %s before it pages', async ([sort, key, direction]) => {
    const pages = await Promise.all([0, 50, 100, 150].map((offset) => list(`?sort=${sort}&limit=50&offset=${offset}`)))
    const sorted = pages.flatMap(({ products }) => products.map((product) => key(product)))
    expect(sorted).toHaveLength(200)
    expect(sorted).toEqual(sorted.toSorted((a, b) => (a < b ? -direction : direction)))
  })

  it.for(['limit=51', 'limit=0', 'limit=x', 'offset=-1', 'sort=stock', 'minPriceCents=-1', 'maxPriceCents=x'])(
    'refuses %s with 400',
    async (query) => {
      expect((await client.call(`GET /products?${query}`)).status).toBe(400)
    },
  )

  it('links the pages before and after', async () => {
    const link = async (query: string): Promise<string | null> =>
      (await client.call(`GET /products${query}`)).headers.get('link')
    expect(await link('?category=lamp')).toBeNull()
    expect(await link('?category=lamp&limit=8')).toBe('</products?category=lamp&limit=8&offset=8>; rel="next"')
    expect(await link('?category=lamp&limit=8&offset=8')).toBe(
      '</products?category=lamp&limit=8&offset=16>; rel="next", </products?category=lamp&limit=8&offset=0>; rel="prev"',
    )
    expect(await link('?category=lamp&limit=8&offset=16')).toBe(
      '</products?category=lamp&limit=8&offset=8>; rel="prev"',
    )
    expect(await link('?q=a%26b&offset=5')).toBe('</products?q=a%26b&offset=0&limit=20>; rel="prev"')
  })

  it('answers one product by its id', async () => {
    const product = Product.parse(await (await client.call('GET /products/p-17')).json())
    expect(product).toEqual({
      id: 'p-17',
      name: 'Bright Steel Rug',
      category: 'rug',
      priceCents: 26_361,
      stock: 72,
    })
  })

  it('answers 404 for an unknown product', async () => {
    expect((await client.call('GET /products/p-201')).status).toBe(404)
  })
})

describe('ETag', () => {
  const get = async (path: string, ifNoneMatch: string): Promise<Response> =>
    client.call(`GET ${path}`, { headers: { 'if-none-match': ifNoneMatch } })

  it.for(['/products/p-1', '/products?q=lamp'])('of %s answers 304 to whoever has it', async (path) => {
    const etag = (await client.call(`GET ${path}`)).headers.get('etag') ?? ''
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await get(path, known)
      expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, etag, ''])
    }
  })

  it('differs between answers', async () => {
    const etag = (await client.call('GET /products?q=lamp')).headers.get('etag') ?? ''
    expect((await get('/products?q=desk', etag)).status).toBe(200)
    expect((await get('/products?q=lamp', '"other"')).status).toBe(200)
  })
})
