import { randomFillSync } from 'node:crypto'

const traceBytes = 16
const spanBytes = 8
/** Bytes drawn at a time: asking the system for those of each id would cost ten times as much. */
const pool = Buffer.alloc(traceBytes * 256)
let used = pool.length

/**
 * Random bytes in hexadecimal. Not of the session's seed: the same seed in two runs would give two requests the same
 * trace, in a tracing system that keeps both.
 */
function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

/** A trace id (W3C Trace Context, 3.2.2.3). */
export function newTraceId(): string {
  return randomHex(traceBytes)
}

/** A `traceparent` header of version 00 with a span id of its own, marked as sampled. */
export function traceparentOf(traceId: string): string {
  return `00-${traceId}-${randomHex(spanBytes)}-01`
}

const traceparent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/

/** Whether headers, names and values in turn, have a `traceparent`. */
export function hasTraceparent(headers: readonly string[]): boolean {
  return valueOf(headers) !== undefined
}

/** The trace id of a `traceparent` among headers; `undefined` where there is none, or one of another form. */
export function traceIdOf(headers: readonly string[]): string | undefined {
  return traceparent.exec(valueOf(headers) ?? '')?.[1]
}

function valueOf(headers: readonly string[]): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === 'traceparent') return headers[index + 1]
  }
  return undefined
}
