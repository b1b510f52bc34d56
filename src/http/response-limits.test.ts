import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { http as msw, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { createOfflineVisitor } from '../offline/fixtures/offline-visitor.ts'
import { startServer, type TestServer } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const startBytes = (bytes: number, status = 200): Promise<TestServer> =>
  startServer((_, response) => void response.writeHead(status, { 'content-type': 'text/plain' }).end('x'.repeat(bytes)))

/** Answers without end. */
const startFountain = (): Promise<TestServer> =>
  startServer((_, response) => {
    const pour = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) {
        // Until the socket is full.
      }
    }
    response.on('drain', pour)
    pour()
  })

const tooLarge = (bytes: number, how = ''): object => ({
  code: 'ERR_LOAD_REQUEST',
  category: 'protocol',
  message: `GET / failed: body is too large${how}: more than ${bytes} bytes (maxResponseBytes).`,
})

describe('the longest body of an answer', () => {
  it('is named by the failure, and ends the transfer', async () => {
    const server = await startFountain()
    const visitor = createVisitor({ baseUrl: server.origin, maxResponseBytes: 100_000 })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject(tooLarge(100_000))
    await Promise.allSettled([server.closed()])
    expect((await visitor.finish()).counters.bytesReceived).toBeLessThan(10_000_000)
  })

  it('is what a request says itself', async () => {
    const server = await startBytes(200)
    const visitor = createVisitor({ baseUrl: server.origin, maxResponseBytes: 100 })
    await visitor.run(async () => {
      await expect(http.get('/')).rejects.toMatchObject(tooLarge(100))
      expect(await http.get('/', { maxResponseBytes: 200 }).text()).toHaveLength(200)
      await expect(http.get('/', { maxResponseBytes: 199 })).rejects.toMatchObject(tooLarge(199))
    })
  })

  it('holds for what is decompressed', async () => {
    const server = await startServer(
      (_, response) => void response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(5000))),
    )
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(http.get('/', { maxResponseBytes: 4999 })).rejects.toMatchObject(
        tooLarge(4999, ' when decompressed'),
      )
      expect(await http.get('/', { maxResponseBytes: 5000 }).text()).toHaveLength(5000)
    })
  })

  it('holds for each answer of a chain of redirects', async () => {
    const server = await startServer((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/to' }).end('x'.repeat(80))
      else response.end('x'.repeat(80))
    })
    const visitor = createVisitor({ baseUrl: server.origin, maxResponseBytes: 100 })
    expect(await visitor.run(() => http.get('/').text())).toHaveLength(80)
  })

  it('holds for mocks', async () => {
    const visitor = createOfflineVisitor([msw.get('*/', () => HttpResponse.text('x'.repeat(200)))], {
      maxResponseBytes: 100,
    })
    await visitor.run(async () => {
      await expect(http.get('/')).rejects.toMatchObject(tooLarge(100))
      await http.get('/', { maxResponseBytes: 200 }).expect(200)
    })
  })
})

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function arrayBufferBytes(): number {
  // What the first one finds is given back by another thread; the second one waits for it.
  collect()
  collect()
  return process.memoryUsage().arrayBuffers
}

const notKept = {
  code: 'ERR_LOAD_OPTIONS',
  category: 'script',
  message: expect.stringContaining('discardBody: false'),
}

describe('a body that is not kept', () => {
  it('cannot be read, and says why', async () => {
    const server = await startBytes(200)
    const visitor = createVisitor({ baseUrl: server.origin, discardBodies: true })
    await visitor.run(async () => {
      const response = await http.get('/').expect(200)
      expect(response.header('content-type')).toBe('text/plain')
      for (const read of [response.text(), response.json(), response.bytes(), response.jsonPath('$.a')])
        await expect(read).rejects.toMatchObject(notKept)
      await expect(http.get('/').text()).rejects.toMatchObject(notKept)
      await expect(http.get('/').expect(200).json()).rejects.toMatchObject(notKept)
      await expect(http.get('/').jsonPath('$.a')).rejects.toMatchObject(notKept)
      expect(await http.get('/', { discardBody: false }).text()).toHaveLength(200)
    })
    const { counters, errors } = await visitor.finish()
    expect(errors).toEqual([])
    expect(counters.bytesReceived).toBe(server.bytesWritten())
  })

  it('may be longer than one that is, and takes no memory', async () => {
    const megabytes = 48
    const piece = Buffer.alloc(65_536)
    const server = await startServer((_, response) => {
      let left = megabytes * 16
      const pour = (): void => {
        while (left-- > 0) if (!response.write(piece)) return
        response.end()
      }
      response.on('drain', pour)
      pour()
    })
    const visitor = createVisitor({ baseUrl: server.origin, maxResponseBytes: 100 })
    const before = arrayBufferBytes()
    const response = await visitor.run(() => http.get('/', { discardBody: true }).expect(200))
    expect(arrayBufferBytes() - before).toBeLessThan(8 * 2 ** 20)
    expect(response.status).toBe(200)
    expect((await visitor.finish()).counters.bytesReceived).toBeGreaterThan(megabytes * 2 ** 20)
  })

  it('has a limit where the request says so', async () => {
    const server = await startFountain()
    const visitor = createVisitor({ baseUrl: server.origin, discardBodies: true })
    const sent = visitor.run(() => http.get('/', { maxResponseBytes: 100_000 }))
    await expect(sent).rejects.toMatchObject(tooLarge(100_000))
  })

  it('is told by its beginning where the answer is a failure', async () => {
    const server = await startBytes(5_000_000, 500)
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(() => http.get('/', { discardBody: true }))
    const { errors } = await visitor.finish()
    expect(errors[0]).toMatchObject({
      category: 'http_5xx',
      exemplar: { response: expect.stringMatching(/^x{199}…$/) },
    })
  })

  it('is not kept of mocks either, nor decompressed', async () => {
    const visitor = createOfflineVisitor([
      msw.get('*/', () => HttpResponse.text('no gzip', { headers: { 'content-encoding': 'gzip' } })),
    ])
    const response = await visitor.run(() => http.get('/', { discardBody: true }).expect(200))
    await expect(response.text()).rejects.toMatchObject(notKept)
  })
})
