import { subscribe } from 'node:diagnostics_channel'
import { constants, type ClientHttp2Stream } from 'node:http2'

/** Whose request is about to become a stream. */
export interface StreamOwner {
  stream: ClientHttp2Stream | undefined
}

let next: StreamOwner | undefined
let isSubscribed = false

/** The stream that undici makes now, synchronously, is this owner's. It tells nobody of it. */
export function expectStream(owner: StreamOwner): void {
  if (!isSubscribed) {
    isSubscribed = true
    subscribe('http2.client.stream.created', (message) => {
      if (next === undefined) return
      next.stream = (message as { readonly stream: ClientHttp2Stream }).stream
      next = undefined
    })
  }
  next = owner
}

/** Whether the server has taken back a stream in the middle of its answer. Node ends it then as if it were complete. */
export function wasCancelled({ stream }: StreamOwner): boolean {
  return stream?.rstCode === constants.NGHTTP2_CANCEL
}
