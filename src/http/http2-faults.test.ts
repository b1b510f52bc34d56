import { Buffer } from 'node:buffer'
import { setTimeout } from 'node:timers'
import { expect, it } from 'vitest'
import type { ErrorCategory } from '../shared/error-category.ts'
import { trusting } from './fixtures/certificate.ts'
import {
  endHeaders,
  endStream,
  frame,
  startFrames,
  status200,
  uint32,
  type FrameSocket,
} from './fixtures/raw-http2-server.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const half = Buffer.from('half')

interface Fault {
  readonly name: string
  readonly category: ErrorCategory
  readonly message: RegExp
  /** Whether the next request needs another connection. */
  readonly reconnects?: boolean
  /** How often the request came, since undici may send it again (RFC 9113, 8.7). @default 1 */
  readonly sent?: number
  readonly act: (to: FrameSocket, stream: number) => void
}

const reset =
  (code: number): Fault['act'] =>
  (to, stream) =>
    to.send(frame.reset, 0, stream, uint32(code))

/** Begins an answer, and goes on when the client has read so much of it. */
const inBody =
  (act: Fault['act']): Fault['act'] =>
  (to, stream) => {
    to.send(frame.headers, endHeaders, stream, status200)
    to.send(frame.data, 0, stream, half)
    setTimeout(() => act(to, stream), 20)
  }

const goAway =
  (last: number, code: number): Fault['act'] =>
  (to) => {
    to.send(frame.goaway, 0, 0, uint32(last, code))
    to.socket.end()
  }

const faults: readonly Fault[] = [
  { name: 'a stream reset for an internal error', category: 'protocol', message: /NGHTTP2_INTERNAL_ERROR/, act: reset(2) },
  { name: 'a cancelled stream', category: 'protocol', message: /ended without an answer/, act: reset(8) },
  { name: 'a stream reset for no error', category: 'protocol', message: /ended without an answer/, act: reset(0) },
  { name: 'a stream refused again', category: 'protocol', message: /NGHTTP2_REFUSED_STREAM/, sent: 2, act: reset(7) },
  { name: 'HTTP/1.1 required', category: 'protocol', message: /NGHTTP2_HTTP_1_1_REQUIRED/, act: reset(13) },
  { name: 'a reset in the body', category: 'protocol', message: /NGHTTP2_INTERNAL_ERROR/, act: inBody(reset(2)) },
  { name: 'a cancelled body', category: 'protocol', message: /NGHTTP2_CANCEL/, act: inBody(reset(8)) },
  { name: 'a close', category: 'reset', message: /closed/, reconnects: true, act: (to) => to.socket.end() },
  { name: 'a close in the body', category: 'reset', message: /closed/, reconnects: true, act: inBody((to) => to.socket.destroy()) },
  { name: 'a session that goes away in error', category: 'protocol', message: /NGHTTP2_INTERNAL_ERROR/, reconnects: true, act: goAway(2 ** 31 - 1, 2) },
  { name: 'a server that wants calm', category: 'protocol', message: /NGHTTP2_ENHANCE_YOUR_CALM/, reconnects: true, act: goAway(2 ** 31 - 1, 11) },
  { name: 'a body before its headers', category: 'protocol', message: /ERR_HTTP2_ERROR/, reconnects: true, act: (to, stream) => to.send(frame.data, endStream, stream, half) },
  { name: 'headers that cannot be unpacked', category: 'protocol', message: /ERR_HTTP2_ERROR/, reconnects: true, act: (to, stream) => to.send(frame.headers, endHeaders | endStream, stream, Buffer.alloc(6, 0xff)) },
  { name: 'headers without a status', category: 'protocol', message: /NGHTTP2_PROTOCOL_ERROR/, act: (to, stream) => to.send(frame.headers, endHeaders | endStream, stream, Uint8Array.of(0x82)) },
  { name: 'a frame over the limit', category: 'protocol', message: /ERR_HTTP2_ERROR/, reconnects: true, act: (to, stream) => to.send(frame.data, 0, stream, Buffer.alloc(20_000)) },
  { name: 'a stream of nobody', category: 'protocol', message: /ERR_HTTP2_ERROR/, reconnects: true, act: (to, stream) => to.send(frame.data, 0, stream + 100, half) },
  { name: 'an answer of HTTP/1.1', category: 'protocol', message: /ERR_HTTP2_ERROR/, reconnects: true, act: (to) => void to.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n') },
  { name: 'silence', category: 'timeout', message: /within 300 ms/, act: () => {} },
  { name: 'a body that stops', category: 'timeout', message: /within 300 ms/, act: inBody(() => {}) },
]

it.for(faults)('counts $name over HTTP/2 as $category, once', async ({ category, message, reconnects = false, sent = 1, act }) => {
  let requests = 0
  const server = await startFrames((to, stream) => {
    requests += 1
    if (requests > 1 && requests <= 1 + sent) {
      act(to, stream)
      return
    }
    to.send(frame.headers, endHeaders, stream, status200)
    to.send(frame.data, endStream, stream, Buffer.from('ok'))
  })
  const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls: trusting })
  await visitor.run(async () => {
    await http.get('/first').expect(200)
    await expect(http.get('/fault', { timeout: 300 })).rejects.toMatchObject({
      category,
      message: expect.stringMatching(message),
    })
    await http.get('/next').expect(200)
  })
  const { counters } = await visitor.finish()
  expect(requests).toBe(2 + sent)
  expect(server.connections()).toBe(reconnects ? 2 : 1)
  expect(counters).toMatchObject({ requestsStarted: 3, connectionsOpened: reconnects ? 2 : 1 })
})

it('sends a request once more that a session has not seen when it goes away', async () => {
  let requests = 0
  const server = await startFrames((to, stream) => {
    requests += 1
    if (requests === 1) {
      goAway(0, 0)(to, stream)
      return
    }
    to.send(frame.headers, endHeaders | endStream, stream, status200)
  })
  const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls: trusting })
  await visitor.run(() => http.get('/').expect(200))
  expect([requests, server.connections()]).toEqual([2, 2])
  expect((await visitor.finish()).counters.requestsStarted).toBe(1)
})
