import type { Recorder } from '../protocols/contract.ts'
import { sharesConnections, type HttpConfig } from './config.ts'
import { createPool, type ConnectionPool } from './connection-pool.ts'
import type { ExchangeOwner } from './exchange.ts'

/** Those that several clients have, by what they report to: a run has one recorder on each thread. */
const shared = new WeakMap<Recorder, ConnectionPools>()

/** The connections of one virtual user, or of all of a run and thread, by origin. They are closed with their last client. */
export class ConnectionPools {
  readonly #config: HttpConfig
  readonly #recorder: Recorder
  readonly #pools: Map<string, ConnectionPool> = new Map()
  #clients: number = 0

  private constructor(config: HttpConfig, recorder: Recorder) {
    this.#config = config
    this.#recorder = recorder
  }

  /** For a client: its own, or those it shares. Pair it with one `leave`. */
  static open(config: HttpConfig, recorder: Recorder): ConnectionPools {
    const isShared = sharesConnections(config)
    let pools = isShared ? shared.get(recorder) : undefined
    if (pools === undefined) {
      pools = new ConnectionPools(config, recorder)
      if (isShared) shared.set(recorder, pools)
    }
    pools.#clients += 1
    return pools
  }

  poolFor(origin: string): ConnectionPool {
    let pool = this.#pools.get(origin)
    if (pool === undefined) this.#pools.set(origin, (pool = createPool(origin, this.#config, this.#recorder)))
    return pool
  }

  /** Ends what a client has in flight. */
  abortAll(owner: ExchangeOwner): void {
    for (const pool of this.#pools.values()) pool.abortAll(owner)
  }

  /** A client that has ended what it had in flight goes. Resolves at once, or when all connections are closed. */
  async leave(): Promise<void> {
    this.#clients -= 1
    if (this.#clients > 0) return
    if (shared.get(this.#recorder) === this) shared.delete(this.#recorder)
    await Promise.all(Array.from(this.#pools.values(), (pool) => pool.close()))
  }
}
