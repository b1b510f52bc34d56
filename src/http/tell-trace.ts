import type { Observation } from '../protocols/contract.ts'
import type { Exchange } from './exchange.ts'
import { StreamedBody } from './streamed-body.ts'
import type { HttpTrace } from './trace.ts'

/** Of an answer that is read while it comes. */
interface PassedBody {
  readonly beginning: Buffer[]
  bytes: number
}

/** More than is shown of a body. */
const maxKeptBytes = 32 * 1024
const passed = new WeakMap<Exchange, PassedBody>()

/** Tells that a request goes out. */
export function tellSent(trace: HttpTrace, exchange: Exchange, headers: readonly string[]): void {
  const { frame, method, url, content } = exchange
  trace.sent(exchange, { frame, method, url, headers, body: shownBody(content?.body) })
}

function shownBody(body: unknown): unknown {
  return body instanceof StreamedBody ? (body.preview() ?? body) : body
}

/** Keeps the beginning of a body that goes to its reader in pieces. */
export function keepPassed(exchange: Exchange, chunk: Buffer): void {
  const kept = passed.get(exchange) ?? { beginning: [], bytes: 0 }
  passed.set(exchange, kept)
  if (kept.bytes < maxKeptBytes) kept.beginning.push(Buffer.from(chunk.subarray(0, maxKeptBytes - kept.bytes)))
  kept.bytes += chunk.byteLength
}

/** Tells what came of a request. */
export function tellEnd(trace: HttpTrace, exchange: Exchange, observation: Observation): void {
  const { frame, label: name, status, headers } = exchange
  const { phasesUs, durationUs, failure } = observation
  const streamed = passed.get(exchange)
  const body = streamed === undefined ? exchange.body : Buffer.concat(streamed.beginning)
  const bodyBytes = streamed?.bytes ?? exchange.receivedBytes
  trace.ended(exchange, { frame, name, status, headers, body, bodyBytes, phasesUs, durationUs, failure })
}
