import type { Failure } from '../metrics/error-table.ts'
import type { ConnectionRecorder, Observation, Recorder } from '../protocols/contract.ts'
import { now } from '../shared/now.ts'
import type { HttpConfig } from './config.ts'
import { Connection, type ConnectionOwner } from './connection.ts'
import type { Carrier, Exchange } from './exchange.ts'

/** What the pools of a virtual user report to. */
export interface PoolOwner {
  headersFor(exchange: Exchange): string[]
  /** A request has ended; its connection is free again. */
  ended(exchange: Exchange, observation: Observation, failure: Failure | undefined, cause: unknown): void
  /** A request has ended before there was a connection for it. */
  endedInQueue(exchange: Exchange): void
}

/** The connections of one virtual user to one origin: the one used last is used first, more only for parallel requests. */
export class OriginPool implements Carrier, ConnectionOwner {
  readonly #origin: string
  readonly #config: HttpConfig
  readonly #recorder: Recorder
  readonly #connections: ConnectionRecorder
  readonly #owner: PoolOwner
  readonly #all: Connection[] = []
  readonly #idle: Connection[] = []
  readonly #queue: Exchange[] = []

  constructor(origin: string, config: HttpConfig, recorder: Recorder, owner: PoolOwner) {
    this.#origin = origin
    this.#config = config
    this.#recorder = recorder
    this.#connections = recorder.connections(origin)
    this.#owner = owner
  }

  send(exchange: Exchange): void {
    const connection = this.#idle.pop() ?? this.#open()
    if (connection !== undefined) {
      connection.send(exchange)
      return
    }
    exchange.carrier = this
    this.#queue.push(exchange)
    this.#connections.waits()
  }

  headersFor(exchange: Exchange): string[] {
    return this.#owner.headersFor(exchange)
  }

  ended(
    connection: Connection,
    exchange: Exchange,
    observation: Observation,
    failure: Failure | undefined,
    cause: unknown,
  ): void {
    const isWhole = failure === undefined && exchange.stream?.hasLeft !== true
    if (isWhole || this.#queue.length === 0) this.#sendNext(connection)
    else this.#sendNextLater(connection)
    this.#owner.ended(exchange, observation, failure, cause)
  }

  /** Takes an exchange out of the queue. */
  abort(exchange: Exchange): void {
    const position = this.#queue.indexOf(exchange)
    if (position === -1) return
    this.#queue.splice(position, 1)
    this.#endWait(exchange)
    this.#owner.endedInQueue(exchange)
  }

  /** Ends what is in flight and what waits for a connection. */
  abortAll(): void {
    for (const exchange of this.#queue.slice()) exchange.abort()
    for (const connection of this.#all) connection.exchange?.abort()
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.close()))
  }

  #sendNext(connection: Connection): void {
    const next = this.#queue.shift()
    if (next === undefined) {
      this.#idle.push(connection)
      return
    }
    this.#endWait(next)
    connection.send(next)
  }

  #endWait(exchange: Exchange): void {
    this.#connections.waited(now() - exchange.startedAt)
  }

  /**
   * undici reports a failed connection while it is still ending the requests of its client: one that came meanwhile
   * would share their fate, or break its bookkeeping. Apart from its caller, because a closure would cost every request.
   */
  #sendNextLater(connection: Connection): void {
    queueMicrotask(() => this.#sendNext(connection))
  }

  #open(): Connection | undefined {
    if (this.#all.length >= this.#config.parallel) return undefined
    const connection = new Connection(this.#origin, this.#config, this.#recorder, this)
    this.#all.push(connection)
    return connection
  }
}
