import { beforeEach, describe, expect, it } from 'vitest'
import { Order } from './schemas.ts'
import { createTestClient, type TestClient } from './test-client.ts'
import { users } from './users.ts'

let client: TestClient

beforeEach(() => {
  client = createTestClient()
})

describe('orders', () => {
  async function order(headers: Record<string, string>, productId = 'p-1'): Promise<Response> {
    await client.call('POST /cart/items', { headers, body: { productId } })
    return client.call('POST /orders', { headers })
  }

  it('turns the cart into an order and empties it', async () => {
    const headers = await client.login()
    const response = await order(headers)
    expect(response.status).toBe(201)
    const { id, status, items } = Order.parse(await response.json())
    expect([id, status, items[0]?.productId]).toEqual(['o-1', 'confirmed', 'p-1'])
    expect(await (await client.call('GET /cart', { headers })).json()).toEqual({ items: [], totalCents: 0 })
  })

  it('refuses an empty cart with 409', async () => {
    const response = await client.call('POST /orders', { headers: await client.login() })
    expect(response.status).toBe(409)
    expect(await response.json()).toEqual({ error: 'The cart is empty' })
  })

  it('answers a repeated idempotency key with the first order', async () => {
    const headers = { ...(await client.login()), 'idempotency-key': 'k-1' }
    const first = await order(headers)
    const second = await order(headers)
    expect([first.status, second.status]).toEqual([201, 200])
    expect(await second.json()).toEqual(await first.json())
  })

  it('keeps the idempotency keys of two users apart', async () => {
    await order({ ...(await client.login(users[0])), 'idempotency-key': 'k-1' })
    expect((await order({ ...(await client.login(users[1])), 'idempotency-key': 'k-1' })).status).toBe(201)
  })

  it('refuses an endless idempotency key with 400', async () => {
    expect((await order({ ...(await client.login()), 'idempotency-key': 'k'.repeat(256) })).status).toBe(400)
  })

  it('shows an order to its user only', async () => {
    const headers = await client.login(users[0])
    const placed = await (await order(headers)).json()
    expect(await (await client.call('GET /orders/o-1', { headers })).json()).toEqual(placed)
    expect((await client.call('GET /orders/o-1', { headers: await client.login(users[1]) })).status).toBe(404)
  })

  it('lists the latest 20, the newest first', async () => {
    const headers = await client.login()
    for (let count = 0; count < 22; count += 1) await order(headers)
    const listed = Order.array().parse(await (await client.call('GET /orders', { headers })).json())
    expect(listed.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => `o-${22 - index}`))
  })
})
