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

/** So late may a thread come to a turn that somebody waits for, and still use it: collections of garbage and long bodies end before. */
const longestLateMs = 100
const secondMs = 1000
/** What a second may hold over the rate, so that what was late is made up for without gaps that would be late themselves. */
const spareRatio = 0.01

/**
 * Lets the requests of a thread start at turns that are evenly spaced, in the order of their arrival. A turn that nobody
 * waits for is lost, so that no burst follows a quiet time. One that somebody waited for while the thread was busy is
 * used late. So there start, of any rate:
 *
 * - in any second, no more than rate × 1.01 + 1 requests;
 * - in any time T, no more than rate × (T + 100 ms) + 1.
 *
 * Holds no more than the virtual users wait for, and the times of the last second's requests.
 */
export class Throttle implements RequestThrottle {
  readonly #metrics: RunMetrics
  readonly #clock: ThrottleClock
  #spacingMs: number = 0
  #turnMs: number = Number.NEGATIVE_INFINITY
  /** When the latest requests started, as many as a second may hold; the oldest is at `#oldest`. */
  #startsMs: Float64Array = new Float64Array(0)
  #oldest: number = 0
  #lastMs: number = Number.NEGATIVE_INFINITY
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
    this.#spacingMs = secondMs / ratePerSecond
    this.#turnMs = this.#clock.now() + offsetMs
    this.#startsMs = new Float64Array(Math.floor(ratePerSecond * (1 + spareRatio)) + 1).fill(Number.NEGATIVE_INFINITY)
    this.#oldest = 0
  }

  takeTurn({ scope }: Frame): boolean {
    const isStarted = this.#startsMs.length > 0
    if (scope.hook || !isStarted) return true
    const nowMs = this.#clock.now()
    if (this.#held.size > 0 || nowMs < this.#nextMs()) return false
    this.#loseTurns(nowMs)
    this.#take(this.#turnMs, nowMs)
    return true
  }

  hold(request: HeldRequest): void {
    const { frame } = request
    this.#metrics.of(frame.scope).counters.requestsHeld += 1
    countHeld(frame, 1)
    const nowMs = this.#clock.now()
    if (this.#held.size === 0) this.#loseTurns(nowMs)
    this.#held.set(request, nowMs)
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
      await this.#clock.sleep(Math.max(0, this.#nextMs() - this.#clock.now()), abandoned.signal)
      if (abandoned.signal.aborted) return
      this.#releaseDue()
      if (this.#abandoned !== abandoned) return
      if (this.#held.size > 0) continue
      this.#abandoned = undefined
      return
    }
  }

  #releaseDue(): void {
    for (const request of this.#held.keys()) {
      // Anew for each: what a window holds is counted by these times, and many may have to start.
      const nowMs = this.#clock.now()
      if (nowMs < this.#nextMs()) return
      this.#take(Math.max(this.#turnMs, nowMs - longestLateMs), nowMs)
      this.#leave(request)
      // Announced before it no longer waits, so that its iteration never looks idle in between.
      request.start()
      countHeld(request.frame, -1)
    }
  }

  /** From when on a request may start: at the next turn, but not before there is room in the second. */
  #nextMs(): number {
    return Math.max(this.#turnMs, (this.#startsMs[this.#oldest] ?? 0) + secondMs)
  }

  /**
   * Nobody has waited since the last start. What was late then is left for those that it kept from asking, for as long
   * as it was late.
   */
  #loseTurns(nowMs: number): void {
    const lateMs = this.#lastMs - this.#turnMs
    const leftMs = Math.max(0, lateMs - (nowMs - this.#lastMs))
    this.#turnMs = Math.max(this.#turnMs, nowMs - leftMs)
  }

  #take(turnMs: number, nowMs: number): void {
    this.#turnMs = turnMs + this.#spacingMs
    this.#lastMs = nowMs
    this.#startsMs[this.#oldest] = nowMs
    this.#oldest = (this.#oldest + 1) % this.#startsMs.length
  }

  #leave(request: HeldRequest): boolean {
    const sinceMs = this.#held.get(request)
    if (sinceMs === undefined) return false
    this.#held.delete(request)
    this.#metrics.of(request.frame.scope).counters.heldMs += this.#clock.now() - sinceMs
    return true
  }
}
