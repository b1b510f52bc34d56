import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { http as msw, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { createOfflineVisitor } from '../offline/fixtures/offline-visitor.ts'
import type { Compression } from './compression.ts'
import { startServer, type TestServer } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

interface Received {
  readonly text: string
  readonly encoding: string
  readonly type: string
  readonly length: string | undefined
}

const decoders: Readonly<Record<Compression, (body: Buffer) => Buffer>> = {
  gzip: (body) => gunzipSync(body),
  deflate: (body) => inflateSync(body),
  br: (body) => brotliDecompressSync(body),
  zstd: (body) => zstdDecompressSync(body),
}
const all = Object.keys(decoders) as Compression[]

const startDecoder = (): Promise<TestServer> =>
  startServer((request, response) => {
    const { 'content-encoding': encoding, 'content-type': type, 'content-length': length } = request.headers
    void buffer(request).then((body) =>
      response.end(JSON.stringify({ text: String(decoders[encoding as Compression](body)), encoding, type, length })),
    )
  })

describe('compress', () => {
  it.for(all)('sends JSON as %s', async (compress) => {
    const server = await startDecoder()
    const visitor = createVisitor({ baseUrl: server.origin })
    const received = (await visitor.run(() => http.post('/', { json: { a: 1 }, compress }).json())) as Received
    expect(received).toMatchObject({ text: '{"a":1}', encoding: compress, type: 'application/json' })
    expect(Number(received.length)).toBeGreaterThan(0)
  })

  it.for(all)('compresses large bodies and streams as %s while they are sent', async (compress) => {
    const server = await startDecoder()
    const visitor = createVisitor({ baseUrl: server.origin })
    const large = 'vitest-load '.repeat(20_000)
    const send = (body: string | Readable): Promise<unknown> =>
      visitor.run(() => http.post('/', { body, compress }).json())
    const expected = { text: large, encoding: compress }
    expect(await send(large)).toEqual(expected)
    expect(await send(Readable.from([large.slice(0, 100), large.slice(100)]))).toEqual(expected)
    expect((await visitor.finish()).counters.bytesSent).toBeLessThan(50_000)
  })

  it('compresses a form with its files', async () => {
    const server = await startDecoder()
    const visitor = createVisitor({ baseUrl: server.origin })
    const multipart = { a: '1', file: new Blob(['two']) }
    const received = (await visitor.run(() => http.post('/', { multipart, compress: 'gzip' }).json())) as Received
    expect(received.text).toMatch(/name="a"\r\n\r\n1\r\n[^]*\r\n\r\ntwo\r\n--/)
    expect(received.type).toMatch(/^multipart\/form-data; boundary=/)
  })

  it('tells a stream that breaks off as ours', async () => {
    const visitor = createVisitor({ baseUrl: (await startServer((request) => request.on('error', () => {}))).origin })
    async function* body(): AsyncIterable<string> {
      yield 'one'
      throw new Error('disk on fire')
    }
    await expect(visitor.run(() => http.post('/', { body, compress: 'gzip' }))).rejects.toMatchObject({
      category: 'script',
      message: expect.stringContaining('disk on fire'),
    })
  })

  it('reaches mocks as it is', async () => {
    const visitor = createOfflineVisitor([
      msw.post('*/', async ({ request }) => {
        const body = Buffer.from(await request.arrayBuffer())
        return HttpResponse.json([request.headers.get('content-encoding'), String(gunzipSync(body))])
      }),
    ])
    expect(await visitor.run(() => http.post('/', { body: 'text', compress: 'gzip' }).json())).toEqual(['gzip', 'text'])
  })

  it('keeps the credentials in a body out of what a server answers', async () => {
    const server = await startServer((_, response) => void response.writeHead(500).end('no user hunter-2-secret'))
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(() => http.post('/', { json: { password: 'hunter-2-secret' }, compress: 'gzip' }))
    const { errors } = await visitor.finish()
    expect(errors[0]?.exemplar?.response).toBe('no user [redacted]')
  })
})
