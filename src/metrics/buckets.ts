/**
 * The bucket layout of HdrHistogram (http://hdrhistogram.org) for integer values from 1 up: the position of a value in
 * the counts array, computed with three integer operations. Threads count into such an array and send the positions
 * that changed, which main adds up; only what is shown is turned back into values.
 */
export interface BucketLayout {
  readonly significantDigits: 2 | 3
  readonly highestValue: number
  /** log2 of half the number of sub-buckets: 10 at three digits, 7 at two. */
  readonly halfMagnitude: number
  /** Length of a counts array of this layout. */
  readonly length: number
}

/** One hour in microseconds: the highest value that is recorded; greater ones are clamped to it and counted. */
export const highestLatencyUs = 3_600_000_000

function createLayout(significantDigits: 2 | 3): BucketLayout {
  const halfMagnitude = significantDigits === 3 ? 10 : 7
  const layout = { significantDigits, highestValue: highestLatencyUs, halfMagnitude, length: 0 }
  return { ...layout, length: bucketIndex(layout, highestLatencyUs) + 1 }
}

/** Position of a value, which must be an integer from 0 to the layout's highest value. */
export function bucketIndex(layout: Pick<BucketLayout, 'halfMagnitude'>, value: number): number {
  const half = layout.halfMagnitude
  const bucket = 31 - half - Math.clz32(value | ((2 << half) - 1))
  return ((bucket + 1) << half) + ((value >>> bucket) - (1 << half))
}

/** The lowest value that is counted at a position. */
export function bucketValue(layout: Pick<BucketLayout, 'halfMagnitude'>, index: number): number {
  const half = layout.halfMagnitude
  const bucket = (index >>> half) - 1
  if (bucket < 0) return index
  return ((index & ((1 << half) - 1)) + (1 << half)) * 2 ** bucket
}

/** The highest value that is counted at a position. */
export function highestAt(layout: Pick<BucketLayout, 'halfMagnitude'>, index: number): number {
  return bucketValue(layout, index + 1) - 1
}

/** How many values a percentile does not exceed, by HdrHistogram's formula: less the last digit, which rounding may add. */
export function rankOf(percentile: number, count: number): number {
  const exact = (Math.min(percentile, 100) / 100) * count
  const lastDigit = 2 ** (Math.floor(Math.log2(exact)) - 52)
  return Math.max(1, Math.ceil(exact - lastDigit))
}

/** Three significant digits, for latencies that objectives are judged on. */
export const latencyLayout: BucketLayout = createLayout(3)

/** Two significant digits, for the phases of a request. */
export const phaseLayout: BucketLayout = createLayout(2)
