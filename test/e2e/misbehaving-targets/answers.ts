import type { Socket } from 'node:net'
import { clearInterval, setInterval } from 'node:timers'
import { gzipSync } from 'node:zlib'

/** What a server does on a socket when a request has come. */
export type Answer = (socket: Socket) => void

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
const half = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'

/** Sockets that have carried a request for `/stale`. */
const used = new WeakSet<Socket>()

const send =
  (bytes: string | Uint8Array): Answer =>
  (socket) =>
    void socket.write(bytes, typeof bytes === 'string' ? 'latin1' : undefined)

/** What is wrong with an answer, by path. */
export const answers: Readonly<Record<string, Answer>> = {
  '/ok': send(ok),
  '/reset-before': (socket) => socket.resetAndDestroy(),
  '/reset-in-body': (socket) => socket.write(half, () => socket.resetAndDestroy()),
  '/close': (socket) => socket.end(),
  '/stale': (socket) => {
    if (used.has(socket)) socket.end()
    else socket.write(ok)
    used.add(socket)
  },
  '/no-headers': () => {},
  '/half-headers': send('HTTP/1.1 200 OK\r\ncontent-le'),
  '/stalled-body': send(half),
  '/endless-body': drip(chunked, '2\r\nok\r\n'),
  '/endless-hints': drip('', 'HTTP/1.1 103 Early Hints\r\n\r\n'),
  '/short-body': (socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\nhalf'),
  '/both-lengths': send(
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  ),
  '/two-lengths': send('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'),
  '/bad-chunk': send('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n'),
  '/bad-status': send('HTTP/1.1 abc OK\r\ncontent-length: 0\r\n\r\n'),
  '/not-http': send('SSH-2.0-x\r\n\r\n'),
  '/big-headers': send(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(30_000)}\r\n\r\n`),
  '/gigantic': flood,
  '/bad-gzip': send('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 8\r\n\r\nnot gzip'),
  '/bomb': send(bomb()),
  '/redirects': send('HTTP/1.1 302 Found\r\nlocation: /redirects\r\ncontent-length: 0\r\n\r\n'),
  '/continue': send(`HTTP/1.1 100 Continue\r\n\r\n${ok}`),
  '/switching': send(`HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n`),
  '/processing': send(`HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${ok}`),
  '/early-hints': send(`HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n${ok}`),
  '/surplus': send(`${ok}HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n`),
}

export const notFound: Answer = send('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')

/** An answer that goes on as long as somebody listens. */
function drip(head: string, drop: string): Answer {
  return (socket) => {
    socket.write(head)
    const timer = setInterval(() => socket.write(drop), 10)
    socket.once('close', () => clearInterval(timer))
  }
}

/** A body as large as somebody takes. */
function flood(socket: Socket): void {
  const chunk = Buffer.from(`100000\r\n${'x'.repeat(2 ** 20)}\r\n`)
  const pour = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', pour).write(chunked)
  pour()
}

/** A hundred kilobytes that stand for a hundred megabytes. */
function bomb(): Uint8Array {
  const body = gzipSync(Buffer.alloc(100 * 2 ** 20), { level: 9 })
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}
