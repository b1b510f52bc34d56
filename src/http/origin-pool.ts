import type { Failure } from '../metrics/error-table.ts'
import type { Observation, Recorder } from '../protocols/contract.ts'
import { mostConnections, type HttpConfig } from './config.ts'
import { Connection, type ConnectionOwner } from './connection.ts'
import type { Exchange, ExchangeOwner } from './exchange.ts'
import { WaitingExchanges } from './waiting-exchanges.ts'

/**
 * Connections to one origin, of one virtual user or of all of a thread: the one used last is used first, more only for
 * parallel requests, and what is more than there may be waits in the order in which it came.
 */
export class OriginPool implements ConnectionOwner {
  readonly #origin: string
  readonly #config: HttpConfig
  readonly #recorder: Recorder
  readonly #most: number
  readonly #all: Connection[] = []
  readonly #idle: Connection[] = []
  readonly #queue: WaitingExchanges

  constructor(origin: string, config: HttpConfig, recorder: Recorder) {
    this.#origin = origin
    this.#config = config
    this.#recorder = recorder
    this.#queue = new WaitingExchanges(recorder.connections(origin))
    this.#most = mostConnections(config)
  }

  send(exchange: Exchange): void {
    const connection = this.#idle.pop() ?? this.#open()
    if (connection === undefined) this.#queue.add(exchange)
    else connection.send(exchange)
  }

  ended(
    connection: Connection,
    exchange: Exchange,
    observation: Observation,
    failure: Failure | undefined,
    cause: unknown,
  ): void {
    const isWhole = failure === undefined && exchange.stream?.hasLeft !== true
    if (isWhole || this.#queue.isEmpty) this.#sendNext(connection)
    else this.#sendNextLater(connection)
    exchange.owner.ended(exchange, observation, failure, cause)
  }

  /** Ends what a client has in flight, or waiting for a connection. */
  abortAll(owner: ExchangeOwner): void {
    this.#queue.abortAll(owner)
    for (const { exchange } of this.#all) if (exchange?.owner === owner) exchange.abort()
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.close()))
  }

  #sendNext(connection: Connection): void {
    const next = this.#queue.next()
    if (next === undefined) this.#idle.push(connection)
    else connection.send(next)
  }

  /**
   * undici reports a failed connection while it is still ending the requests of its client: one that came meanwhile
   * would share their fate, or break its bookkeeping. Apart from its caller, because a closure would cost every request.
   */
  #sendNextLater(connection: Connection): void {
    queueMicrotask(() => this.#sendNext(connection))
  }

  #open(): Connection | undefined {
    if (this.#all.length >= this.#most) return undefined
    const connection = new Connection(this.#origin, this.#config, this.#recorder, this)
    this.#all.push(connection)
    return connection
  }
}
