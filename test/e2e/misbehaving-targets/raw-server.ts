import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { answers, notFound, type Answer } from './answers.ts'

/** A server without any HTTP library in it, that keeps its own count of the requests it gets. */
export class RawServer {
  readonly url: string
  /** Requests by path, without the query. */
  readonly requests: Map<string, number> = new Map()
  readonly #sockets: Set<Socket> = new Set()
  readonly #server: Server
  readonly #port: number

  constructor(server: Server) {
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
    this.url = `http://127.0.0.1:${this.#port}`
  }

  accept(socket: Socket, onRequest: (socket: Socket, path: string) => void = () => {}): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {})
    let head = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      head += chunk
      for (let end = head.indexOf('\r\n\r\n'); end !== -1; end = head.indexOf('\r\n\r\n')) {
        const path = /^\w+ ([^ ?]*)/.exec(head)?.[1] ?? ''
        head = head.slice(end + 4)
        this.requests.set(path, (this.requests.get(path) ?? 0) + 1)
        onRequest(socket, path)
      }
    })
  }

  /** Dies: refuses connections and closes those that stand. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.resetAndDestroy()
    await closed
  }

  /** Comes back at the same port. */
  async restart(): Promise<void> {
    await listen(this.#server, this.#port)
  }
}

/** Starts a server that does nothing but misbehave, by path; it ends with the test. */
export function startRawServer(extra: Readonly<Record<string, Answer>> = {}): Promise<RawServer> {
  const all: Readonly<Record<string, Answer>> = { ...answers, ...extra }
  return startSocketServer((raw, socket) => {
    raw.accept(socket, (from, path) => (all[path] ?? notFound)(from))
  })
}

/** Starts a server that hands out its sockets; it ends with the test. */
export async function startSocketServer(onSocket: (raw: RawServer, socket: Socket) => void): Promise<RawServer> {
  const server = createServer((socket) => onSocket(raw, socket))
  await listen(server, 0)
  const raw = new RawServer(server)
  onTestFinished(() => (server.listening ? raw.stop() : undefined))
  return raw
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
