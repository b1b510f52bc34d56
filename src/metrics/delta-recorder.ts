import { bucketIndex, type BucketLayout } from './buckets.ts'

/**
 * Counts values between two snapshots. Recording allocates nothing; a snapshot costs as much as there are positions
 * that changed, not as much as the histogram is long. The totals live where the snapshots are merged.
 */
export class DeltaRecorder {
  readonly layout: BucketLayout
  count: number = 0
  sum: number = 0
  min: number = Number.POSITIVE_INFINITY
  max: number = 0
  /** Values over the layout's highest, counted there. */
  clamped: number = 0

  readonly #counts: Uint32Array
  #touched: Uint32Array = new Uint32Array(64)
  #touchedCount: number = 0

  constructor(layout: BucketLayout) {
    this.layout = layout
    this.#counts = new Uint32Array(layout.length)
  }

  /** Records a value; fractions are rounded, what lies outside the layout is clamped to its ends. */
  record(value: number): void {
    let rounded = Math.round(value)
    if (rounded > this.layout.highestValue) {
      rounded = this.layout.highestValue
      this.clamped += 1
    } else if (!(rounded >= 1)) {
      rounded = 1
    }
    const index = bucketIndex(this.layout, rounded)
    const before = this.#counts[index] ?? 0
    if (before === 0) this.#touch(index)
    this.#counts[index] = before + 1
    this.count += 1
    this.sum += rounded
    if (rounded < this.min) this.min = rounded
    if (rounded > this.max) this.max = rounded
  }

  /** How many positions changed since the last `drain`. */
  get touchedCount(): number {
    return this.#touchedCount
  }

  /** Hands every changed position with its count to `visit` and starts anew. */
  drain(visit: (index: number, count: number) => void): void {
    for (let position = 0; position < this.#touchedCount; position++) {
      const index = this.#touched[position] ?? 0
      visit(index, this.#counts[index] ?? 0)
      this.#counts[index] = 0
    }
    this.#touchedCount = 0
    this.count = 0
    this.sum = 0
    this.min = Number.POSITIVE_INFINITY
    this.max = 0
    this.clamped = 0
  }

  #touch(index: number): void {
    if (this.#touchedCount === this.#touched.length) {
      const grown = new Uint32Array(this.#touched.length * 2)
      grown.set(this.#touched)
      this.#touched = grown
    }
    this.#touched[this.#touchedCount++] = index
  }
}
