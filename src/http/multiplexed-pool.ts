import type { Failure } from '../metrics/error-table.ts'
import type { Observation, Recorder } from '../protocols/contract.ts'
import { mostStreams, type HttpConfig } from './config.ts'
import { Connection, type ConnectionOwner } from './connection.ts'
import type { Exchange, ExchangeOwner } from './exchange.ts'
import { Link } from './link.ts'
import { OriginPool } from './origin-pool.ts'
import { WaitingExchanges } from './waiting-exchanges.ts'

/**
 * The one connection of a virtual user, or of all of a thread, to an origin that may speak HTTP/2. Until it stands, and again after it was lost,
 * one request opens it and the others wait: they become its streams, or go over connections of their own where the
 * server has chosen HTTP/1.1. If it does not come about, all that have waited for it fail alike.
 */
export class MultiplexedPool implements ConnectionOwner {
  readonly #most: number
  readonly #link: Link
  readonly #createStream: () => Connection
  readonly #createFallback: () => OriginPool
  readonly #all: Connection[] = []
  readonly #idle: Connection[] = []
  readonly #queue: WaitingExchanges
  /** The stream whose request opens the connection. */
  #opening: Connection | undefined
  #fallback: OriginPool | undefined

  constructor(origin: string, config: HttpConfig, recorder: Recorder) {
    this.#most = mostStreams(config)
    this.#queue = new WaitingExchanges(recorder.connections(origin))
    this.#link = new Link(origin, config, recorder)
    this.#createStream = () => new Connection(origin, config, recorder, this, this.#link)
    this.#createFallback = () => new OriginPool(origin, config, recorder)
  }

  send(exchange: Exchange): void {
    if (this.#fallback !== undefined) {
      this.#fallback.send(exchange)
      return
    }
    // Who comes while others wait is the last of them.
    const stream = this.#queue.isEmpty ? this.#take() : undefined
    if (stream === undefined) this.#queue.add(exchange)
    else this.#sendOver(stream, exchange)
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

  /** Ends what a client has in flight, or waiting for the connection. */
  abortAll(owner: ExchangeOwner): void {
    this.#queue.abortAll(owner)
    for (const { exchange } of this.#all) if (exchange?.owner === owner) exchange.abort()
    this.#fallback?.abortAll(owner)
  }

  async close(): Promise<void> {
    this.#link.connector.abandon(new Error('closed'))
    await Promise.all([this.#link.destroy(), this.#fallback?.close()])
  }

  #release(stream: Connection, failure: Failure | undefined, isWhole: boolean): void {
    this.#idle.push(stream)
    if (stream === this.#opening) {
      this.#opening = undefined
      if (failure !== undefined) {
        this.#queue.stopAll(failure)
        return
      }
    }
    if (this.#queue.isEmpty) return
    if (isWhole) this.#sendQueued()
    else this.#sendQueuedLater()
  }

  /** While undici reports a failure, or what was cut, it is still ending the requests of its client. Apart from its caller: a closure. */
  #sendQueuedLater(): void {
    queueMicrotask(() => this.#sendQueued())
  }

  /** As many as have a stream; the others wait on. */
  #sendQueued(): void {
    while (!this.#queue.isEmpty) {
      const carrier = this.#fallback ?? this.#take()
      const next = carrier === undefined ? undefined : this.#queue.next()
      if (carrier === undefined || next === undefined) return
      if (carrier instanceof Connection) this.#sendOver(carrier, next)
      else carrier.send(next)
    }
  }

  /** A stream that is free; none while the connection is being opened. */
  #take(): Connection | undefined {
    return this.#opening === undefined ? (this.#idle.pop() ?? this.#open()) : undefined
  }

  #sendOver(stream: Connection, exchange: Exchange): void {
    if (this.#link.connector.protocol === undefined) this.#opening = stream
    stream.send(exchange)
  }

  #open(): Connection | undefined {
    if (this.#all.length >= this.#most) return undefined
    const stream = this.#createStream()
    this.#all.push(stream)
    return stream
  }
}
