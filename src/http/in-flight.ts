import { clearTimeout, setTimeout } from 'node:timers'
import { now } from '../shared/now.ts'

/** A request with a deadline: a link of the list. */
export interface Deadline {
  deadlineAt: number
  readonly timeoutMs: number
  previous: Deadline | undefined
  next: Deadline | undefined
  /** Called once, from the timer, after the entry has left the list. */
  expire(): void
}

const shortestTickMs = 1
const longestTickMs = 50
const ticksPerTimeout = 20

/**
 * The requests in flight of one thread, swept by a single timer. A timer for each request would be measurable: these
 * links cost two assignments. A timeout is noticed up to a twentieth of its length, at most 50 ms, late.
 */
export class InFlightList {
  #first: Deadline | undefined
  #timer: NodeJS.Timeout | undefined
  #tickMs: number = longestTickMs
  readonly #sweepLater: () => void = () => this.#sweep()

  add(entry: Deadline): void {
    entry.previous = undefined
    entry.next = this.#first
    if (this.#first !== undefined) this.#first.previous = entry
    this.#first = entry
    if (this.#timer === undefined) this.#arm(tickFor(entry.timeoutMs))
    else if (entry.timeoutMs < this.#tickMs * ticksPerTimeout && this.#tickMs > shortestTickMs)
      this.#hurry(entry.timeoutMs)
  }

  /** Shows everything in flight. */
  forEach(visit: (entry: Deadline) => void): void {
    for (let entry = this.#first; entry !== undefined; entry = entry.next) visit(entry)
  }

  remove(entry: Deadline): void {
    if (entry.previous !== undefined) entry.previous.next = entry.next
    else if (this.#first === entry) this.#first = entry.next
    if (entry.next !== undefined) entry.next.previous = entry.previous
    entry.previous = undefined
    entry.next = undefined
  }

  #arm(tickMs: number): void {
    this.#tickMs = tickMs
    this.#timer = setTimeout(this.#sweepLater, tickMs)
  }

  #hurry(timeoutMs: number): void {
    const tickMs = tickFor(timeoutMs)
    if (tickMs >= this.#tickMs) return
    clearTimeout(this.#timer)
    this.#arm(tickMs)
  }

  /** Stops by itself when nothing is in flight, so that the timer keeps no process alive. */
  #sweep(): void {
    const shortestMs = this.#expireDue()
    // What expired may have made room for a request that has armed the timer already.
    if (this.#first !== undefined && this.#timer === undefined) this.#arm(tickFor(shortestMs))
  }

  /** Returns the shortest timeout that is left. */
  #expireDue(): number {
    this.#timer = undefined
    const nowMs = now()
    let shortestMs = Number.POSITIVE_INFINITY
    let entry = this.#first
    while (entry !== undefined) {
      const next: Deadline | undefined = entry.next
      if (entry.deadlineAt <= nowMs) {
        this.remove(entry)
        entry.expire()
      } else if (entry.timeoutMs < shortestMs) {
        shortestMs = entry.timeoutMs
      }
      entry = next
    }
    return shortestMs
  }
}

function tickFor(timeoutMs: number): number {
  return Math.min(longestTickMs, Math.max(shortestTickMs, timeoutMs / ticksPerTimeout))
}

/** The requests in flight of this thread. */
export const inFlight: InFlightList = new InFlightList()
