import * as hdr from 'hdr-histogram-js'
import { bucketValue, highestLatencyUs, type BucketLayout } from './buckets.ts'

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

/** Percentiles, mean and extremes over merged counts, by hdr-histogram-js. */
export class LatencyHistogram {
  count: number = 0
  sum: number = 0
  min: number = Number.POSITIVE_INFINITY
  max: number = 0

  readonly #hdr: hdr.Histogram
  readonly #layout: BucketLayout

  constructor(layout: BucketLayout) {
    this.#layout = layout
    this.#hdr = hdr.build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: highestLatencyUs,
      numberOfSignificantValueDigits: layout.significantDigits,
      bitBucketSize: 32,
      useWebAssembly: false,
    })
  }

  /** Adds `count` values at a position of the layout. */
  addAt(index: number, count: number): void {
    this.#hdr.recordValueWithCount(bucketValue(this.#layout, index), count)
  }

  /** Adds the exact figures that go with positions already added. */
  addTotals(totals: { count: number; sum: number; min: number; max: number }): void {
    this.count += totals.count
    this.sum += totals.sum
    this.min = Math.min(this.min, totals.min)
    this.max = Math.max(this.max, totals.max)
  }

  merge(other: LatencyHistogram): void {
    this.#hdr.add(other.#hdr)
    this.addTotals(other)
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
    return Math.max(this.min, Math.min(this.max, this.#hdr.getValueAtPercentile(percentile)))
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
    return hdr.encodeIntoCompressedBase64(this.#hdr)
  }
}
