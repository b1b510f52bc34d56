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

  it('tells a repeated answer from a first one', async () => {
    const headers = { ...(await client.login()), 'idempotency-key': 'k-1' }
    const replayed = [await order(headers), await order(headers)].map((answer) =>
      answer.headers.get('idempotency-replayed'),
    )
    expect(replayed).toEqual([null, 'true'])
  })

  it('cancels an order once, for its user only', async () => {
    const headers = await client.login(users[0])
    await order(headers)
    const other = await client.call('POST /orders/o-1/cancel', { headers: await client.login(users[1]) })
    const first = await client.call('POST /orders/o-1/cancel', { headers })
    const second = await client.call('POST /orders/o-1/cancel', { headers })
    expect([other.status, first.status, second.status]).toEqual([404, 200, 409])
    expect(Order.parse(await first.json()).status).toBe('cancelled')
    expect(await second.json()).toEqual({ error: 'The order is cancelled already' })
    expect(await (await client.call('GET /orders/o-1', { headers })).json()).toMatchObject({ status: 'cancelled' })
  })

  it('lists by status', async () => {
    const headers = await client.login()
    for (let count = 0; count < 3; count += 1) await order(headers)
    await client.call('POST /orders/o-2/cancel', { headers })
    const ids = async (query: string): Promise<string[]> => {
      const listed = await (await client.call(`GET /orders${query}`, { headers })).json()
      return Order.array()
        .parse(listed)
        .map(({ id }) => id)
    }
    expect(await ids('?status=cancelled')).toEqual(['o-2'])
    expect(await ids('?status=confirmed')).toEqual(['o-3', 'o-1'])
    expect((await client.call('GET /orders?status=lost', { headers })).status).toBe(400)
  })
})
