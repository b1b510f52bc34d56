import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { startServer } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'
import { decodeBody } from './response-body.ts'

const plain = Buffer.from('{"text":"a text that is compressed"}')
const limit = 1000

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
    expect(decodeBody(body, encoding, limit)).toEqual(plain)
  })

  it('leaves an unknown coding and an empty body as they are', () => {
    expect(decodeBody(plain, 'compress', limit)).toBe(plain)
    expect(decodeBody(plain, '__proto__', limit)).toBe(plain)
    expect(decodeBody(gzipSync(plain), 'gzip,', limit)).toEqual(plain)
    expect(decodeBody(Buffer.alloc(0), 'gzip', limit)).toHaveLength(0)
  })

  it('refuses data that does not follow its coding', () => {
    expect(() => decodeBody(gzipSync(plain).subarray(0, 20), 'gzip', limit)).toThrow()
  })

  it.for([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('refuses %s that grows over the limit', ([encoding, compress]) => {
    expect(decodeBody(compress(Buffer.alloc(limit)), encoding, limit)).toHaveLength(limit)
    expect(() => decodeBody(compress(Buffer.alloc(limit + 1)), encoding, limit)).toThrow(
      expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }),
    )
  })

  it('refuses more codings than any server needs', () => {
    expect(decodeBody(plain, 'identity,'.repeat(5), limit)).toBe(plain)
    expect(() => decodeBody(plain, 'identity,'.repeat(6), limit)).toThrow('too many codings')
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
