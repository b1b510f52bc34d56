import type { ClientHttp2Stream } from 'node:http2'
import { setImmediate } from 'node:timers'
import type { Dispatcher } from 'undici'
import type { Failure } from '../metrics/error-table.ts'
import { outcomes, type Series } from '../metrics/series.ts'
import type { Observation, Recorder } from '../protocols/contract.ts'
import { classifyError } from './classify-error.ts'
import type { HttpConfig } from './config.ts'
import type { Connector } from './connector.ts'
import type { Carrier, Exchange } from './exchange.ts'
import { forwardingOf, type Forwarding } from './forwarding.ts'
import { expectStream, wasCancelled, type StreamOwner } from './http2-streams.ts'
import { Link } from './link.ts'
import { httpPhases, phase } from './phases.ts'
import type { ResponseHeaders } from './response-body.ts'
import { StreamedBody } from './streamed-body.ts'
import type { HttpTransport, TransportRequest } from './transport.ts'
import { now } from '../shared/now.ts'

/** Where a connection reports the end of a request to. */
export interface ConnectionOwner {
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
  /** Only for streams of a shared link: a request is on its way. */
  started?(): void
  /** Only for streams of a shared link: one that was given up before it could start is free again. */
  released?(stream: Connection, failure: Failure): void
}

/** A request as undici takes it, kept for the next one. */
type DispatchedRequest = {
  -readonly [Key in keyof TransportRequest]: TransportRequest[Key]
} & Omit<Dispatcher.DispatchOptions, 'body'>

const cancelledFailure: Failure = { category: 'protocol', message: 'HTTP/2 stream reset (NGHTTP2_CANCEL)' }

/**
 * One keep-alive connection: its link and the handler of its requests, of which there is one at a time. All that a
 * request needs is allocated once, with the connection. With a link that others share it is one stream of HTTP/2.
 */
export class Connection implements Dispatcher.DispatchHandler, Carrier, StreamOwner {
  readonly #owner: ConnectionOwner
  readonly #connector: Connector
  readonly #link: Link
  readonly #isStream: boolean
  readonly #forwarding: Forwarding | undefined
  /** What answers in place of the network. */
  readonly #substitute: HttpTransport | undefined
  readonly #request: DispatchedRequest
  readonly #phasesUs: Float64Array = new Float64Array(httpPhases.length)
  readonly #observation: Observation

  /** The stream of HTTP/2 that carries the request. */
  stream: ClientHttp2Stream | undefined
  #exchange: Exchange | undefined
  #controller: Dispatcher.DispatchController | undefined
  /** Set during `dispatch`: what ends then must not end before the caller could say what it expects. */
  #dispatching: boolean = false
  #onNetwork: boolean = false
  /** Whether the connector counts the request as one under way. */
  #isCarried: boolean = false
  /** Of a stream: whether it was counted as using the connection again. */
  #isReuse: boolean = false
  #requestAt: number = 0
  #sentAt: number = 0
  #firstByteAt: number = 0

  /** Set while undici still has a request that was given up before it could start. */
  #late: boolean = false
  /** Of a stream: whether its request has met a session that had ended. */
  #sentAgain: boolean = false
  /** Of a stream: how long it took to connect for its request. */
  #connectUs: number = 0

  constructor(origin: string, config: HttpConfig, recorder: Recorder, owner: ConnectionOwner, shared?: Link) {
    this.#owner = owner
    this.#link = shared ?? new Link(origin, config, recorder)
    this.#connector = this.#link.connector
    this.#isStream = shared !== undefined
    this.#forwarding = forwardingOf(origin, config)
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
      isRetried: false,
    }
  }

  /** What is in flight on this connection. */
  get exchange(): Exchange | undefined {
    return this.#exchange
  }

  /** Whether undici still has a request that was given up before it could start. */
  get isLate(): boolean {
    return this.#late
  }

  /** Sends an exchange's request. The connection must be free. */
  send(exchange: Exchange): void {
    this.#exchange = exchange
    exchange.carrier = this
    this.#requestAt = 0
    this.#sentAt = 0
    this.#firstByteAt = 0
    this.#sentAgain = false
    if (!this.#isStream) this.#connector.resetTimes()
    const request = this.#request
    request.path = exchange.path
    request.method = exchange.plan.method
    request.headers = exchange.owner.headersFor(exchange)
    const body = exchange.content === undefined ? null : exchange.content.body
    request.body = body instanceof StreamedBody ? body.open() : body
    if (this.#forwarding !== undefined) this.#forward(this.#forwarding)
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
    else if (this.#isStream && this.#onNetwork) this.#giveUp(exchange, reason)
    else this.#connector.abandon(reason)
    // Otherwise the request is about to start: see onRequestStart.
  }

  pause(exchange: Exchange): void {
    if (this.#exchange === exchange) this.#controller?.pause()
  }

  resume(exchange: Exchange): void {
    if (this.#exchange === exchange) this.#controller?.resume()
  }

  /** Closes the socket; what is in flight fails. */
  async close(): Promise<void> {
    await this.#link.destroy()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isStream && this.#onNetwork && !this.#isFirstStart(controller)) return
    this.#requestAt = now()
    if (this.#isStream && this.#onNetwork) this.#startStream(this.#requestAt)
    if (this.#onNetwork && !this.#isCarried) this.#carry()
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
    exchange.stream?.begin()
    this.#connector.isAnnounced = headers['keep-alive'] !== undefined
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#exchange?.addToBody(chunk)
  }

  onResponseEnd(): void {
    if (this.stream !== undefined && wasCancelled(this)) this.#finish(now(), cancelledFailure, undefined)
    else this.#finish(now(), undefined, undefined)
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const exchange = this.#exchange
    if (this.#late) this.#letGo(error)
    else if (this.#isStream && isUnsent(error) && !this.#sentAgain) this.#sendAgain(error)
    else if (exchange?.stream?.hasLeft === true && exchange.stopReason === undefined)
      this.#finish(now(), undefined, undefined)
    else this.#finish(now(), exchange?.stopReason ?? classifyError(error), error)
  }

  #carry(): void {
    this.#isCarried = true
    this.#isReuse = this.#connector.startRequest()
  }

  #dispatch(): void {
    // Its types do not know of all that it sends.
    this.#link.dispatch(this.#request as Dispatcher.DispatchOptions, this)
  }

  /** A proxy is asked for the whole URL, and gets its own headers. */
  #forward({ origin, headers }: Forwarding): void {
    const request = this.#request
    request.path = origin + request.path
    if (headers.length > 0) request.headers = [...request.headers, ...headers]
  }

  /**
   * A stream starts a second time when undici sends it again, as the server has not seen to it (RFC 9113, 8.7), and a
   * last time when it has been given up before.
   */
  #isFirstStart(controller: Dispatcher.DispatchController): boolean {
    this.stream = undefined
    if (this.#connector.protocol === 'h2' && !this.#late) expectStream(this)
    if (!this.#late && this.#requestAt === 0) return true
    this.#connector.noteRequest(this.#isCarried && this.#isReuse)
    this.#connector.resetTimes()
    // First: that it was given up must not look like the end of an attempt to connect, for which others have waited.
    this.#owner.started?.()
    if (this.#late) controller.abort(new Error('stopped'))
    return false
  }

  /** The link's times are those of this request if it has opened the connection; the next to start must not have them. */
  #startStream(startedAt: number): void {
    this.#connectUs = this.#connector.measure(this.#phasesUs, startedAt)
    this.#connector.resetTimes()
    if (this.#exchange !== undefined) this.#exchange.overHttp2 = this.#connector.protocol === 'h2'
    this.#owner.started?.()
  }

  /** Others may wait for the same connection, or all streams be taken: the exchange ends, and undici lets go later. */
  #giveUp(exchange: Exchange, reason: Error): void {
    this.#late = true
    this.#finish(now(), exchange.stopReason, reason)
  }

  /** The substitute does not answer this request itself. Its time counts as waiting for the connection. */
  #passOn(body: string | Uint8Array | null): void {
    if (this.#exchange === undefined) return
    this.#request.body = body
    this.#controller = undefined
    this.#onNetwork = true
    this.#dispatch()
  }

  #letGo(error: Error): void {
    this.#late = false
    this.#controller = undefined
    this.#owner.released?.(this, classifyError(error))
  }

  /** Once, when undici has seen that the session is gone. */
  #sendAgain(error: Error): void {
    this.#sentAgain = true
    this.#controller = undefined
    this.#connector.drop(() => {
      if (this.#late) this.#letGo(error)
      else this.#dispatch()
    })
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
    if (this.#isCarried) this.#connector.endRequest()
    this.#isCarried = false
    this.stream = undefined
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
    const connectUs = this.#isStream && requestAt !== 0 ? this.#connectUs : this.#connector.measure(phases, endedAt)
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

/** Whether a request of HTTP/2 came to a session that had ended already, so that nothing of it has been sent. */
function isUnsent(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ERR_HTTP2_INVALID_SESSION' || code === 'ERR_HTTP2_GOAWAY_SESSION'
}
