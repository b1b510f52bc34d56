import { beforeEach, describe, expect, it } from 'vitest'
import { Cart, Product } from './schemas.ts'
import { createTestClient, type TestClient } from './test-client.ts'

let client: TestClient

beforeEach(() => {
  client = createTestClient()
})

describe('cart', () => {
  it('adds up quantities and totals', async () => {
    const headers = await client.login()
    const { priceCents } = Product.parse(await (await client.call('GET /products/p-5')).json())
    await client.call('POST /cart/items', { headers, body: { productId: 'p-5' } })
    const response = await client.call('POST /cart/items', { headers, body: { productId: 'p-5', quantity: 2 } })
    expect(response.status).toBe(201)
    const cart = Cart.parse(await response.json())
    expect(cart).toEqual({
      items: [{ productId: 'p-5', quantity: 3, lineTotalCents: 3 * priceCents }],
      totalCents: 3 * priceCents,
    })
    expect(await (await client.call('GET /cart', { headers })).json()).toEqual(cart)
  })

  it('belongs to a session, not to a user', async () => {
    await client.call('POST /cart/items', { headers: await client.login(), body: { productId: 'p-5' } })
    const cart = await (await client.call('GET /cart', { headers: await client.login() })).json()
    expect(cart).toEqual({ items: [], totalCents: 0 })
  })

  it('refuses an unknown product with 404 and an invalid quantity with 400', async () => {
    const headers = await client.login()
    expect((await client.call('POST /cart/items', { headers, body: { productId: 'p-0' } })).status).toBe(404)
    expect((await client.call('POST /cart/items', { headers, body: { productId: 'p-1', quantity: 0 } })).status).toBe(
      400,
    )
  })
})
