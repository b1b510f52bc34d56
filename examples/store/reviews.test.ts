import { beforeEach, expect, it } from 'vitest'
import { createTestClient, type TestClient } from './test-client.ts'

const photo = new File([new Uint8Array(2_000)], 'lamp.png', { type: 'image/png' })
let client: TestClient
let headers: Record<string, string>

beforeEach(async () => {
  client = createTestClient()
  headers = await client.login()
})

async function send(fields: Record<string, string | File>, productId = 'p-1', own = headers): Promise<unknown[]> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  const url = `http://store/products/${productId}/reviews`
  const response = await client.store.fetch(new Request(url, { method: 'POST', headers: own, body }))
  return [response.status, await response.json()]
}

it('tells what it has understood of a review, with a photo and without', async () => {
  const said = { productId: 'p-1', rating: 4, text: 'Shines ☀' }
  expect(await send({ rating: '4', text: 'Shines ☀' })).toEqual([201, said])
  expect(await send({ rating: '4', text: 'Shines ☀', photo })).toEqual([
    201,
    { ...said, photo: { type: 'image/png', bytes: 2_000 } },
  ])
})

it('refuses what is no review', async () => {
  const [status, problem] = await send({ rating: '6', photo: 'a text' })
  expect(status).toBe(400)
  expect(problem).toMatchObject({ issues: [{ path: 'rating' }, { path: 'text' }, { path: 'photo' }] })
  expect(await client.call('POST /products/p-1/reviews', { headers, body: {} })).toMatchObject({ status: 400 })
})

it('refuses a photo that is none, or too big', async () => {
  const said = { rating: '4', text: 'Shines' }
  expect(await send({ ...said, photo: new File(['<p>'], 'a.html', { type: 'text/html' }) })).toMatchObject([415, {}])
  const big = new File([new Uint8Array(1_048_577)], 'big.png', { type: 'image/png' })
  expect(await send({ ...said, photo: big })).toMatchObject([413, {}])
})

it('is for customers and for products only', async () => {
  expect(await send({ rating: '4', text: 'Shines' }, 'p-0')).toMatchObject([404, {}])
  expect(await send({ rating: '4', text: 'Shines' }, 'p-1', {})).toMatchObject([401, {}])
})
