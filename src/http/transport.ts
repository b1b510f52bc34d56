import type { Dispatcher } from 'undici'
import type { Failure } from '../metrics/error-table.ts'

/** A request as a connection hands it over. Valid during the call only: the next request reuses the object. */
export type TransportRequest = Readonly<Pick<Dispatcher.DispatchOptions, 'path' | 'method'>> & {
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array | string> | null
}

/** What hears how a request fares: undici's handler. */
export type TransportHandler = Dispatcher.DispatchHandler

/** Lets the connection cut a request short: undici's controller. */
export type TransportController = Dispatcher.DispatchController

/** Something that answers in place of the network, one request at a time. */
export interface HttpTransport {
  dispatch(request: TransportRequest, handler: TransportHandler): void
}

/**
 * A failure of something that answers in place of the network, or of the body to be sent. It knows its category; the
 * message is shown redacted.
 */
export class TransportError extends Error {
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options)
    this.name = 'TransportError'
    this.failure = failure
  }
}
