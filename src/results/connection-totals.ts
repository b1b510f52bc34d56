import { maxOrigins, otherName } from '../metrics/bounds.ts'
import { addConnectionCounts, createConnectionCounts, type ConnectionCounts } from '../metrics/connection-counts.ts'
import type { OriginReport } from '../metrics/connection-table.ts'

/** What took place on the connections to one origin, over all threads. */
export interface OriginResult extends Readonly<ConnectionCounts> {
  /** `https://api.example.com`; `other` holds those that are too many to be kept apart. */
  readonly origin: string
}

/** Connections within a second, or whatever a point of the timeline stands for. */
export interface ConnectionPoint {
  /** The most at once: open, with a request under way, and requests that waited for one. */
  readonly open: number
  readonly inUse: number
  readonly waiting: number
  /** How many were opened. */
  readonly opened: number
}

type Peaks = Pick<ConnectionCounts, 'peakOpen' | 'peakInUse' | 'peakWaiting'>

/** What a thread has last reported of an origin. */
interface LatestPeaks {
  readonly measured: Peaks
  readonly whole: Peaks
}

/** The last report of a thread. */
interface LatestReport {
  readonly second: number
  readonly origins: ReadonlyMap<string, LatestPeaks>
  hasEnded: boolean
}

/** The connections of all threads, merged: as many origins as each thread keeps apart, be they others or not. */
export class ConnectionTotals {
  readonly #origins: Map<string, ConnectionCounts> = new Map()
  /** By thread. */
  readonly #latest: LatestReport[] = []

  /** Adds what a thread reports of the time around a second. Returns what that second knows of all threads. */
  add(thread: number, second: number, reports: readonly OriginReport[]): ConnectionPoint {
    const latest = new Map<string, LatestPeaks>()
    this.#latest[thread] = { second, origins: latest, hasEnded: false }
    let opened = 0
    for (const { origin, measured, warmup } of reports) {
      const name = this.#nameOf(origin)
      addConnectionCounts(this.#countsOf(name), measured)
      opened += measured.opened + (warmup?.opened ?? 0)
      const { measured: own = noPeaks, whole = noPeaks } = latest.get(name) ?? {}
      const both = warmup === undefined ? measured : highest(measured, warmup)
      latest.set(name, { measured: sum(own, measured), whole: sum(whole, both) })
    }
    // Who has ended had the connections of his last report until then: in this second, or the one before.
    const present = this.#latest.filter((report) => !report.hasEnded || report.second >= second - 1)
    for (const name of latest.keys()) this.#raise(name, present)
    const { peakOpen, peakInUse, peakWaiting } = present
      .flatMap(({ origins }) => Array.from(origins.values(), ({ whole }) => whole))
      .reduce(sum, noPeaks)
    return { open: peakOpen, inUse: peakInUse, waiting: peakWaiting, opened }
  }

  /** A thread has nothing open any more: it has ended, or was lost. */
  leave(thread: number): void {
    const latest = this.#latest[thread]
    if (latest !== undefined) latest.hasEnded = true
  }

  /** Of the origins that anybody has connected to, or tried to, in order of appearance. */
  origins(): OriginResult[] {
    return Array.from(this.#origins, ([origin, counts]): OriginResult => ({ origin, ...counts })).filter(
      ({ opened, reused, failed, peakOpen }) => opened + reused + failed + peakOpen > 0,
    )
  }

  /** What each thread has last told of the origin, added up: the peak of all, or more, as their own need not coincide. */
  #raise(name: string, present: readonly LatestReport[]): void {
    const counts = this.#countsOf(name)
    const now = present.map(({ origins }) => origins.get(name)?.measured ?? noPeaks).reduce(sum, noPeaks)
    Object.assign(counts, highest(counts, now))
  }

  #nameOf(origin: string): string {
    return this.#origins.has(origin) || this.#origins.size < maxOrigins ? origin : otherName
  }

  #countsOf(name: string): ConnectionCounts {
    const known = this.#origins.get(name)
    if (known !== undefined) return known
    const created = createConnectionCounts()
    this.#origins.set(name, created)
    return created
  }
}

const noPeaks: Peaks = { peakOpen: 0, peakInUse: 0, peakWaiting: 0 }

function sum(left: Peaks, right: Peaks): Peaks {
  return {
    peakOpen: left.peakOpen + right.peakOpen,
    peakInUse: left.peakInUse + right.peakInUse,
    peakWaiting: left.peakWaiting + right.peakWaiting,
  }
}

function highest(left: Peaks, right: Peaks): Peaks {
  return {
    peakOpen: Math.max(left.peakOpen, right.peakOpen),
    peakInUse: Math.max(left.peakInUse, right.peakInUse),
    peakWaiting: Math.max(left.peakWaiting, right.peakWaiting),
  }
}
