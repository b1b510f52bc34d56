import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from './app.ts'
import { Stats } from './schemas.ts'
import { createTestClient, type TestClient } from './test-client.ts'
import { users } from './users.ts'

const emptyCart = { items: [], totalCents: 0 }
let client: TestClient

beforeEach(() => {
  client = createTestClient()
})

const stats = async (): Promise<Stats> => Stats.parse(await (await client.call('GET /__stats')).json())

describe('GET /health', () => {
  it('answers ok', async () => {
    expect(await (await client.call('GET /health')).json()).toEqual({ status: 'ok' })
  })
})

describe('GET /__stats', () => {
  it('counts by route and status, and not itself', async () => {
    await client.call('GET /products/p-1')
    await client.call('GET /products/p-0')
    await client.call('HEAD /products/p-2')
    await client.call('OPTIONS /products')
    await client.call('PUT /products')
    await client.call('GET /nowhere')
    await client.login()
    await stats()
    expect(await stats()).toEqual({
      requests: 7,
      routes: {
        'GET /products/:id': { 200: 2, 404: 1 },
        'OPTIONS /products': { 204: 1 },
        'POST /auth/login': { 200: 1 },
        '*': { 404: 1, 405: 1 },
      },
      transport: null,
    })
  })
})

describe('POST /__reset', () => {
  it('forgets carts, orders, registrations, logouts and counts', async () => {
    const registration = { email: 'new@example.com', password: 'password-new', name: 'New' }
    const headers = await client.login()
    const left = await client.login()
    await client.call('POST /auth/register', { body: registration })
    await client.call('POST /auth/logout', { headers: left })
    await client.call('POST /cart/items', { headers, body: { productId: 'p-1' } })
    await client.call('POST /orders', { headers })
    await client.call('POST /cart/items', { headers, body: { productId: 'p-1' } })

    expect((await client.call('POST /__reset')).status).toBe(204)
    expect(await stats()).toEqual({ requests: 0, routes: {}, transport: null })
    expect(await (await client.call('GET /cart', { headers: left })).json()).toEqual(emptyCart)
    expect(await (await client.call('GET /orders', { headers })).json()).toEqual([])
    expect((await client.call('POST /auth/register', { body: registration })).status).toBe(201)
  })
})

describe('a path', () => {
  it('that is unknown answers 404 as JSON', async () => {
    const response = await client.call('GET /nowhere')
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ error: 'There is no such route' })
  })

  it.for([
    ['/health', 'GET, HEAD, OPTIONS'],
    ['/auth/login', 'POST, OPTIONS'],
    ['/cart', 'GET, HEAD, PUT, DELETE, OPTIONS'],
    ['/cart/items/p-1', 'PATCH, DELETE, OPTIONS'],
    ['/orders', 'POST, GET, HEAD, OPTIONS'],
  ] as const)('answers OPTIONS %s with %s', async ([path, allow]) => {
    const response = await client.call(`OPTIONS ${path}`)
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([204, allow, ''])
  })

  it('answers a method that it does not have with 405', async () => {
    const response = await client.call('POST /cart')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, DELETE, OPTIONS'])
    expect(await response.json()).toEqual({ error: '/cart allows GET, HEAD, PUT, DELETE, OPTIONS' })
  })

  it('answers HEAD as GET without the body', async () => {
    const response = await client.call('HEAD /products?q=lamp')
    expect([response.status, response.headers.get('x-total-count'), await response.text()]).toEqual([200, '20', ''])
    expect((await client.call('HEAD /auth/login')).status).toBe(405)
  })
})

describe('a store', () => {
  it('shares nothing with another one', async () => {
    const other = createTestClient()
    const headers = await client.login()
    await client.call('POST /cart/items', { headers, body: { productId: 'p-1' } })
    expect(await (await other.call('GET /cart', { headers })).json()).toEqual(emptyCart)
  })

  it('keeps the carts used last, and forgets the others once there are too many', async () => {
    client = createTestClient(createStore({ capacity: 2 }))
    const item = { productId: 'p-1', quantity: 1 }
    const oldest = await client.login()
    const latest = await client.login()
    await client.call('POST /cart/items', { headers: oldest, body: item })
    for (const user of users.slice(0, 3)) {
      await client.call('POST /cart/items', { headers: await client.login(user), body: item })
    }
    await client.call('POST /cart/items', { headers: latest, body: item })
    expect(await (await client.call('GET /cart', { headers: latest })).json()).toMatchObject({ items: [item] })
    expect(await (await client.call('GET /cart', { headers: oldest })).json()).toEqual(emptyCart)
  })
})
