import type { SeriesResult } from '../../src/results/run-result.ts'

type LatencyRange = Pick<SeriesResult['latency'], 'count' | 'p50' | 'max'>

/** `1,234,567`. */
export function formatCount(value: number): string {
  return formatFixed(value, 0)
}

/** `1 iteration`, `1,234 iterations`. */
export function count(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** A number with thousands separators and exactly this many decimals. */
export function formatFixed(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

/** A rate without its unit: `0.25`, `13.7`, `1,234`. */
export function formatRate(perSecond: number): string {
  return formatFixed(perSecond, rateDecimals(perSecond))
}

function rateDecimals(perSecond: number): number {
  if (perSecond === 0 || perSecond >= 1000) return 0
  return perSecond < 1 ? 2 : 1
}

/** Writes all rates of a column with the same decimals, those that its smallest needs. */
export function rateFormatter(rates: readonly number[]): (perSecond: number) => string {
  const decimals = Math.max(0, ...rates.map(rateDecimals))
  return (perSecond) => formatFixed(perSecond, decimals)
}

/** A ratio as a percentage without its sign, to be read under a header: `0.49`, `100.00`. Never rounds a failure away. */
export function formatPercent(ratio: number): string {
  const percent = ratio * 100
  if (percent > 0 && percent < 0.01) return '<0.01'
  if (percent < 100 && percent > 99.99) return '99.99'
  return formatFixed(percent, 2)
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Decimal units: `310 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${formatFixed(value, unit > 0 && value < 99.95 ? 1 : 0)} ${byteUnits[unit]}`
}

/** Time since the start of the load as minutes and seconds: `01:12.3`. */
export function formatOffset(ms: number): string {
  const tenths = Math.round(ms / 100)
  const minutes = String(Math.floor(tenths / 600)).padStart(2, '0')
  return `${minutes}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`
}

/** How long the load has taken: `15.0 s` within a minute, `1:05` (`1:02:05`) beyond. */
export function formatElapsed(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const pair = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${pair(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${pair(minutes % 60)}:${pair(seconds % 60)}`
}

/** One unit, and one number of decimals, for a block of latencies. */
export interface LatencyScale {
  readonly unit: 'µs' | 'ms' | 's'
  readonly format: (us: number) => string
  /** Without zeros at the end: how a limit is written. */
  readonly formatLimit: (us: number) => string
}

/** The scale on which the quickest median keeps its digits and the largest value stays short. */
export function pickLatencyScale(summaries: readonly LatencyRange[]): LatencyScale {
  const measured = summaries.filter((summary) => summary.count > 0)
  const largest = Math.max(0, ...measured.map((summary) => summary.max))
  const quickest = Math.min(Number.MAX_VALUE, ...measured.map((summary) => summary.p50))
  if (measured.length > 0 && largest < 10_000) return createScale('µs', 1, 0)
  if (measured.length > 0 && quickest >= 1_000_000) return createScale('s', 1_000_000, 2)
  if (quickest < 1000 || (quickest < 10_000 && largest < 1_000_000)) return createScale('ms', 1000, 2)
  return createScale('ms', 1000, quickest < 100_000 ? 1 : 0)
}

/** Milliseconds, with three digits or more: for lines that stand below each other without being known together. */
export function formatMilliseconds(us: number): string {
  return `${formatFixed(us / 1000, us < 10_000 ? 2 : us < 100_000 ? 1 : 0)} ms`
}

function createScale(unit: LatencyScale['unit'], divisor: number, decimals: number): LatencyScale {
  return {
    unit,
    format: (us) => formatFixed(us / divisor, decimals),
    formatLimit: (us) => (us / divisor).toLocaleString('en-US', { maximumFractionDigits: 3 }),
  }
}
