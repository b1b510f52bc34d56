import type { Clock } from './clock.ts'

const longestMs = 10

/**
 * Lets the event loop turn. A body that never waits for input or output runs in microtasks only; without a pause, no
 * timer would fire and the load would never end. All virtual users of a thread share one breath, and while real
 * requests are made it costs one `setImmediate` in ten milliseconds.
 */
export class Breath {
  readonly #clock: Clock
  #lastTurnMs: number
  #pending: Promise<void> | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#lastTurnMs = clock.now()
  }

  /** The pause to wait for when one is due; `undefined` when it is not. */
  due(nowMs: number): Promise<void> | undefined {
    if (nowMs - this.#lastTurnMs < longestMs) return undefined
    this.#pending ??= this.#clock.nextTurn().then(() => {
      this.#lastTurnMs = this.#clock.now()
      this.#pending = undefined
    })
    return this.#pending
  }
}
