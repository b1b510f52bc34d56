import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { getResponse } from 'msw'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from 'vitest/node'
import { createStore } from './app.ts'
import { setup } from './global-setup.ts'
import { createHandlers, handlers } from './handlers.ts'
import { Stats } from './schemas.ts'
import { type Call, toRequest } from './test-client.ts'

/** Headers that belong to the connection and not to the answer. */
const connectionHeaders = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']
const login: [string, Call] = ['POST /auth/login', { body: { email: 'user7@example.com', password: 'password-7' } }]
const registration = { email: 'new@example.com', password: 'password-new', name: 'New' }
const item = { body: { productId: 'p-3', quantity: 2 } }
const review = {
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  body: '--b\r\ncontent-disposition: form-data; name="rating"\r\n\r\n5\r\n--b--\r\n',
}
const keyed = { headers: { 'idempotency-key': 'k-1' } }

/** Sent one after the other by a client that keeps the cookies. */
const flows: Record<string, [route: string, call?: Call][]> = {
  health: [['GET /health'], ['HEAD /health'], ['OPTIONS /health'], ['POST /health', { body: {} }]],
  list: [['GET /products?q=lamp&sort=-price&limit=3'], ['HEAD /products?q=lamp'], ['GET /products?limit=51']],
  detail: [['GET /products/p-1'], ['GET /products/p%2D1'], ['GET /products/p-0'], ['OPTIONS /products/p-1']],
  revalidation: [
    ['GET /products/p-1', { headers: { 'if-none-match': '*' } }],
    ['HEAD /products', { headers: { 'if-none-match': 'W/"other", *' } }],
  ],
  register: [
    ['POST /auth/register', { body: registration }],
    ['GET /auth/me'],
    ['POST /auth/register', { body: registration }],
    ['POST /auth/register', { body: {} }],
  ],
  session: [login, ['GET /auth/me'], ['POST /auth/refresh'], ['POST /auth/logout'], ['GET /auth/me'], ['GET /cart']],
  'wrong login': [
    ['POST /auth/login', { body: { email: 'user7@example.com', password: 'wrong' } }],
    ['POST /auth/login', { body: '{' }],
    ['POST /auth/login'],
    ['GET /cart', { headers: { authorization: 'Bearer none' } }],
  ],
  cart: [
    login,
    ['POST /cart/items', item],
    ['PATCH /cart/items/p-3', { body: { quantity: 5 } }],
    ['PUT /cart', { body: { items: [item.body, { productId: 'p-4' }] } }],
    ['DELETE /cart/items/p-3'],
    ['GET /cart'],
    ['DELETE /cart'],
    ['GET /cart'],
  ],
  orders: [
    login,
    ['POST /orders'],
    ['POST /cart/items', item],
    ['POST /orders', keyed],
    ['POST /orders', keyed],
    ['GET /orders/o-1'],
    ['POST /orders/o-1/cancel'],
    ['POST /orders/o-1/cancel'],
    ['GET /orders?status=cancelled'],
  ],
  events: [
    login,
    ['POST /cart/items', item],
    ['POST /orders'],
    ['GET /orders/o-1/events?intervalMs=1'],
    ['GET /orders/o-1/events?intervalMs=1', { headers: { 'last-event-id': '3' } }],
    ['HEAD /orders/o-1/events'],
    ['GET /orders/o-2/events'],
  ],
  export: [
    ['GET /catalogue', { headers: { accept: 'text/csv', 'accept-encoding': 'identity' } }],
    ['GET /catalogue', { headers: { range: 'bytes=0-9', 'accept-encoding': 'identity' } }],
    ['GET /catalogue', { headers: { range: 'bytes=999999-', 'accept-encoding': 'identity' } }],
    ['GET /catalogue', { headers: { accept: 'application/xml', 'accept-encoding': 'br' } }],
    ['GET /catalogue', { headers: { 'accept-encoding': 'gzip' } }],
  ],
  photos: [['GET /products/p-1/photo'], ['HEAD /products/p-1/photo'], ['GET /products/p-0/photo']],
  reviews: [
    login,
    ['POST /products/p-1/reviews', review],
    ['POST /products/p-1/reviews', { ...review, body: '' }],
    ['POST /products/p-1/reviews', item],
    ['POST /products/p-0/reviews', review],
  ],
  vouchers: [login, ['GET /vouchers/A'], ['GET /vouchers/B'], ['GET /vouchers/C'], ['GET /vouchers/LOYAL15']],
  vary: [
    ['POST /vary?status=418'],
    ['GET /vary?status=503'],
    ['GET /vary?status=204'],
    ['GET /vary?status=304'],
    ['GET /vary?status=418&bytes=1000&delayMs=1'],
    ['GET /vary?errorRate=0.5&latency=uniform(0,2)'],
    ['GET /vary?errorRate=0.5&latency=uniform(0,2)'],
    ['GET /vary?bytes=-1&speed=1'],
    ['HEAD /vary?bytes=10'],
  ],
}

type Send = (request: Request) => Promise<Response>

/** What a client sees of each answer, with tokens replaced: they tell the time. */
async function answers(origin: string, calls: [route: string, call?: Call][], send: Send): Promise<unknown[]> {
  const seen: unknown[] = []
  const cookies = new Map<string, string>()
  for (const [route, { body, headers } = {}] of calls) {
    const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const response = await send(toRequest(route, { body, headers: { ...headers, cookie } }, origin))
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    seen.push({ route, ...(await describeAnswer(response)) })
  }
  return seen
}

async function describeAnswer(response: Response): Promise<object> {
  const headers = [...response.headers].filter(([name]) => !connectionHeaders.includes(name))
  const text = JSON.stringify({ status: response.status, headers, body: await response.text() })
  return JSON.parse(text.replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>')) as object
}

/** As `fetch` does it; what it tells of the encoding stays. */
async function decompressed(response: Response): Promise<Response> {
  const decompress = decoders[response.headers.get('content-encoding') ?? '']
  return decompress === undefined
    ? response
    : new Response(decompress(new Uint8Array(await response.arrayBuffer())), response)
}
const decoders: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array<ArrayBuffer>>> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
}

describe('the server and the handlers', () => {
  let url = ''
  let teardown: () => Promise<void>
  beforeAll(async () => {
    const provide = (_: string, value: string): unknown => (url = value)
    teardown = await setup({ provide } as unknown as TestProject)
  })
  afterAll(() => teardown())

  it.for(Object.entries(flows))('give the same answers: %s', async ([, calls]) => {
    await fetch(`${url}/__reset`, { method: 'POST' })
    const fresh = createHandlers(createStore())
    const served = await answers(url, calls, fetch)
    const mocked = await answers('https://shop.example', calls, async (request) => {
      const response = await getResponse(fresh, request)
      return response === undefined ? Response.json('unhandled', { status: 599 }) : decompressed(response)
    })
    expect(mocked).toEqual(served)
    expect(served).toHaveLength(calls.length)
  })
})

describe('handlers', () => {
  it('leave an unknown path unhandled', async () => {
    expect(await getResponse(handlers, new Request('http://127.0.0.1:3000/nowhere'))).toBeUndefined()
    expect(await getResponse(handlers, new Request('http://127.0.0.1:3000/products/p-1/prices'))).toBeUndefined()
  })

  it('keep the state of their store', async () => {
    const [left, right] = [createHandlers(createStore()), createHandlers(createStore())]
    const requestCount = async (all: typeof handlers): Promise<number> => {
      const response = await getResponse(all, new Request('http://store/__stats'))
      return Stats.parse(await response?.json()).requests
    }
    await getResponse(left, new Request('http://store/health'))
    expect([await requestCount(left), await requestCount(right)]).toEqual([1, 0])
  })
})
