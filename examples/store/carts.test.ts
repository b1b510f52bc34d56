import { beforeEach, describe, expect, it } from 'vitest'
import { Cart, Product } from './schemas.ts'
import { createTestClient, type TestClient } from './test-client.ts'

const empty = { items: [], totalCents: 0 }
let client: TestClient
let headers: Record<string, string>

beforeEach(async () => {
  client = createTestClient()
  headers = await client.login()
})

async function status(route: string, body?: unknown): Promise<number> {
  return (await client.call(route, { headers, body })).status
}

async function cart(route: string, body?: unknown): Promise<Cart> {
  return Cart.parse(await (await client.call(route, { headers, body })).json())
}

async function price(id: string): Promise<number> {
  return Product.parse(await (await client.call(`GET /products/${id}`)).json()).priceCents
}

const quantities = ({ items }: Cart): unknown => items.map(({ productId, quantity }) => [productId, quantity])

describe('POST /cart/items', () => {
  it('adds up quantities and totals', async () => {
    const priceCents = await price('p-5')
    expect(await status('POST /cart/items', { productId: 'p-5' })).toBe(201)
    const filled = await cart('POST /cart/items', { productId: 'p-5', quantity: 2 })
    expect(filled).toEqual({
      items: [{ productId: 'p-5', quantity: 3, lineTotalCents: 3 * priceCents }],
      totalCents: 3 * priceCents,
    })
    expect(await cart('GET /cart')).toEqual(filled)
  })

  it('refuses an unknown product with 404 and an invalid quantity with 400', async () => {
    expect(await status('POST /cart/items', { productId: 'p-0' })).toBe(404)
    expect(await status('POST /cart/items', { productId: 'p-1', quantity: 0 })).toBe(400)
  })
})

describe('PUT /cart', () => {
  it('replaces all that the cart holds', async () => {
    await cart('POST /cart/items', { productId: 'p-5' })
    const items = [{ productId: 'p-6', quantity: 4 }, { productId: 'p-7' }, { productId: 'p-6' }]
    expect(quantities(await cart('PUT /cart', { items }))).toEqual([
      ['p-6', 5],
      ['p-7', 1],
    ])
    expect(await cart('PUT /cart', { items: [] })).toEqual(empty)
  })

  it('leaves the cart alone when one of the products is unknown', async () => {
    await cart('POST /cart/items', { productId: 'p-5' })
    expect(await status('PUT /cart', { items: [{ productId: 'p-6' }, { productId: 'p-0' }] })).toBe(404)
    expect(await status('PUT /cart', { items: 'p-6' })).toBe(400)
    expect(quantities(await cart('GET /cart'))).toEqual([['p-5', 1]])
  })
})

describe('PATCH /cart/items/:productId', () => {
  it('sets the quantity', async () => {
    await cart('POST /cart/items', { productId: 'p-5', quantity: 7 })
    expect(quantities(await cart('PATCH /cart/items/p-5', { quantity: 2 }))).toEqual([['p-5', 2]])
  })

  it('refuses what the cart does not hold with 404 and an invalid quantity with 400', async () => {
    expect(await status('PATCH /cart/items/p-5', { quantity: 2 })).toBe(404)
    await cart('POST /cart/items', { productId: 'p-5' })
    expect(await status('PATCH /cart/items/p-6', { quantity: 2 })).toBe(404)
    expect(await status('PATCH /cart/items/p-5', { quantity: 101 })).toBe(400)
  })
})

describe('DELETE', () => {
  it('takes one product out of the cart', async () => {
    await cart('PUT /cart', { items: [{ productId: 'p-5' }, { productId: 'p-6' }] })
    expect(await status('DELETE /cart/items/p-5')).toBe(204)
    expect(await status('DELETE /cart/items/p-5')).toBe(404)
    expect(quantities(await cart('GET /cart'))).toEqual([['p-6', 1]])
  })

  it('empties the cart, also an empty one', async () => {
    await cart('POST /cart/items', { productId: 'p-5' })
    expect([await status('DELETE /cart'), await status('DELETE /cart')]).toEqual([204, 204])
    expect(await cart('GET /cart')).toEqual(empty)
  })
})

describe('a cart', () => {
  it('belongs to a session, not to a user', async () => {
    await cart('POST /cart/items', { productId: 'p-5' })
    headers = await client.login()
    expect(await cart('GET /cart')).toEqual(empty)
  })
})
