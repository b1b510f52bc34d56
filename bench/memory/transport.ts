import { setImmediate } from 'node:timers'
import type { HttpTransport, TransportController } from '../../src/http/transport.ts'

const item = Buffer.from(JSON.stringify({ id: 7, name: 'Desk lamp', priceCents: 2490, tags: ['lamp', 'office'] }))
const failed = Buffer.from(JSON.stringify({ error: 'The stock is being counted, come back later' }))
const headers = { 'content-type': 'application/json' }

const controller: TransportController = {
  aborted: false,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
}

/** Answers in the process, a turn of the event loop later: no sockets, so that millions of requests take a minute. */
export function createTransport(onRequest: () => void): () => HttpTransport {
  const transport: HttpTransport = {
    dispatch: ({ path }, handler) => {
      setImmediate(() => {
        onRequest()
        const fails = path.startsWith('/broken')
        handler.onRequestStart?.(controller, {})
        handler.onResponseStart?.(controller, fails ? 503 : 200, headers, '')
        handler.onResponseData?.(controller, fails ? failed : item)
        handler.onResponseEnd?.(controller, {})
      })
    },
  }
  return () => transport
}
