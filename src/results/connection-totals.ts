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

/** The connections of all threads, merged: as many origins as each thread keeps apart, be they others or not. */
export class ConnectionTotals {
  readonly #origins: Map<string, ConnectionCounts> = new Map()
  /** By thread, then by origin. */
  readonly #latest: Map<string, LatestPeaks>[] = []

  /** Adds what a thread reports. Returns what the point in time that it is for knows of all threads. */
  add(thread: number, reports: readonly OriginReport[]): ConnectionPoint {
    const latest = new Map<string, LatestPeaks>()
    this.#latest[thread] = latest
    let opened = 0
    for (const { origin, measured, warmup } of reports) {
      const name = this.#nameOf(origin)
      addConnectionCounts(this.#countsOf(name), measured)
      opened += measured.opened + (warmup?.opened ?? 0)
      const { measured: own = noPeaks, whole = noPeaks } = latest.get(name) ?? {}
      const both = warmup === undefined ? measured : highest(measured, warmup)
      latest.set(name, { measured: sum(own, measured), whole: sum(whole, both) })
    }
    for (const name of latest.keys()) this.#raise(name)
    const { peakOpen, peakInUse, peakWaiting } = this.#latest
      .flatMap((ofThread) => Array.from(ofThread.values(), ({ whole }) => whole))
      .reduce(sum, noPeaks)
    return { open: peakOpen, inUse: peakInUse, waiting: peakWaiting, opened }
  }

  /** A thread was lost, and its connections with it. */
  lose(thread: number): void {
    this.#latest[thread] = new Map()
  }

  /** Of the origins that anybody has connected to, or tried to, in order of appearance. */
  origins(): OriginResult[] {
    return Array.from(this.#origins, ([origin, counts]): OriginResult => ({ origin, ...counts })).filter(
      ({ opened, reused, failed, peakOpen }) => opened + reused + failed + peakOpen > 0,
    )
  }

  /** What each thread has last told of the origin, added up: the peak of all, or more, as their own need not coincide. */
  #raise(name: string): void {
    const counts = this.#countsOf(name)
    const now = this.#latest.map((ofThread) => ofThread.get(name)?.measured ?? noPeaks).reduce(sum, noPeaks)
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
