import * as hdr from 'hdr-histogram-js'
import { bucketValue, highestAt, highestLatencyUs, rankOf, type BucketLayout } from './buckets.ts'

/** A summary of a distribution, all values in microseconds. */
export interface LatencySummary {
  readonly count: number
  readonly min: number
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** What is added to a histogram: exact figures, and pairs of a position of its layout and how many values came to it. */
export interface HistogramDelta {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly cells: Uint32Array
}

/** log2 of the positions of a page. Latencies cluster: of the 45 pages that cover their layout, a series uses some ten. */
const pageMagnitude = 9
const pageLength = 1 << pageMagnitude
/** As many as a counter holds. More values than that at one position stay uncounted there, rather than start from 0 again. */
const mostPerPosition = 2 ** 32 - 1

/**
 * Percentiles, mean and extremes over merged counts, those of hdr-histogram-js to the last digit. Counts are kept by
 * position, so that merging turns none into a value and back, and in pages that are made when they are needed.
 */
export class LatencyHistogram {
  count: number = 0
  sum: number = 0
  min: number = Number.POSITIVE_INFINITY
  max: number = 0

  readonly #layout: BucketLayout
  readonly #pages: (Uint32Array | undefined)[] = []

  constructor(layout: BucketLayout) {
    this.#layout = layout
  }

  add(delta: HistogramDelta): void {
    const { cells } = delta
    for (let cell = 0; cell < cells.length; cell += 2) this.#addAt(cells[cell] ?? 0, cells[cell + 1] ?? 0)
    this.#addTotals(delta)
  }

  merge(other: LatencyHistogram): void {
    other.#forEachCell((index, count) => this.#addAt(index, count))
    this.#addTotals(other)
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count
  }

  /**
   * The value that `percentile` percent of all values do not exceed, to the layout's precision: HdrHistogram's
   * "highest equivalent value", limited by the exact maximum.
   */
  percentile(percentile: number): number {
    if (this.count === 0) return 0
    if (percentile === 0) return this.min
    return Math.max(this.min, Math.min(this.max, this.#highestOfRank(rankOf(percentile, this.count))))
  }

  summary(): LatencySummary {
    return {
      count: this.count,
      min: this.count === 0 ? 0 : this.min,
      mean: this.mean,
      p50: this.percentile(50),
      p90: this.percentile(90),
      p95: this.percentile(95),
      p99: this.percentile(99),
      p999: this.percentile(99.9),
      max: this.max,
    }
  }

  /** HdrHistogram's own V2 compressed encoding in base64, which every HDR tool reads. */
  encode(): string {
    const histogram = hdr.build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: highestLatencyUs,
      numberOfSignificantValueDigits: this.#layout.significantDigits,
      bitBucketSize: 32,
      useWebAssembly: false,
    })
    this.#forEachCell((index, count) => histogram.recordValueWithCount(bucketValue(this.#layout, index), count))
    return hdr.encodeIntoCompressedBase64(histogram)
  }

  #addAt(index: number, count: number): void {
    const page = (this.#pages[index >>> pageMagnitude] ??= new Uint32Array(pageLength))
    const position = index & (pageLength - 1)
    page[position] = Math.min(mostPerPosition, (page[position] ?? 0) + count)
  }

  #addTotals(totals: Omit<HistogramDelta, 'cells'>): void {
    this.count += totals.count
    this.sum += totals.sum
    this.min = Math.min(this.min, totals.min)
    this.max = Math.max(this.max, totals.max)
  }

  /** The highest value that is counted where so many values are reached. */
  #highestOfRank(rank: number): number {
    let reached = 0
    for (const [number, page] of this.#pages.entries()) {
      if (page === undefined) continue
      for (let position = 0; position < pageLength; position++) {
        reached += page[position] ?? 0
        if (reached >= rank) return highestAt(this.#layout, (number << pageMagnitude) + position)
      }
    }
    return this.max
  }

  #forEachCell(visit: (index: number, count: number) => void): void {
    for (const [number, page] of this.#pages.entries())
      page?.forEach((count, position) => {
        if (count > 0) visit((number << pageMagnitude) + position, count)
      })
  }
}
