import { once } from 'node:events'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { http as msw, HttpResponse } from 'msw'
import { FormData as UndiciFormData } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createOfflineVisitor } from '../offline/fixtures/offline-visitor.ts'
import { startServer, type TestServer } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'
import { encodeMultipart } from './multipart.ts'

interface Received {
  readonly fields: readonly (readonly [string, string | { name: string; type: string; text: string }])[]
  readonly length: string | null
  readonly encoding: string | null
}

/** What another implementation makes of it. */
async function read(request: Request): Promise<Received> {
  // oxlint-disable-next-line no-deprecated -- small forms of a test, read by another implementation
  const fields = [...(await request.formData())].map(async ([name, value]) =>
    typeof value === 'string'
      ? ([name, value] as const)
      : ([name, { name: value.name, type: value.type, text: await value.text() }] as const),
  )
  return {
    fields: await Promise.all(fields),
    length: request.headers.get('content-length'),
    encoding: request.headers.get('transfer-encoding'),
  }
}

function startFormServer(): Promise<TestServer> {
  return startServer((request, response) => {
    const answer = async (): Promise<void> => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string])
      const body = new Uint8Array(await buffer(request))
      const made = new Request('http://unused', { method: 'POST', headers, body })
      response.end(JSON.stringify(await read(made)))
    }
    void answer()
  })
}

async function tempFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'multipart-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'lamp.txt')
  await writeFile(path, content)
  return path
}

const text = 'line\r\nä "quoted"'
const everything = async (path: string): Promise<Record<string, never>> =>
  ({
    title: text,
    price: 5,
    sale: true,
    left: undefined,
    tag: ['a', 'b'],
    meta: { data: '{"a":1}', type: 'application/json' },
    bytes: new Uint8Array([104, 105]),
    photo: { data: new Uint8Array([104, 105]), filename: 'a "b"\n.png', type: 'image/png' },
    file: await openAsBlob(path, { type: 'text/plain' }),
    named: new File(['x'], 'x.csv', { type: 'text/csv' }),
  }) as unknown as Record<string, never>

const octets = 'application/octet-stream'
const parsed = [
  ['title', text],
  ['price', '5'],
  ['sale', 'true'],
  ['tag', 'a'],
  ['tag', 'b'],
  ['meta', '{"a":1}'],
  ['bytes', { name: 'blob', type: octets, text: 'hi' }],
  ['photo', { name: 'a "b"\n.png', type: 'image/png', text: 'hi' }],
  ['file', { name: 'blob', type: 'text/plain', text: 'lamp' }],
  ['named', { name: 'x.csv', type: 'text/csv', text: 'x' }],
]

describe('a multipart form', () => {
  it('is encoded as RFC 7578 and the HTML standard say', () => {
    const form = { 'a"\n': 'one\ntwo', file: { data: new Uint8Array([1]), filename: 'x"\r.bin' } }
    const { body, contentType } = encodeMultipart(form)
    const boundary = contentType.replace('multipart/form-data; boundary=', '')
    expect(boundary).toMatch(/^vitest-load-[\da-f-]{36}$/)
    expect(
      Buffer.from(body as Uint8Array)
        .toString('latin1')
        .replaceAll(boundary, 'B'),
    ).toBe(
      [
        '--B',
        'content-disposition: form-data; name="a%22%0D%0A"',
        '',
        'one\r\ntwo',
        '--B',
        'content-disposition: form-data; name="file"; filename="x%22%0D.bin"',
        `content-type: ${octets}`,
        '',
        '\u0001',
        '--B--',
        '',
      ].join('\r\n'),
    )
  })

  it('has another boundary each time', () => {
    expect(encodeMultipart({}).contentType).not.toBe(encodeMultipart({}).contentType)
  })

  it('is what a server parses, with a length where that is known', async () => {
    const server = await startFormServer()
    const visitor = createVisitor({ baseUrl: server.origin })
    const multipart = await everything(await tempFile('lamp'))
    const received = (await visitor.run(() => http.post('/', { multipart }).expect(200).json())) as Received
    expect(received.fields).toEqual(parsed)
    expect(Number(received.length)).toBeGreaterThan(100)
    expect(received.encoding).toBe(null)
    const { counters } = await visitor.finish()
    expect(counters.bytesSent).toBe(server.bytesRead())
  })

  it('is sent in chunks where a stream is in it', async () => {
    const server = await startFormServer()
    const visitor = createVisitor({ baseUrl: server.origin })
    async function* lines(): AsyncIterable<string> {
      yield 'one,'
      yield 'two'
    }
    const multipart = {
      a: Readable.from(['x', 'y']),
      b: { data: lines, filename: 'b.csv', type: 'text/csv' },
      c: new Blob(['z']).stream(),
    }
    const received = (await visitor.run(() => http.post('/', { multipart }).expect(200).json())) as Received
    expect(received).toEqual({
      fields: [
        ['a', { name: 'blob', type: octets, text: 'xy' }],
        ['b', { name: 'b.csv', type: 'text/csv', text: 'one,two' }],
        ['c', { name: 'blob', type: octets, text: 'z' }],
      ],
      length: null,
      encoding: 'chunked',
    })
  })

  it.for([FormData, UndiciFormData as unknown as typeof FormData])('is taken from FormData', async (Form) => {
    const server = await startFormServer()
    const visitor = createVisitor({ baseUrl: server.origin })
    const multipart = new Form()
    multipart.append('a', '1')
    multipart.append('a', new Blob(['2'], { type: 'text/plain' }), 'two.txt')
    const received = (await visitor.run(() => http.post('/', { multipart }).json())) as Received
    expect(received.fields).toEqual([
      ['a', '1'],
      ['a', { name: 'two.txt', type: 'text/plain', text: '2' }],
    ])
  })

  it('reaches mocks as the same form', async () => {
    const visitor = createOfflineVisitor([
      msw.post('*/', async ({ request }) => HttpResponse.json(await read(request))),
    ])
    const multipart = await everything(await tempFile('lamp'))
    const received = (await visitor.run(() => http.post('/', { multipart }).expect(200).json())) as Received
    expect(received.fields).toEqual(parsed)
  })

  it('keeps the credentials in it out of what a server answers', async () => {
    const server = await startServer((_, response) => void response.writeHead(500).end('no such user hunter-2-secret'))
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(() => http.post('/', { multipart: { user: 'ann', password: 'hunter-2-secret' } }))
    const { errors } = await visitor.finish()
    expect(errors[0]?.exemplar?.response).toBe('no such user [redacted]')
  })

  it('that is refused lets go of its files', async () => {
    const visitor = createVisitor({ baseUrl: 'http://127.0.0.1:9' })
    const stream = new Readable({ read: () => {} })
    const refused = visitor.run(() => http.post('/', { multipart: { stream }, bearer: '' }))
    await expect(refused).rejects.toMatchObject({ category: 'script' })
    if (!stream.closed) await once(stream, 'close')
    expect(stream.destroyed).toBe(true)
  })
})
