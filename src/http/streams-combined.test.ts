import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { trusting } from './fixtures/certificate.ts'
import { startHttp2, type Http2TestServer } from './fixtures/http2-servers.ts'
import { startProxy } from './fixtures/proxy.ts'
import { startServer, type TestServer } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

async function textOf(lines: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of lines) text += Buffer.from(chunk).toString()
  return text
}

/** `/feed` never ends; anything else does. */
function startFeed(options: Parameters<typeof startHttp2>[1] = {}): Promise<Http2TestServer> {
  return startHttp2((path, stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
    if (path === '/feed') stream.write('data: 1\n\n')
    else stream.end('ok')
  }, options)
}

const startLong = (bytes = 10_000): Promise<TestServer> =>
  startServer((_, response) => void response.end('x'.repeat(bytes)))

describe('an answer that is read as it comes', () => {
  it('ends one stream of HTTP/2 where its reader leaves, and keeps the connection', async () => {
    const server = await startFeed()
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls: trusting })
    await visitor.run(async () => {
      const other = http.get('/feed').events()
      await other.next()
      for await (const { data } of http.get('/feed').expect(200).events()) {
        expect(data).toBe('1')
        break
      }
      expect(await http.get('/').text()).toBe('ok')
      await other.return?.()
      expect(await http.get('/').text()).toBe('ok')
    })
    const snapshot = await visitor.finish()
    expect([server.sessions(), snapshot.counters.connectionsOpened]).toEqual([1, 1])
    expect(countSamples(snapshot)).toMatchObject({ 'GET /feed': { 0: 2 }, 'GET /': { 0: 2 } })
    expect(snapshot.errors).toEqual([])
  })

  it('gives its stream of HTTP/2 to who waits for one', async () => {
    const server = await startFeed({ settings: { maxConcurrentStreams: 200 } })
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls: trusting })
    await visitor.run(async () => {
      const feeds = Array.from({ length: 100 }, () => http.get('/feed').events())
      await Promise.all(feeds.map((feed) => feed.next()))
      const waiting = Array.from({ length: 50 }, () => http.get('/').text())
      await sleep(20)
      for (const feed of feeds) await feed.return?.()
      expect(new Set(await Promise.all(waiting))).toEqual(new Set(['ok']))
    })
    const snapshot = await visitor.finish()
    expect(countSamples(snapshot)).toMatchObject({ 'GET /feed': { 0: 100 }, 'GET /': { 0: 50 } })
    expect([server.sessions(), snapshot.errors]).toEqual([1, []])
  })

  it('says that a proxy closed nothing: the connection was cut on this side', async () => {
    const proxy = await startProxy()
    const server = await startServer((_, response) => void response.writeHead(200).write('a\n'))
    const visitor = createVisitor({
      baseUrl: server.origin,
      proxy: { protocol: 'http:', hostname: '127.0.0.1', port: String(proxy.port), headers: [], bypass: [] },
    })
    await visitor.run(async () => {
      for await (const line of http.get('/').expect(200).lines()) {
        expect(line).toBe('a')
        break
      }
    })
    await proxy.closed()
    await sleep(20)
    expect(proxy.asked[0]?.what).toBe(`GET ${server.origin}/`)
    expect(JSON.stringify(visitor.connections())).toContain('"cut":1')
  })

  it('is whole in a project that keeps no bodies', async () => {
    const server = await startLong()
    const visitor = createVisitor({ baseUrl: server.origin, discardBodies: true })
    expect(await visitor.run(() => textOf(http.get('/').expect(200).chunks()))).toHaveLength(10_000)
  })

  it('is not taken for whole where it was not kept', async () => {
    const server = await startLong()
    const visitor = createVisitor({ baseUrl: server.origin, discardBodies: true })
    await visitor.run(async () => {
      const pending = http.get('/')
      await pending
      await expect(textOf(pending.chunks())).rejects.toMatchObject({
        code: 'ERR_LOAD_OPTIONS',
        message: expect.stringContaining('discardBody: false') as string,
      })
    })
  })

  it('may be read again where it was collected', async () => {
    const server = await startLong(10)
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      const pending = http.get('/')
      const response = await pending
      expect(await textOf(pending.chunks())).toHaveLength(10)
      expect(await response.text()).toHaveLength(10)
      expect(await pending.text()).toHaveLength(10)
    })
  })

  it('is gone for who asks for it afterwards, who is told so', async () => {
    const server = await startLong(10)
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      const pending = http.get('/').expect(200)
      await textOf(pending.chunks())
      const gone = { code: 'ERR_LOAD_OPTIONS', message: expect.stringContaining('as it came') as string }
      await expect(pending.text()).rejects.toMatchObject(gone)
      await expect((await pending).json()).rejects.toMatchObject(gone)
      expect((await pending).status).toBe(200)
    })
  })

  it('gives nothing of an answer that was refused before', async () => {
    const server = await startServer((_, response) => void response.writeHead(404).end('not here'))
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      const pending = http.get('/').expect(200)
      await expect(pending).rejects.toMatchObject({ category: 'http_4xx' })
      const items: unknown[] = []
      const reading = (async () => {
        for await (const item of pending.lines()) items.push(item)
      })()
      await expect(reading).rejects.toMatchObject({ category: 'http_4xx' })
      expect(items).toEqual([])
    })
  })

  it('is not silent while its reader makes it wait', async () => {
    const server = await startLong(20_000_000)
    const visitor = createVisitor({ baseUrl: server.origin })
    let bytes = 0
    await visitor.run(async () => {
      for await (const chunk of http.get('/', { timeout: { body: 100 } }).chunks()) {
        if (bytes === 0) await sleep(400)
        bytes += chunk.byteLength
      }
    })
    expect(bytes).toBe(20_000_000)
  })

  it('is silent where nothing comes, and where nothing comes after a wait of its reader', async () => {
    const server = await startServer((_, response) => void response.write('x'.repeat(300_000)))
    const visitor = createVisitor({ baseUrl: server.origin })
    let bytes = 0
    const reading = visitor.run(async () => {
      for await (const chunk of http.get('/', { timeout: { body: 100 } }).chunks()) {
        if (bytes === 0) await sleep(300)
        bytes += chunk.byteLength
      }
    })
    await expect(reading).rejects.toMatchObject({ category: 'timeout' })
  })

  it.for([{ body: 'x' }, { latency: '10s' }] as const)('cannot be expected to have %o', async (expected) => {
    const server = await startLong(10)
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(textOf(http.get('/').expect(expected).chunks())).rejects.toMatchObject({
        code: 'ERR_LOAD_OPTIONS',
        category: 'script',
      })
    })
  })
})

describe('an answer', () => {
  it('knows what it came over after redirects from HTTP/2 to HTTP/1.1', async () => {
    const old = await startServer((_, response) => void response.end('old'))
    const server = await startHttp2((_, stream) => {
      stream.respond({ ':status': 302, location: `${old.origin}/` })
      stream.end()
    })
    const visitor = createVisitor({
      baseUrl: server.origin,
      targets: [new URL(old.origin)] as never,
      http2: true,
      tls: trusting,
    })
    const { httpVersion, url, timings } = await visitor.run(() => http.get('/').expect(200))
    expect([httpVersion, url]).toEqual(['1.1', `${old.origin}/`])
    expect(timings.tls).toBe(0)
  })

  it('that is not kept is not expected to have a body', async () => {
    const server = await startLong(10)
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      const sent = http.get('/', { discardBody: true }).expect({ body: 'x' })
      await expect(sent).rejects.toMatchObject({
        code: 'ERR_LOAD_OPTIONS',
        category: 'script',
        message: expect.stringContaining('discardBody: false') as string,
      })
      await http.get('/', { discardBody: true }).expect({ headers: { 'content-length': '10' }, status: 200 })
    })
    expect((await visitor.finish()).errors).toHaveLength(1)
  })
})
