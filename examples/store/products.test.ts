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

  it.for(['limit=51', 'limit=0', 'limit=x', 'offset=-1'])('refuses %s with 400', async (query) => {
    expect((await client.call(`GET /products?${query}`)).status).toBe(400)
  })

  it('answers one product by its id', async () => {
    const product = Product.parse(await (await client.call('GET /products/p-17')).json())
    expect(product).toEqual({
      id: 'p-17',
      name: 'Bright Steel Rug',
      category: 'rug',
      priceCents: 32_354,
      stock: 253,
    })
  })

  it('answers 404 for an unknown product', async () => {
    expect((await client.call('GET /products/p-201')).status).toBe(404)
  })
})
