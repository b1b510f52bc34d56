import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { startServer } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'
import { decodeBody } from './response-body.ts'

const plain = Buffer.from('{"text":"a text that is compressed"}')

describe('decodeBody', () => {
  it.for([
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['zstd', zstdCompressSync(plain)],
    ['identity', plain],
    ['GZIP, br', brotliCompressSync(gzipSync(plain))],
  ] as const)('undoes %s', ([encoding, body]) => {
    expect(decodeBody(body, encoding)).toEqual(plain)
  })

  it('leaves an unknown coding and an empty body as they are', () => {
    expect(decodeBody(plain, 'compress')).toBe(plain)
    expect(decodeBody(Buffer.alloc(0), 'gzip')).toHaveLength(0)
  })

  it('refuses data that does not follow its coding', () => {
    expect(() => decodeBody(gzipSync(plain).subarray(0, 20), 'gzip')).toThrow()
  })

  it('is applied to answers, but not to those without a body', async () => {
    const server = await startServer((request, response) => {
      response.setHeader('content-encoding', 'gzip')
      if (request.url === '/none') response.writeHead(204).end()
      else response.end(gzipSync(plain))
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      expect(await http.get('/').json()).toEqual({ text: 'a text that is compressed' })
      expect(await http.get('/none').expect(204).text()).toBe('')
      expect((await http.head('/').expect(200)).header('content-encoding')).toBe('gzip')
    })
  })
})
