import { beforeEach, describe, expect, it } from 'vitest'
import { Stats } from './schemas.ts'
import { createTestClient, type TestClient } from './test-client.ts'

let client: TestClient

beforeEach(() => {
  client = createTestClient()
})

describe('GET /health', () => {
  it('answers ok', async () => {
    expect(await (await client.call('GET /health')).json()).toEqual({ status: 'ok' })
  })
})

describe('GET /__stats', () => {
  const stats = async (): Promise<Stats> => Stats.parse(await (await client.call('GET /__stats')).json())

  it('counts by route and status, and not itself', async () => {
    await client.call('GET /products/p-1')
    await client.call('GET /products/p-0')
    await client.call('GET /products/p-2')
    await client.call('GET /nowhere')
    await client.login()
    await stats()
    expect(await stats()).toEqual({
      requests: 5,
      routes: { 'GET /products/:id': { 200: 2, 404: 1 }, 'POST /auth/login': { 200: 1 }, '*': { 404: 1 } },
      transport: null,
    })
  })

  it('starts again, with empty carts and no orders, after POST /__reset', async () => {
    const headers = await client.login()
    await client.call('POST /cart/items', { headers, body: { productId: 'p-1' } })
    expect((await client.call('POST /__reset')).status).toBe(204)
    expect(await stats()).toEqual({ requests: 0, routes: {}, transport: null })
    expect(await (await client.call('GET /cart', { headers })).json()).toEqual({ items: [], totalCents: 0 })
  })
})

describe('an unknown route', () => {
  it.for(['GET /nowhere', 'PUT /cart'])('answers %s with 404 as JSON', async (route) => {
    const response = await client.call(route)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ error: 'There is no such route' })
  })
})
