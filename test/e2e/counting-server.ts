import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Answers a request, or leaves it without an answer. */
export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** A loopback server that keeps its own count of what reaches it. */
export class CountingServer {
  /** Requests by method and path, without the query. */
  readonly requests: Map<string, number> = new Map()
  readonly url: string
  readonly #sockets: readonly Socket[]

  constructor(url: string, sockets: readonly Socket[]) {
    this.url = url
    this.#sockets = sockets
  }

  get total(): number {
    return [...this.requests.values()].reduce((sum, count) => sum + count, 0)
  }

  get connections(): number {
    return this.#sockets.length
  }

  /** Bytes over all sockets, headers included. */
  get bytes(): { received: number; sent: number } {
    return {
      received: this.#sockets.reduce((sum, socket) => sum + socket.bytesRead, 0),
      sent: this.#sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0),
    }
  }

  count(request: IncomingMessage): void {
    const key = `${request.method ?? ''} ${request.url?.split('?')[0] ?? ''}`
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1)
  }
}

/** Starts a server that ends with the test. */
export async function startServer(answer: Answer): Promise<CountingServer> {
  const sockets: Socket[] = []
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    counting.count(request)
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => answer(request, response, body))
    request.on('error', () => {})
  })
  server.on('connection', (socket) => sockets.push(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const counting = new CountingServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets)
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return counting
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status: number = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
