import type { Failure } from '../metrics/error-table.ts'
import type { ConnectionRecorder, Observation, Recorder } from '../protocols/contract.ts'
import { now } from '../shared/now.ts'
import { mostStreams, type HttpConfig } from './config.ts'
import { Connection, type ConnectionOwner } from './connection.ts'
import type { Carrier, Exchange, ExchangeOwner } from './exchange.ts'
import { Link } from './link.ts'
import { OriginPool } from './origin-pool.ts'

/**
 * The one connection of a virtual user, or of all of a thread, to an origin that may speak HTTP/2. Until it stands, and again after it was lost,
 * one request opens it and the others wait: they become its streams, or go over connections of their own where the
 * server has chosen HTTP/1.1. If it does not come about, all that have waited for it fail alike.
 */
export class MultiplexedPool implements Carrier, ConnectionOwner {
  readonly #most: number
  readonly #connections: ConnectionRecorder
  readonly #link: Link
  readonly #createStream: () => Connection
  readonly #createFallback: () => OriginPool
  readonly #all: Connection[] = []
  readonly #idle: Connection[] = []
  readonly #queue: Exchange[] = []
  /** The stream whose request opens the connection. */
  #opening: Connection | undefined
  #fallback: OriginPool | undefined

  constructor(origin: string, config: HttpConfig, recorder: Recorder) {
    this.#most = mostStreams(config)
    this.#connections = recorder.connections(origin)
    this.#link = new Link(origin, config, recorder)
    this.#createStream = () => new Connection(origin, config, recorder, this, this.#link)
    this.#createFallback = () => new OriginPool(origin, config, recorder)
  }

  send(exchange: Exchange): void {
    if (this.#fallback !== undefined) {
      if (exchange.carrier === this) this.#endWait(exchange)
      this.#fallback.send(exchange)
      return
    }
    const isOpen = this.#link.connector.protocol !== undefined
    // Who comes while others wait is the last of them.
    const isBehind = this.#queue.length > 0 && exchange.carrier !== this
    const stream = isBehind || this.#opening !== undefined ? undefined : (this.#idle.pop() ?? this.#open())
    if (stream === undefined) {
      if (exchange.carrier !== this) this.#connections.waits()
      exchange.carrier = this
      this.#queue.push(exchange)
      return
    }
    if (exchange.carrier === this) this.#endWait(exchange)
    if (!isOpen) this.#opening = stream
    stream.send(exchange)
  }

  /** A request is on its way, so the connection stands. */
  started(): void {
    if (this.#opening === undefined) return
    this.#opening = undefined
    if (this.#link.connector.protocol === 'http/1.1') this.#fallback = this.#createFallback()
    this.#sendQueued()
  }

  ended(
    stream: Connection,
    exchange: Exchange,
    observation: Observation,
    failure: Failure | undefined,
    cause: unknown,
  ): void {
    // First: the next request on this stream may start at once, and write its own times over the observation's.
    exchange.owner.ended(exchange, observation, failure, cause)
    if (!stream.isLate) this.#release(stream, failure, failure === undefined && exchange.stream?.hasLeft !== true)
  }

  /** undici has let go of a request that was given up before it could start. */
  released(stream: Connection, failure: Failure): void {
    this.#release(stream, failure, false)
  }

  /** Takes an exchange out of the queue. */
  abort(exchange: Exchange): void {
    const position = this.#queue.indexOf(exchange)
    if (position === -1) return
    this.#queue.splice(position, 1)
    this.#endWait(exchange)
    exchange.owner.endedInQueue(exchange)
  }

  /** Ends what a client has in flight, or waiting for the connection. */
  abortAll(owner: ExchangeOwner): void {
    for (const exchange of this.#queue.filter((queued) => queued.owner === owner)) exchange.abort()
    for (const { exchange } of this.#all) if (exchange?.owner === owner) exchange.abort()
    this.#fallback?.abortAll(owner)
  }

  async close(): Promise<void> {
    this.#link.connector.abandon(new Error('closed'))
    await Promise.all([this.#link.destroy(), this.#fallback?.close()])
  }

  #endWait(exchange: Exchange): void {
    this.#connections.waited(now() - exchange.startedAt)
  }

  #release(stream: Connection, failure: Failure | undefined, isWhole: boolean): void {
    this.#idle.push(stream)
    if (stream === this.#opening) {
      this.#opening = undefined
      if (failure !== undefined) {
        for (const exchange of this.#queue.slice()) exchange.stop(failure)
        return
      }
    }
    if (this.#queue.length === 0) return
    if (isWhole) this.#sendQueued()
    else this.#sendQueuedLater()
  }

  /** While undici reports a failure, or what was cut, it is still ending the requests of its client. Apart from its caller: a closure. */
  #sendQueuedLater(): void {
    queueMicrotask(() => this.#sendQueued())
  }

  /** As many as have a stream: the others go back to the queue, at its end but in their order. */
  #sendQueued(): void {
    for (let left = this.#queue.length; left > 0; left--) {
      const next = this.#queue.shift()
      if (next !== undefined) this.send(next)
    }
  }

  #open(): Connection | undefined {
    if (this.#all.length >= this.#most) return undefined
    const stream = this.#createStream()
    this.#all.push(stream)
    return stream
  }
}
