import { maxOrigins, otherName, shortName } from './bounds.ts'
import { createConnectionCounts, isQuiet, type CloseReason, type ConnectionCounts } from './connection-counts.ts'
import type { Counters } from './counters.ts'

/** What one thread counted on the connections to one origin since its last report: plain data. */
export interface OriginReport {
  readonly origin: string
  readonly measured: ConnectionCounts
  /** Of the warm-up; absent where there is nothing to tell of it. */
  readonly warmup?: ConnectionCounts
}

/** The part of a run in which something takes place, as far as connections ask for it. */
export interface PresentPart {
  /** Whether that is the warm-up. */
  readonly isWarmup: boolean
  readonly present: { readonly counters: Counters }
}

/**
 * The connections of one thread to one origin. Counting allocates nothing, and costs a few additions. Peaks are looked at
 * before anything becomes less, too: what was there when a part of the run or a second began is a peak of that as well.
 */
export class OriginConnections {
  readonly origin: string
  readonly #part: PresentPart
  #measured: ConnectionCounts = createConnectionCounts()
  #warmup: ConnectionCounts = createConnectionCounts()
  #open: number = 0
  #inUse: number = 0
  #waiting: number = 0

  constructor(origin: string, part: PresentPart) {
    this.origin = origin
    this.#part = part
  }

  opened(): void {
    const counts = this.#counts
    counts.opened += 1
    this.#part.present.counters.connectionsOpened += 1
    this.#open += 1
    if (this.#open > counts.peakOpen) counts.peakOpen = this.#open
  }

  failed(): void {
    this.#counts.failed += 1
  }

  reused(): void {
    this.#counts.reused += 1
    this.#part.present.counters.connectionsReused += 1
  }

  closed(reason: CloseReason): void {
    const counts = this.#counts
    counts.closed[reason] += 1
    if (this.#open > counts.peakOpen) counts.peakOpen = this.#open
    this.#part.present.counters.connectionsClosed += 1
    this.#open -= 1
  }

  taken(): void {
    const counts = this.#counts
    this.#inUse += 1
    if (this.#inUse > counts.peakInUse) counts.peakInUse = this.#inUse
  }

  freed(): void {
    const counts = this.#counts
    if (this.#inUse > counts.peakInUse) counts.peakInUse = this.#inUse
    this.#inUse -= 1
  }

  waits(): void {
    const counts = this.#counts
    this.#waiting += 1
    if (this.#waiting > counts.peakWaiting) counts.peakWaiting = this.#waiting
  }

  waited(elapsedMs: number): void {
    const counts = this.#counts
    if (this.#waiting > counts.peakWaiting) counts.peakWaiting = this.#waiting
    this.#waiting -= 1
    counts.waited += 1
    counts.waitedMs += elapsedMs
    if (elapsedMs > counts.longestWaitMs) counts.longestWaitMs = elapsedMs
  }

  /** What happened since the last report; `undefined` when there is nothing to tell. */
  drain(): OriginReport | undefined {
    const [measured, warmup] = [this.#measured, this.#warmup]
    const counts = this.#counts
    counts.peakOpen = Math.max(counts.peakOpen, this.#open)
    counts.peakInUse = Math.max(counts.peakInUse, this.#inUse)
    counts.peakWaiting = Math.max(counts.peakWaiting, this.#waiting)
    const hadWarmup = !isQuiet(warmup)
    if (!hadWarmup && isQuiet(measured)) return undefined
    this.#measured = createConnectionCounts()
    if (hadWarmup) this.#warmup = createConnectionCounts()
    return hadWarmup ? { origin: this.origin, measured, warmup } : { origin: this.origin, measured }
  }

  get #counts(): ConnectionCounts {
    return this.#part.isWarmup ? this.#warmup : this.#measured
  }
}

/** The connections of one thread, by origin: as many origins as are kept apart, and `other` for the rest. */
export class ConnectionTable {
  readonly #part: PresentPart
  readonly #origins: Map<string, OriginConnections> = new Map()

  constructor(part: PresentPart) {
    this.#part = part
  }

  /** Where the connections to an origin are counted. Ask for it once per connection or pool, not for each request. */
  of(origin: string): OriginConnections {
    const name = shortName(origin)
    const known = this.#origins.get(name)
    if (known !== undefined) return known
    if (this.#origins.size >= maxOrigins && name !== otherName) return this.of(otherName)
    const created = new OriginConnections(name, this.#part)
    this.#origins.set(name, created)
    return created
  }

  /** What happened since the last report, of those origins where something did or something is open. */
  drain(): OriginReport[] {
    return Array.from(this.#origins.values(), (origin) => origin.drain()).filter((report) => report !== undefined)
  }
}
