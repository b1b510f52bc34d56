import { setImmediate } from 'node:timers'
import { Client, type Dispatcher } from 'undici'
import type { Failure } from '../metrics/error-table.ts'
import { outcomes, type Series } from '../metrics/series.ts'
import type { Observation, Recorder } from '../protocols/contract.ts'
import { classifyError } from './classify-error.ts'
import type { HttpConfig } from './config.ts'
import { Connector } from './connector.ts'
import type { Carrier, Exchange } from './exchange.ts'
import { httpPhases, phase } from './phases.ts'
import type { ResponseHeaders } from './response-body.ts'
import { StreamedBody } from './streamed-body.ts'
import type { HttpTransport, TransportRequest } from './transport.ts'
import { now } from '../shared/now.ts'

/** Where a connection reports the end of a request to. */
export interface ConnectionOwner {
  /** The headers to send now, cookies included. */
  headersFor(exchange: Exchange): string[]
  /**
   * A request has ended and the connection is free. The observation has its times, and is valid during the call.
   */
  ended(
    connection: Connection,
    exchange: Exchange,
    observation: Observation,
    failure: Failure | undefined,
    cause: unknown,
  ): void
}

/** A request as undici takes it, kept for the next one. */
type DispatchedRequest = {
  -readonly [Key in keyof TransportRequest]: TransportRequest[Key]
} & Omit<Dispatcher.DispatchOptions, 'body'>

/** How long an idle connection is kept: less than the 60 s after which most servers and balancers close theirs. */
const keepAliveMs = 55_000

/**
 * One keep-alive connection: an undici client and the handler of its requests, of which there is one at a time. All
 * that a request needs is allocated once, with the connection.
 */
export class Connection implements Dispatcher.DispatchHandler, Carrier {
  readonly #owner: ConnectionOwner
  readonly #recorder: Recorder
  readonly #connector: Connector
  readonly #createClient: () => Client
  /** Made for the first request that goes over the network. */
  #client: Client | undefined
  /** What answers in place of the network. */
  readonly #substitute: HttpTransport | undefined
  readonly #request: DispatchedRequest
  readonly #phasesUs: Float64Array = new Float64Array(httpPhases.length)
  readonly #observation: Observation

  #exchange: Exchange | undefined
  #controller: Dispatcher.DispatchController | undefined
  /** Set during `dispatch`: what ends then must not end before the caller could say what it expects. */
  #dispatching: boolean = false
  #onNetwork: boolean = false
  #requestAt: number = 0
  #sentAt: number = 0
  #firstByteAt: number = 0

  constructor(origin: string, config: HttpConfig, recorder: Recorder, owner: ConnectionOwner) {
    this.#owner = owner
    this.#recorder = recorder
    this.#connector = new Connector(config, recorder)
    this.#createClient = () => createClient(origin, config, this.#connector)
    this.#substitute = config.transport?.(origin, (body) => this.#passOn(body))
    this.#request = { path: '/', method: 'GET', headers: [], body: null, reset: config.connections === 'none' }
    this.#observation = {
      series: undefined as unknown as Series,
      durationUs: 0,
      serviceUs: -1,
      outcome: outcomes.ok,
      labels: undefined,
      failure: undefined,
      excerpt: undefined,
      traceId: undefined,
      phasesUs: this.#phasesUs,
    }
  }

  /** What is in flight on this connection. */
  get exchange(): Exchange | undefined {
    return this.#exchange
  }

  /** Sends an exchange's request. The connection must be free. */
  send(exchange: Exchange): void {
    this.#exchange = exchange
    exchange.carrier = this
    this.#requestAt = 0
    this.#sentAt = 0
    this.#firstByteAt = 0
    this.#connector.resetTimes()
    const request = this.#request
    request.path = exchange.path
    request.method = exchange.plan.method
    request.headers = this.#owner.headersFor(exchange)
    const body = exchange.content === undefined ? null : exchange.content.body
    request.body = body instanceof StreamedBody ? body.open() : body
    this.#dispatching = true
    this.#onNetwork = this.#substitute === undefined
    if (this.#substitute === undefined) this.#dispatch()
    else this.#substitute.dispatch(request, this)
    this.#dispatching = false
  }

  abort(exchange: Exchange): void {
    if (this.#exchange !== exchange) return
    const reason = new Error('stopped')
    if (this.#controller !== undefined) this.#controller.abort(reason)
    else this.#connector.abandon(reason)
    // Otherwise the request is about to start: see onRequestStart.
  }

  /** Closes the socket; what is in flight fails. */
  async close(): Promise<void> {
    await this.#client?.destroy(new Error('closed'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#requestAt = now()
    if (this.#onNetwork && this.#connector.carriesAnother()) this.#recorder.connectionReused()
    if (this.#exchange?.stopReason !== undefined) controller.abort(new Error('stopped'))
  }

  onRequestSent(): void {
    this.#sentAt = now()
  }

  onResponseStarted(): void {
    if (this.#firstByteAt === 0) this.#firstByteAt = now()
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    const exchange = this.#exchange
    // Informational answers (RFC 9110, 15.2) precede the one that counts.
    if (status < 200 || exchange === undefined) return
    exchange.status = status
    exchange.headers = headers
    exchange.heard()
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#exchange?.addToBody(chunk)
  }

  onResponseEnd(): void {
    this.#finish(now(), undefined, undefined)
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#finish(now(), this.#exchange?.stopReason ?? classifyError(error), error)
  }

  #dispatch(): void {
    this.#client ??= this.#createClient()
    // Its types do not know of all that it sends.
    this.#client.dispatch(this.#request as Dispatcher.DispatchOptions, this)
  }

  /** The substitute does not answer this request itself. Its time counts as waiting for the connection. */
  #passOn(body: string | Uint8Array | null): void {
    if (this.#exchange === undefined) return
    this.#request.body = body
    this.#controller = undefined
    this.#onNetwork = true
    this.#dispatch()
  }

  #finish(endedAt: number, failure: Failure | undefined, cause: unknown): void {
    if (this.#dispatching) {
      this.#finishLater(endedAt, failure, cause)
      return
    }
    const exchange = this.#exchange
    if (exchange === undefined) return
    this.#exchange = undefined
    this.#controller = undefined
    this.#connector.reportBytes()
    this.#measure(exchange, endedAt)
    this.#owner.ended(this, exchange, this.#observation, failure ?? exchange.stopReason, cause)
  }

  /** Apart from its caller, because a closure would cost every request that has none. */
  #finishLater(endedAt: number, failure: Failure | undefined, cause: unknown): void {
    if (failure === undefined) queueMicrotask(() => this.#finish(endedAt, failure, cause))
    // A body that tries again and again what fails at once would never let the event loop turn, and so never end.
    else setImmediate(() => this.#finish(endedAt, failure, cause))
  }

  #measure(exchange: Exchange, endedAt: number): void {
    const phases = this.#phasesUs
    const { startedAt } = exchange
    const requestAt = this.#requestAt
    const connectUs = this.#connector.measure(phases, endedAt)
    phases[phase.blocked] = Math.max(0, ((requestAt === 0 ? endedAt : requestAt) - startedAt) * 1000 - connectUs)
    if (requestAt === 0) {
      phases[phase.sending] = phases[phase.waiting] = phases[phase.receiving] = -1
      this.#observation.serviceUs = -1
    } else {
      const firstByteAt = this.#firstByteAt
      const sentAt = this.#sentUntil(endedAt)
      phases[phase.sending] = (sentAt - requestAt) * 1000
      phases[phase.waiting] = ((firstByteAt === 0 ? endedAt : firstByteAt) - sentAt) * 1000
      phases[phase.receiving] = firstByteAt === 0 ? -1 : (endedAt - firstByteAt) * 1000
      this.#observation.serviceUs = (endedAt - requestAt) * 1000
    }
    this.#observation.durationUs = (endedAt - startedAt) * 1000
  }

  /** A server may answer before it has all of a body: then sending ends with the first byte of the answer. */
  #sentUntil(endedAt: number): number {
    const lastAt = this.#firstByteAt === 0 ? endedAt : this.#firstByteAt
    return this.#sentAt === 0 ? lastAt : Math.min(this.#sentAt, lastAt)
  }
}

function createClient(origin: string, config: HttpConfig, connector: Connector): Client {
  return new Client(origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    connect: (options, callback) => connector.open(options, callback),
  })
}
