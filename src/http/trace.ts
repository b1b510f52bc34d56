import type { Failure } from '../metrics/error-table.ts'
import type { Frame } from '../session/current.ts'
import type { ResponseHeaders } from './response-body.ts'

/** A request as it goes out, with its credentials: who shows it hides them. */
export interface TracedRequest {
  readonly frame: Frame
  readonly method: string
  readonly url: string
  /** Names and values in turn, cookies included. */
  readonly headers: readonly string[]
  readonly body: unknown
}

/** What came of a request. */
export interface TracedAnswer {
  readonly frame: Frame
  /** What the request is called in reports. */
  readonly name: string
  /** 0 where there was no answer. */
  readonly status: number
  readonly headers: ResponseHeaders
  /** The beginning of one that was discarded, or read while it came. */
  readonly body: Buffer | undefined
  /** How much of it was received. */
  readonly bodyBytes: number
  readonly phasesUs: Float64Array
  readonly durationUs: number
  readonly failure: Failure | undefined
}

/** Sees each request of a session, redirects and what could not be sent included. `key` tells which answer is whose. */
export interface HttpTrace {
  sent(key: object, request: TracedRequest): void
  ended(key: object, answer: TracedAnswer): void
}
