import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from './app.ts'
import { Problem } from './schemas.ts'
import { createTestClient, type TestClient } from './test-client.ts'

let delaysMs: number[]
let client: TestClient

function createClient(seed = 1): TestClient {
  const sleep = async (delayMs: number): Promise<unknown> => delaysMs.push(delayMs)
  return createTestClient(createStore({ seed, sleep }))
}

beforeEach(() => {
  delaysMs = []
  client = createClient()
})

const vary = (query: string): Promise<Response> => client.call(`GET /vary${query}`)

async function statuses(query: string): Promise<number[]> {
  const answers = Array.from({ length: 200 }, () => vary(query))
  return (await Promise.all(answers)).map(({ status }) => status)
}

describe('GET /vary', () => {
  it('answers at once when nothing is asked of it', async () => {
    expect(await (await vary('')).json()).toEqual({ status: 200, delayMs: 0 })
    expect(delaysMs).toEqual([])
  })

  it.for([200, 201, 302, 404, 503])('answers with the status %i', async (status) => {
    const response = await vary(`?status=${status}`)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ status, delayMs: 0 })
  })

  it.for([204, 205, 304])('answers %i without a body', async (status) => {
    const response = await vary(`?status=${status}&bytes=10`)
    expect([response.status, await response.text()]).toEqual([status, ''])
  })

  it.for([0, 1, 1_048_576])('answers with %i bytes', async (bytes) => {
    expect((await (await vary(`?bytes=${bytes}`)).bytes()).length).toBe(bytes)
  })

  it('redirects within the store', async () => {
    const response = await client.call('POST /vary?status=303&location=/products%3Flimit=1')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/products?limit=1'])
  })

  it.for([
    'http://example.com/',
    '//example.com/',
    '/\\example.com/',
    '/\t/example.com/',
    '/\n',
    '/\r\nx: y',
    '/ä',
    'products',
  ])('refuses to redirect to %j', async (location) => {
    const response = await vary(`?status=302&location=${encodeURIComponent(location)}`)
    expect([response.status, response.headers.has('location')]).toEqual([400, false])
  })

  it.for(['status=429', 'status=503', 'errorRate=1'])('tells with %s when to come back', async (query) => {
    expect((await vary(`?${query}`)).headers.get('retry-after')).toBe('1')
  })

  it('waits for the delay and the latency together, at most ten seconds', async () => {
    await vary('?delayMs=30')
    await vary('?delayMs=30&latency=lognormal(50,0)')
    await vary('?delayMs=9990&latency=uniform(20,20)')
    expect(delaysMs).toEqual([30, 80, 10_000])
  })

  it('fails in the share that it is asked for', async () => {
    const failedCount = (await statuses('?errorRate=0.2')).filter((status) => status === 503).length
    expect(failedCount).toBeGreaterThan(20)
    expect(failedCount).toBeLessThan(60)
    expect(new Set(await statuses('?errorRate=0'))).toEqual(new Set([200]))
    expect(new Set(await statuses('?errorRate=1&status=201'))).toEqual(new Set([503]))
  })

  it('repeats itself after a reset and for the same seed, but not for another', async () => {
    const query = '?errorRate=0.5'
    const first = await statuses(query)
    expect(await statuses(query)).not.toEqual(first)
    client.store.reset()
    expect(await statuses(query)).toEqual(first)
    client = createClient()
    expect(await statuses(query)).toEqual(first)
    client = createClient(2)
    expect(await statuses(query)).not.toEqual(first)
  })

  it.for([
    ['status=99', 'status'],
    ['status=600', 'status'],
    ['status=', 'status'],
    ['status=abc', 'status'],
    ['delayMs=-1', 'delayMs'],
    ['delayMs=10001', 'delayMs'],
    ['bytes=1048577', 'bytes'],
    ['bytes=1.5', 'bytes'],
    ['errorRate=1.1', 'errorRate'],
    ['latency=normal(50)', 'latency'],
  ] as const)('refuses %s with 400, and names %s', async ([query, path]) => {
    const response = await vary(`?${query}`)
    expect(response.status).toBe(400)
    expect(Problem.parse(await response.json()).issues?.map((issue) => issue.path)).toEqual([path])
  })

  it('says what it wants instead, of all that is wrong', async () => {
    expect(await (await vary('?latency=fast&bytes=x&size=1')).json()).toMatchInlineSnapshot(`
      {
        "error": "The request is invalid",
        "issues": [
          {
            "message": "Expected a number",
            "path": "bytes",
          },
          {
            "message": "Expected lognormal(medianMs,sigma), uniform(minMs,maxMs), exponential(meanMs) with parameters of 0 to 10000",
            "path": "latency",
          },
          {
            "message": "Unrecognized key: "size"",
            "path": "",
          },
        ],
      }
    `)
  })
})
