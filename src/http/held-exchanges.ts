import type { HeldRequest, RequestThrottle } from '../protocols/contract.ts'
import { now } from '../shared/now.ts'
import type { Carrier, Exchange } from './exchange.ts'

/** What a client does with an exchange whose wait is over. */
interface HeldOwner {
  /** It is its turn. */
  released(exchange: Exchange): void
  /** It was cut before its turn came: its request has not been started. */
  endedHeld(exchange: Exchange): void
}

/** The exchanges of one client that wait for their turn under the load's throttle. */
export class HeldExchanges implements Carrier {
  readonly #throttle: RequestThrottle
  readonly #owner: HeldOwner
  readonly #held: Map<Exchange, HeldRequest> = new Map()

  constructor(throttle: RequestThrottle, owner: HeldOwner) {
    this.#throttle = throttle
    this.#owner = owner
  }

  /** Whether a request may start now; otherwise it is to be held. */
  takeTurn({ frame }: Exchange): boolean {
    return this.#throttle.takeTurn(frame)
  }

  has(exchange: Exchange): boolean {
    return this.#held.has(exchange)
  }

  /** Holds an exchange until its turn. It has its timeout from then on, less what earlier requests took of it. */
  hold(exchange: Exchange): void {
    const heldAt = now()
    const start = (): void => {
      this.#held.delete(exchange)
      exchange.startedAt = now()
      exchange.postponeDeadline(exchange.startedAt - heldAt)
      this.#owner.released(exchange)
    }
    const request = { frame: exchange.frame, start }
    this.#held.set(exchange, request)
    exchange.carrier = this
    this.#throttle.hold(request)
  }

  abort(exchange: Exchange): void {
    const request = this.#held.get(exchange)
    if (request === undefined) return
    this.#held.delete(exchange)
    this.#owner.endedHeld(exchange)
    this.#throttle.forget(request)
  }

  abortAll(): void {
    for (const exchange of this.#held.keys()) exchange.abort()
  }
}
