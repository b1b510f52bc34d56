import type { RunMetrics } from '../metrics/run-metrics.ts'
import { countHeld, type Frame } from '../session/current.ts'
import type { HeldRequest, RequestThrottle } from './contract.ts'

/** Where a throttle takes the time from. */
export interface ThrottleClock {
  /** Milliseconds. */
  now(): number
  /** Resolves after `ms`, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** So late may a thread come to a turn that somebody waits for, and still use it. Timers come up to a millisecond late. */
const longestLateMs = 10

/**
 * Lets the requests of a thread start at turns that are evenly spaced, in the order of their arrival. A turn that nobody
 * waits for is lost, so that no burst follows a quiet time: of any time T, no more than rate × (T + 10 ms) + 1 requests
 * start in it. Holds no more than the virtual users wait for.
 */
export class Throttle implements RequestThrottle {
  readonly #metrics: RunMetrics
  readonly #clock: ThrottleClock
  #spacingMs: number = 0
  #nextMs: number = Number.NEGATIVE_INFINITY
  /** Since when each of them waits. A map keeps the order of arrival. */
  readonly #held: Map<HeldRequest, number> = new Map()
  /** Aborted when nobody waits any more; set while somebody does. */
  #abandoned: AbortController | undefined

  constructor(metrics: RunMetrics, clock: ThrottleClock) {
    this.#metrics = metrics
    this.#clock = clock
  }

  /** From now on requests start at this rate at most, the first of them after `offsetMs`. Before, they are let through. */
  start(ratePerSecond: number, offsetMs: number): void {
    this.#spacingMs = 1000 / ratePerSecond
    this.#nextMs = this.#clock.now() + offsetMs
  }

  takeTurn({ scope }: Frame): boolean {
    if (scope.hook) return true
    const nowMs = this.#clock.now()
    if (this.#held.size > 0 || nowMs < this.#nextMs) return false
    this.#nextMs = nowMs + this.#spacingMs
    return true
  }

  hold(request: HeldRequest): void {
    const { frame } = request
    this.#metrics.of(frame.scope).counters.requestsHeld += 1
    countHeld(frame, 1)
    this.#held.set(request, this.#clock.now())
    if (this.#abandoned !== undefined) return
    this.#abandoned = new AbortController()
    void this.#releaseAll(this.#abandoned)
  }

  forget(request: HeldRequest): void {
    if (!this.#leave(request)) return
    countHeld(request.frame, -1)
    if (this.#held.size > 0) return
    this.#abandoned?.abort()
    this.#abandoned = undefined
  }

  async #releaseAll(abandoned: AbortController): Promise<void> {
    for (;;) {
      await this.#clock.sleep(Math.max(0, this.#nextMs - this.#clock.now()), abandoned.signal)
      if (abandoned.signal.aborted) return
      this.#releaseDue()
      if (this.#abandoned !== abandoned) return
      if (this.#held.size > 0) continue
      this.#abandoned = undefined
      return
    }
  }

  #releaseDue(): void {
    const nowMs = this.#clock.now()
    for (const request of this.#held.keys()) {
      if (nowMs < this.#nextMs) return
      this.#nextMs = Math.max(this.#nextMs, nowMs - longestLateMs) + this.#spacingMs
      this.#leave(request)
      // Announced before it no longer waits, so that its iteration never looks idle in between.
      request.start()
      countHeld(request.frame, -1)
    }
  }

  #leave(request: HeldRequest): boolean {
    const sinceMs = this.#held.get(request)
    if (sinceMs === undefined) return false
    this.#held.delete(request)
    this.#metrics.of(request.frame.scope).counters.heldMs += this.#clock.now() - sinceMs
    return true
  }
}
