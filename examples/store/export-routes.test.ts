import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { catalogue } from './catalogue.ts'
import { createTestClient } from './test-client.ts'

const { call } = createTestClient()
const get = (headers: Record<string, string> = {}): Promise<Response> => call('GET /catalogue', { headers })

describe('GET /catalogue', () => {
  it('gives all products as JSON unless asked for something else', async () => {
    const response = await get({ accept: 'image/png, */*' })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('vary')).toBe('accept, accept-encoding')
    expect(await response.json()).toEqual(catalogue)
  })

  it.for([
    ['text/csv', 'id,name,category,priceCents,stock\r\np-1,Bright Oak Bench,bench,'],
    ['application/xml', '<?xml version="1.0" encoding="UTF-8"?>\n<products>\n<product id="p-1" category="bench"'],
    [
      'text/html',
      '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Catalogue</title>\n<table>\n<tr><th>id</th>',
    ],
  ] as const)('gives them as %s', async ([accept, start]) => {
    const response = await get({ accept: `application/json;q=0.5, ${accept}` })
    expect(response.headers.get('content-type')).toBe(accept)
    const text = await response.text()
    expect(text.slice(0, start.length)).toBe(start)
    expect(text.match(/\bp-\d+\b/g)).toHaveLength(catalogue.length)
  })

  it.for([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)('compresses by %s', async ([encoding, decompress]) => {
    const response = await get({ 'accept-encoding': encoding })
    expect(response.headers.get('content-encoding')).toBe(encoding)
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(bytes.length).toBeLessThan(5_000)
    expect(JSON.parse(decompress(bytes).toString())).toEqual(catalogue)
  })

  it.for([
    ['bytes=0-1', '[{', 'bytes 0-1/'],
    ['bytes=-2', '}]', /^bytes \d+-\d+\//],
    ['bytes=2-5', '"id"', 'bytes 2-5/'],
  ] as const)('gives the range %s', async ([range, part, told]) => {
    const response = await get({ range })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toMatch(told)
    expect(await response.text()).toBe(part)
  })

  it('gives a range up to the end, and refuses one behind it', async () => {
    const { length } = await (await get()).text()
    const rest = await get({ range: `bytes=${length - 3}-` })
    expect([rest.headers.get('content-range'), await rest.text()]).toEqual([
      `bytes ${length - 3}-${length - 1}/${length}`,
      expect.stringMatching(/\d\}\]$/),
    ])
    const behind = await get({ range: `bytes=${length}-` })
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, `bytes */${length}`])
  })

  it.for([{ range: 'bytes=5-2' }, { range: 'bytes=0-1,4-5' }, { range: 'bytes=-' }, { range: 'lines=1-2' }])(
    'gives everything for what is no single range: $range',
    async (headers) => {
      expect((await get(headers)).status).toBe(200)
    },
  )
})
