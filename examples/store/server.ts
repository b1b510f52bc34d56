import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createStore, type StoreOptions } from './app.ts'
import { countConnections } from './connections.ts'

/** Options of {@link startStore}. */
export interface StartStoreOptions extends Omit<StoreOptions, 'transport'> {
  /** @default 0, a free one */
  port?: number
  /** @default '127.0.0.1' */
  host?: string
}

/** A store that listens. */
export interface RunningStore {
  /** Such as `http://127.0.0.1:40123`. */
  url: string
  /** Cuts all connections and stops listening. */
  close(): Promise<void>
}

// Longer than a load test pauses, so that the server never closes a connection just as a request is sent on it.
const keepAliveTimeoutMs = 75_000
const headersTimeoutMs = 80_000
// Thousands of virtual users connect at once; what does not fit is refused or waits a second for a retransmission.
const backlog = 4_096

/**
 * Serves a new store over HTTP in this process, whose global `Request` and `Response` are replaced by the faster ones of
 * `@hono/node-server`.
 */
export async function startStore(options: StartStoreOptions = {}): Promise<RunningStore> {
  const { port = 0, host = '127.0.0.1', ...storeOptions } = options
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs, headersTimeout: headersTimeoutMs })
  const connections = countConnections(server)
  const store = createStore({ ...storeOptions, transport: connections })
  const answer = getRequestListener((request) => store.fetch(request))
  server.on('request', (incoming, outgoing) => {
    if (incoming.url?.startsWith('/__')) connections.exclude(incoming.socket)
    void answer(incoming, outgoing)
  })
  server.listen({ port, host, backlog })
  await once(server, 'listening')
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, close: () => close(server) }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
