import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from './app.ts'
import { createTestClient, type TestClient } from './test-client.ts'
import { users } from './users.ts'

let delaysMs: number[]
/** Runs while the store waits for the next event. */
let meanwhile: () => Promise<unknown>
let client: TestClient
let headers: { authorization: string }

beforeEach(async () => {
  delaysMs = []
  meanwhile = async () => {}
  const sleep = async (delayMs: number): Promise<unknown> => {
    delaysMs.push(delayMs)
    return meanwhile()
  }
  client = createTestClient(createStore({ sleep }))
  headers = await client.login()
  await client.call('POST /cart/items', { headers, body: { productId: 'p-1' } })
  await client.call('POST /orders', { headers })
})

const follow = (query = '', more: Record<string, string> = {}): Promise<Response> =>
  client.call(`GET /orders/o-1/events${query}`, { headers: { ...headers, ...more } })

describe('GET /orders/:id/events', () => {
  it('tells every status as a server-sent event, and ends when the order has arrived', async () => {
    const response = await follow('?intervalMs=20')
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    expect(await response.text()).toBe(
      'id: 1\nevent: status\ndata: {"orderId":"o-1","status":"confirmed"}\n\n' +
        'id: 2\nevent: status\ndata: {"orderId":"o-1","status":"packed"}\n\n' +
        'id: 3\nevent: status\ndata: {"orderId":"o-1","status":"shipped"}\n\n' +
        'id: 4\nevent: status\ndata: {"orderId":"o-1","status":"delivered"}\n\n',
    )
    expect(delaysMs).toEqual([20, 20, 20])
  })

  it('goes on after the last event that the client has seen', async () => {
    const text = await (await follow('', { 'last-event-id': '3' })).text()
    expect(text).toBe('id: 4\nevent: status\ndata: {"orderId":"o-1","status":"delivered"}\n\n')
    expect(await (await follow('', { 'last-event-id': '4' })).text()).toBe('')
  })

  it('ends with the cancellation of the order', async () => {
    meanwhile = () => client.call('POST /orders/o-1/cancel', { headers })
    expect((await (await follow()).text()).match(/"status":"\w+"/g)).toEqual([
      '"status":"confirmed"',
      '"status":"cancelled"',
    ])
  })

  it('waits for nothing once nobody reads', async () => {
    const reader = (await follow()).body?.getReader()
    await reader?.read()
    await reader?.cancel()
    expect(delaysMs).toEqual([])
  })

  it('is for the customer of the order only, and refuses an invalid query', async () => {
    const others = await client.login(users[1])
    expect((await client.call('GET /orders/o-1/events', { headers: others })).status).toBe(404)
    expect((await client.call('GET /orders/o-1/events')).status).toBe(401)
    expect((await follow('?intervalMs=1001')).status).toBe(400)
  })
})
