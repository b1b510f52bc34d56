/** Where a breath takes the time and the turns of the event loop from. */
export interface BreathClock {
  /** Milliseconds. */
  now(): number
  /** Resolves when the event loop has turned. */
  nextTurn(): Promise<void>
}

/**
 * Lets the event loop turn. What never waits for input or output runs in microtasks only; without a pause, no timer
 * would fire. Whoever shares a breath waits for the same turns, of which each lets them run for about `longestMs`.
 */
export class Breath {
  readonly #clock: BreathClock
  readonly #longestMs: number
  #lastTurnMs: number
  #pending: Promise<void> | undefined

  constructor(clock: BreathClock, longestMs: number) {
    this.#clock = clock
    this.#longestMs = longestMs
    this.#lastTurnMs = clock.now()
  }

  /** The pause to wait for when one is due; `undefined` when it is not. */
  due(nowMs: number): Promise<void> | undefined {
    if (nowMs - this.#lastTurnMs < this.#longestMs) return undefined
    return this.#wait()
  }

  /** Those that go on after a turn use up its time one after the other; the rest wait for the next. */
  async #wait(): Promise<void> {
    do {
      this.#pending ??= this.#clock.nextTurn().then(() => {
        this.#lastTurnMs = this.#clock.now()
        this.#pending = undefined
      })
      await this.#pending
    } while (this.#clock.now() - this.#lastTurnMs >= this.#longestMs)
  }
}
