import { setTimeout } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { settle } from '../engine/settle.ts'
import { systemClock } from '../engine/clock.ts'
import { startScripted, startServer, type TestServer } from './fixtures/servers.ts'
import { countSamples, createVisitor, type Visitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

interface Streaming {
  readonly visitor: Visitor
  readonly server: TestServer
}

/** A user of a server whose answers are written by hand. */
async function visit(write: (response: ServerResponse, url: string) => void, timeoutMs = 5000): Promise<Streaming> {
  const server = await startServer((request, response) => {
    request.resume()
    write(response, request.url ?? '')
  })
  return { server, visitor: createVisitor({ baseUrl: server.origin, timeoutMs }) }
}

function eventStream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' })
}

/** Ticks for as long as somebody listens. */
function tick(response: ServerResponse): void {
  let count = 0
  eventStream(response)
  const timer = setInterval(() => response.write(`id: ${count}\nevent: tick\ndata: {"count":${count++}}\n\n`), 5)
  response.on('close', () => {
    clearInterval(timer)
  })
}

async function collect<Item>(items: AsyncIterable<Item>, into: Item[] = []): Promise<Item[]> {
  for await (const item of items) into.push(item)
  return into
}

/** Waits until a number grows no more. */
async function untilStill(read: () => number): Promise<void> {
  let last = -1
  while (last !== read()) {
    last = read()
    await setTimeout(50)
  }
}

const Tick = z.object({ count: z.int() })

describe('a stream of events', () => {
  it('gives its messages with all that belongs to them', async () => {
    const text = ': hello\n\nretry: 700\nid: 1\nevent: placed\ndata: a\ndata: b\n\ndata: c\n\ndata: cut off'
    const { visitor } = await visit((response) => eventStream(response).end(text))
    const events = await visitor.run(() => collect(http.get('/events').expect(200).events()))
    expect(events).toEqual([
      { event: 'placed', data: 'a\nb', id: '1', retry: 700 },
      { event: 'message', data: 'c', id: undefined, retry: undefined },
    ])
    expect(countSamples(await visitor.finish())).toMatchObject({ 'GET /events': { 0: 1 } })
  })

  it('ends as ok where its reader leaves, and the next request has a connection of its own', async () => {
    const { visitor, server } = await visit((response, url) =>
      url === '/events' ? tick(response) : response.end('{}'),
    )
    const pending = visitor.run(() => http.get('/events').expect(200))
    const counts: number[] = []
    await visitor.run(async () => {
      for await (const { event, data } of pending.events(Tick)) {
        expect(event).toBe('tick')
        counts.push(data.count)
        if (data.count === 3) break
      }
    })
    expect(counts).toEqual([0, 1, 2, 3])
    const { status, timings } = await pending
    expect(status).toBe(200)
    expect(timings.receiving).toBeGreaterThan(10)
    expect(timings.duration).toBeGreaterThanOrEqual(timings.waiting)
    expect((await visitor.run(() => http.get('/next'))).status).toBe(200)
    expect(server.connections()).toBe(2)
    const snapshot = await visitor.finish()
    expect(countSamples(snapshot)).toMatchObject({ 'GET /events': { 0: 1 }, 'GET /next': { 0: 1 } })
    expect(snapshot.errors).toEqual([])
    expect(visitor.frame).toMatchObject({ failedRequests: 0, inFlight: 0 })
  })

  it('throws before its first message where the answer is not the expected one', async () => {
    const { visitor } = await visit((response) => response.writeHead(503).end('maintenance'))
    const seen: unknown[] = []
    await expect(visitor.run(() => collect(http.get('/events').expect(200).events(), seen))).rejects.toMatchObject({
      code: 'ERR_LOAD_UNEXPECTED_STATUS',
      category: 'http_5xx',
    })
    expect(seen).toEqual([])
    const { errors } = await visitor.finish()
    expect(errors).toMatchObject([
      { count: 1, category: 'http_5xx', exemplar: { response: expect.stringContaining('maintenance') } },
    ])
  })

  it('does not wait for the end of an endless answer that is not the expected one', async () => {
    const { visitor } = await visit(tick)
    await expect(visitor.run(() => collect(http.get('/events').expect(201).events()))).rejects.toMatchObject({
      code: 'ERR_LOAD_UNEXPECTED_STATUS',
      category: 'unexpected_status',
    })
    const { errors } = await visitor.finish()
    expect(errors).toMatchObject([{ count: 1, category: 'unexpected_status' }])
  })

  it('throws for an answer of another type, and for data that does not fit', async () => {
    const { visitor } = await visit((response, url) => {
      if (url === '/page') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
      else eventStream(response).write(url === '/text' ? 'data: no JSON\n\n' : 'data: {"count":"a"}\n\n')
    })
    const read = (url: string): Promise<unknown> => visitor.run(() => collect(http.get(url).events(Tick)))
    await expect(read('/page')).rejects.toMatchObject({
      code: 'ERR_LOAD_EXTRACTION',
      message: expect.stringContaining('text/html'),
    })
    await expect(read('/text')).rejects.toMatchObject({ code: 'ERR_LOAD_EXTRACTION' })
    await expect(read('/count')).rejects.toMatchObject({ code: 'ERR_LOAD_SCHEMA' })
    // The requests themselves were answered well.
    expect((await visitor.finish()).errors).toEqual([])
  })

  it('throws in the loop when it breaks off, after what has come', async () => {
    const answer =
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n'
    const server = await startScripted(answer, (socket) => socket.resetAndDestroy())
    const visitor = createVisitor({ baseUrl: server.origin })
    const seen: unknown[] = []
    await expect(visitor.run(() => collect(http.get('/events').events(), seen))).rejects.toMatchObject({
      category: 'reset',
    })
    expect(seen).toHaveLength(1)
    expect((await visitor.finish()).errors).toMatchObject([{ count: 1, category: 'reset' }])
  })

  it('ends with its timeout, and when the load is cut', async () => {
    const { visitor } = await visit(tick)
    await expect(
      visitor.run(() => collect(http.get('/events', { timeout: '60ms', name: 'short' }).events())),
    ).rejects.toMatchObject({ category: 'timeout' })
    const reading = visitor.run(() => collect(http.get('/events').events()))
    const refused = expect(reading).rejects.toMatchObject({ code: 'ERR_LOAD_ABORTED', category: 'aborted' })
    await setTimeout(20)
    visitor.cut()
    await refused
    expect((await visitor.finish()).errors).toMatchObject([{ category: 'timeout' }, { category: 'aborted' }])
  })

  it('sets its cookies at once', async () => {
    const { visitor } = await visit((response) => {
      response.setHeader('set-cookie', 'sid=1; Path=/')
      tick(response)
    })
    await visitor.run(async () => {
      for await (const { event } of http.get('/events').events()) {
        expect([event, http.cookies.get('sid')]).toEqual(['tick', '1'])
        break
      }
    })
  })

  it('follows redirects first', async () => {
    const { visitor } = await visit((response, url) => {
      if (url === '/from') response.writeHead(302, { location: '/to' }).end('moved')
      else eventStream(response).end('data: here\n\n')
    })
    const events = await visitor.run(() => collect(http.get('/from').expect(200).events()))
    expect(events.map(({ data }) => data)).toEqual(['here'])
    expect(countSamples(await visitor.finish())).toMatchObject({ 'GET /from': { 0: 1 }, 'GET /to': { 0: 1 } })
  })
})

describe('an answer that is read as it comes', () => {
  it('gives the lines, whatever ends them and wherever they are split', async () => {
    const pieces = ['{"a"', ':1}\n{"b":"\u00e9', '"}\r', '\n\nlast']
    const { visitor } = await visit((response) => {
      const bytes = pieces.map((piece) => Buffer.from(piece))
      const halves = bytes.flatMap((piece) => [piece.subarray(0, piece.length - 1), piece.subarray(piece.length - 1)])
      for (const half of halves) response.write(half)
      response.end()
    })
    expect(await visitor.run(() => collect(http.get('/lines').lines()))).toEqual([
      '{"a":1}',
      '{"b":"\u00e9"}',
      '',
      'last',
    ])
  })

  it('is decompressed as it comes', async () => {
    const text = 'data: here\n\n'.repeat(1000)
    const { visitor } = await visit((response, url) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
      const bytes = gzipSync(text)
      if (url === '/broken') bytes.fill(7, 20)
      response.end(bytes)
    })
    expect(await visitor.run(() => collect(http.get('/packed').events()))).toHaveLength(1000)
    const [first] = await visitor.run(async () => {
      for await (const event of http.get('/packed').events()) return [event]
      return []
    })
    expect(first?.data).toBe('here')
    await expect(visitor.run(() => collect(http.get('/broken').events()))).rejects.toMatchObject({
      category: 'protocol',
    })
  })

  it('makes the server wait for a slow reader', async () => {
    // More than the socket buffers of both sides hold.
    const total = 48 * 2 ** 20
    const piece = Buffer.alloc(2 ** 16)
    let sent = 0
    const { visitor } = await visit((response) => {
      const write = (): void => {
        while (sent < total) {
          sent += piece.length
          if (!response.write(piece)) return void response.once('drain', write)
        }
        response.end()
      }
      write()
    })
    let received = 0
    await visitor.run(async () => {
      for await (const chunk of http.get('/large').chunks()) {
        if (received === 0) await untilStill(() => sent)
        if (received === 0) expect(sent).toBeLessThan(total)
        received += chunk.byteLength
      }
    })
    expect(received).toBe(total)
  })

  it('has no more than one reader, and the whole body where it comes late', async () => {
    const { visitor } = await visit((response) => response.end('a\nb'))
    const pending = visitor.run(() => http.get('/lines'))
    await pending
    expect(await collect(pending.lines())).toEqual(['a', 'b'])
    expect(() => pending.chunks()).toThrow(/taken by another loop/)
  })

  it('is left when the iteration ends and nobody reads it', async () => {
    const { visitor } = await visit(tick)
    visitor.run(() => http.get('/events').expect(200).events())
    await settle(visitor.frame.scope, () => visitor.frame.scope.inFlight > 0, systemClock)
    const snapshot = await visitor.finish()
    expect(countSamples(snapshot)).toMatchObject({ 'GET /events': { 0: 1 } })
    expect(snapshot.errors).toEqual([])
    expect(visitor.frame.scope.unread?.size).toBe(0)
  })
})
