import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { http as msw, HttpResponse, passthrough } from 'msw'
import { describe, expect, it } from 'vitest'
import { createOfflineVisitor } from '../offline/fixtures/offline-visitor.ts'
import type { BodySource } from './body-source.ts'
import { startEcho, startRawServer, startServer, type Echo, type TestServer } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

async function* pieces(): AsyncIterable<string | Uint8Array> {
  yield 'one '
  yield new TextEncoder().encode('two')
}

async function* broken(): AsyncIterable<string> {
  yield 'one '
  throw new Error('disk on fire')
}

function thrower(): never {
  throw new Error('no piece')
}

/** As somebody may write one by hand. */
function odd(iterator: object): AsyncIterable<string> {
  return { [Symbol.asyncIterator]: () => iterator as AsyncIterator<string> }
}

/** Gives bytes without end, slowly enough to be cut, and knows whether somebody still wants them. */
function endless(): { readonly stream: Readable; readonly wanted: () => boolean } {
  const stream = new Readable({
    read() {
      setImmediate(() => this.push(Buffer.alloc(1024)))
    },
  })
  return { stream, wanted: () => !stream.destroyed }
}

/** Reads bodies, also such as break off. */
const startSink = (): Promise<TestServer> =>
  startServer((request, response) => {
    request.on('error', () => {}).resume()
    request.once('end', () => response.end('fine'))
  })

const sources: [string, () => BodySource, 'chunked' | 'length'][] = [
  ['an async iterable', pieces, 'chunked'],
  ['an async iterable, as it is', () => pieces(), 'chunked'],
  ['a stream of Node', () => Readable.from(['one ', 'two']), 'chunked'],
  ['a stream of the web', () => new Blob(['one two']).stream(), 'chunked'],
  ['a blob', () => new Blob(['one ', 'two']), 'length'],
  ['a function', () => () => Readable.from(['one ', 'two']), 'chunked'],
  ['a function that takes its time', () => async () => new Blob(['one two']), 'chunked'],
]

describe('a body that is read while it is sent', () => {
  it.for(sources)('can be %s', async ([, make, framing]) => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const echo = (await visitor.run(() => http.post('/', { body: make() }).expect(200).json())) as Echo
    expect(echo.body).toBe('one two')
    expect(echo.headers['transfer-encoding']).toBe(framing === 'chunked' ? 'chunked' : undefined)
    expect(echo.headers['content-length']).toBe(framing === 'chunked' ? undefined : '7')
    expect((await visitor.finish()).counters.bytesSent).toBe(server.bytesRead())
  })

  it.for(sources)('reaches mocks: %s', async ([, make]) => {
    const visitor = createOfflineVisitor([
      msw.post('*/', async ({ request }) => HttpResponse.text(await request.text())),
    ])
    expect(await visitor.run(() => http.post('/', { body: make() }).expect(200).text())).toBe('one two')
  })

  it('has the type of a blob, unless a header says another', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const body = new Blob(['x'], { type: 'text/csv' })
    const send = (headers = {}): Promise<unknown> => visitor.run(() => http.put('/', { body, headers }).json())
    expect(await send()).toMatchObject({ headers: { 'content-type': 'text/csv' } })
    expect(await send({ 'content-type': 'a/b' })).toMatchObject({ headers: { 'content-type': 'a/b' } })
  })

  it('is passed on to the network by a mock that has read it', async () => {
    const server = await startEcho()
    const handler = msw.post('*/', async ({ request }) => {
      await request.clone().text()
      return passthrough()
    })
    const visitor = createOfflineVisitor([handler], { baseUrl: server.origin })
    expect(await visitor.run(() => http.post('/', { body: pieces() }).json())).toMatchObject({ body: 'one two' })
  })

  it.for<[string, () => BodySource, string]>([
    ['breaks off', broken, 'disk on fire'],
    ['cannot be opened', () => createReadStream('/nowhere/at/all'), 'ENOENT'],
    ['gives something else', () => Readable.from([{}]), 'something other than bytes or text'],
    ['throws as it is opened', () => odd({ next: undefined }), 'is not a function'],
    ['throws as it is read', () => odd({ next: thrower }), 'no piece'],
    ['gives no result', () => odd({ next: () => undefined }), 'gave no result'],
    ['throws as it is closed', () => odd({ next: async () => ({ value: 5 }), return: thrower }), 'other than bytes'],
    ['comes from a function that throws', () => thrower as never, 'no piece'],
    ['comes from a function that gives none', () => () => 'text' as never, 'the function gave no stream'],
  ])('and %s is our failure, and does no harm to the next request', async ([, make, message]) => {
    const server = await startSink()
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(http.post('/', { body: make(), name: 'broken' })).rejects.toMatchObject({
        code: 'ERR_LOAD_REQUEST',
        category: 'script',
        message: expect.stringContaining(message),
      })
      for (let at = 0; at < 3; at++) await http.post('/', { body: 'fine', name: 'fine' }).expect(200)
    })
    expect(countSamples(await visitor.finish())).toMatchObject({ broken: { 1: 1 }, fine: { 0: 3 } })
  })

  it('is our failure also where mocks answer', async () => {
    const visitor = createOfflineVisitor([msw.post('*/', () => HttpResponse.text('ok'))])
    const sent = visitor.run(() => http.post('/', { body: broken() }))
    await expect(sent).rejects.toMatchObject({ category: 'script', message: expect.stringContaining('disk on fire') })
  })

  it('ends with the answer of a server that does not wait for it', async () => {
    const server = await startServer((request, response) => {
      if (request.method === 'POST') response.writeHead(413).end('too much')
      else response.end('fine')
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    const { stream, wanted } = endless()
    await visitor.run(async () => {
      await http.post('/', { body: stream }).expect(413)
      expect(wanted()).toBe(false)
      expect(await http.get('/').text()).toBe('fine')
    })
    expect(countSamples(await visitor.finish())).toMatchObject({ 'POST /': { 0: 1 }, 'GET /': { 0: 1 } })
  })

  it('ends with a connection that the server closes', async () => {
    const server = await startRawServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const visitor = createVisitor({ baseUrl: server.origin })
    const { stream, wanted } = endless()
    const sent = visitor.run(() => http.post('/', { body: stream }))
    await expect(sent).rejects.toMatchObject({ category: 'reset' })
    expect(wanted()).toBe(false)
  })

  it.for(['timeout', 'cut'])('ends at once by a %s, also where nothing more comes', async (how) => {
    const server = await startServer((request) => void request.resume())
    const visitor = createVisitor({ baseUrl: server.origin })
    const started = Promise.withResolvers<void>()
    let isCancelled = false
    const body = new ReadableStream({
      pull: (controller) => {
        controller.enqueue(Buffer.from('x'))
        started.resolve()
        return new Promise(() => {})
      },
      cancel: () => {
        isCancelled = true
      },
    })
    const sent = visitor.run(() => http.post('/', { body, timeout: how === 'timeout' ? '30ms' : '60s' }))
    const outcome = expect(sent).rejects.toMatchObject({ category: how === 'cut' ? 'aborted' : 'timeout' })
    await started.promise
    if (how === 'cut') visitor.cut()
    await outcome
    expect(isCancelled).toBe(true)
  })

  it('is closed when its server cannot be reached', async () => {
    const visitor = createVisitor({ baseUrl: 'http://127.0.0.1:1' })
    const { stream, wanted } = endless()
    await expect(visitor.run(() => http.post('/', { body: stream }))).rejects.toMatchObject({ category: 'connect' })
    expect(wanted()).toBe(false)
  })
})

describe('a stream that is asked for again', () => {
  const redirecting = () =>
    startServer((request, response) => {
      request.resume().once('end', () => {
        if (request.url === '/from') response.writeHead(307, { location: '/to' }).end()
        else response.end('arrived')
      })
    })

  it('fails the request that a redirect asks for', async () => {
    const server = await redirecting()
    const visitor = createVisitor({ baseUrl: server.origin })
    await expect(visitor.run(() => http.post('/from', { body: pieces() }))).rejects.toMatchObject({
      category: 'script',
      message: expect.stringContaining('redirected (307) with a body that can be sent once; give a function'),
    })
    expect((await visitor.finish()).counters.requestsStarted).toBe(1)
  })

  it.for<[string, BodySource]>([
    ['a function', pieces],
    ['a blob', new Blob(['one two'])],
  ])('is made again by %s', async ([, body]) => {
    const server = await redirecting()
    const visitor = createVisitor({ baseUrl: server.origin })
    expect(await visitor.run(() => http.post('/from', { body }).text())).toBe('arrived')
  })

  it('is refused for another request', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const body = pieces()
    await visitor.run(async () => {
      await http.post('/', { body }).expect(200)
      await expect(http.post('/', { body })).rejects.toMatchObject({
        category: 'script',
        message: expect.stringContaining('a stream that was read before; give a function that makes one'),
      })
    })
  })

  it('fails one of two requests at the same time, not the other', async () => {
    const server = await startSink()
    const visitor = createVisitor({ baseUrl: server.origin })
    const body = pieces()
    const both = await visitor.run(() =>
      Promise.allSettled([http.post('/', { body }).text(), http.post('/', { body }).text()]),
    )
    expect(both).toMatchObject([
      { status: 'fulfilled', value: 'fine' },
      { status: 'rejected', reason: { category: 'script' } },
    ])
  })
})
