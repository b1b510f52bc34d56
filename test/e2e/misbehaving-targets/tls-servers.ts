import type { AddressInfo, Socket } from 'node:net'
import { createServer, type TlsOptions } from 'node:tls'
import { onTestFinished } from 'vitest'

/** A TLS server and how many connections, with or without a handshake, have come to it. */
export interface TlsServer {
  readonly url: string
  readonly connections: () => number
}

/** Starts a server that answers `200` over TLS; it ends with the test. */
export async function startTlsServer(options: TlsOptions): Promise<TlsServer> {
  let connections = 0
  const sockets = new Set<Socket>()
  const server = createServer(options, (socket) => {
    socket.on('error', () => {})
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
  })
  server.on('tlsClientError', () => {})
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections }
}
