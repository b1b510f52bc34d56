import type { Failure } from '../metrics/error-table.ts'
import type { ConnectionRecorder } from '../protocols/contract.ts'
import { now } from '../shared/now.ts'
import type { Carrier, Exchange, ExchangeOwner } from './exchange.ts'

/** The exchanges of a pool that wait for a connection, in the order in which they came. */
export class WaitingExchanges implements Carrier {
  readonly #connections: ConnectionRecorder
  readonly #exchanges: Exchange[] = []

  constructor(connections: ConnectionRecorder) {
    this.#connections = connections
  }

  get isEmpty(): boolean {
    return this.#exchanges.length === 0
  }

  add(exchange: Exchange): void {
    exchange.carrier = this
    this.#exchanges.push(exchange)
    this.#connections.waits()
  }

  /** Takes out the one that waits longest. */
  next(): Exchange | undefined {
    const exchange = this.#exchanges.shift()
    if (exchange !== undefined) this.#endWait(exchange)
    return exchange
  }

  /** Takes out one that ends before there was a connection for it. */
  abort(exchange: Exchange): void {
    const position = this.#exchanges.indexOf(exchange)
    if (position === -1) return
    this.#exchanges.splice(position, 1)
    this.#endWait(exchange)
    exchange.owner.endedInQueue(exchange)
  }

  /** Ends those of a client. */
  abortAll(owner: ExchangeOwner): void {
    for (const exchange of this.#exchanges.filter((waiting) => waiting.owner === owner)) exchange.abort()
  }

  /** Ends all of them by what the connection has failed with. */
  stopAll(failure: Failure): void {
    for (const exchange of this.#exchanges.slice()) exchange.stop(failure)
  }

  #endWait(exchange: Exchange): void {
    this.#connections.waited(now() - exchange.startedAt)
  }
}
