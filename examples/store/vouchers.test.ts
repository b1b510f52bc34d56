import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from './app.ts'
import { createTestClient, type TestClient } from './test-client.ts'

let nowMs = 0
let client: TestClient
let headers: { authorization: string }

beforeEach(async () => {
  nowMs = 0
  client = createTestClient(createStore({ now: () => nowMs }))
  headers = await client.login()
})

const look = (code: string, own = headers): Promise<Response> => client.call(`GET /vouchers/${code}`, { headers: own })

async function statuses(...codes: string[]): Promise<number[]> {
  const answers: number[] = []
  for (const code of codes) answers.push((await look(code)).status)
  return answers
}

describe('GET /vouchers/:code', () => {
  it('tells what a voucher is worth', async () => {
    expect(await (await look('WELCOME10')).json()).toEqual({ code: 'WELCOME10', percentOff: 10 })
    expect(await (await look('NONE')).json()).toEqual({ error: 'There is no such voucher' })
    expect((await client.call('GET /vouchers/WELCOME10')).status).toBe(401)
  })

  it('refuses the try after three misses in a row, for a second from then on', async () => {
    expect(await statuses('A', 'B', 'LOYAL15', 'C', 'D', 'E')).toEqual([404, 404, 200, 404, 404, 404])
    nowMs = 60_000
    const refused = await look('LOYAL15')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await refused.json()).toEqual({ error: 'Too many tries' })
    nowMs = 60_999
    expect(await statuses('LOYAL15')).toEqual([429])
    nowMs = 61_000
    expect(await statuses('LOYAL15')).toEqual([200])
  })

  it('slows down no other session, and forgets at a reset', async () => {
    expect(await statuses('A', 'B', 'C', 'D')).toEqual([404, 404, 404, 429])
    expect((await look('LOYAL15', await client.login())).status).toBe(200)
    client.store.reset()
    expect(await statuses('LOYAL15')).toEqual([200])
  })
})
