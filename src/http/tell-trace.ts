import type { Observation } from '../protocols/contract.ts'
import type { Exchange } from './exchange.ts'
import type { HttpTrace } from './trace.ts'

/** Tells that a request goes out. */
export function tellSent(trace: HttpTrace, exchange: Exchange, headers: readonly string[]): void {
  const { frame, method, url, content } = exchange
  trace.sent(exchange, { frame, method, url, headers, body: content?.body })
}

/** Tells what came of a request. */
export function tellEnd(trace: HttpTrace, exchange: Exchange, observation: Observation): void {
  const { frame, label: name, status, headers, body } = exchange
  const { phasesUs, durationUs, failure } = observation
  trace.ended(exchange, { frame, name, status, headers, body, phasesUs, durationUs, failure })
}
