import { LoadError } from './errors.ts'
import { showValue } from './text.ts'

/** A rate: a number per second, or a string such as `'500/s'`, `'90/m'`, `'1000/h'`. */
export type Rate = string | number

/** A ratio from 0 to 1, or a percentage such as `'1%'`. */
export type Ratio = string | number

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/**
 * Parses a `Rate` into a number per second.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when it is not a rate, negative or not finite.
 */
export function parseRate(value: Rate): number {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(value) : null
  const perSecond =
    typeof value === 'number' ? value : Number(match?.[1]) / (secondsPerUnit[match?.[2] ?? ''] ?? Number.NaN)
  if (Number.isFinite(perSecond) && perSecond >= 0) return perSecond
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `Not a rate: ${showValue(value)}. Write a number per second or a string such as '500/s' or '90/m'.`,
  )
}

/**
 * Parses a `Ratio` into a number from 0 to 1.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when it is not a ratio or lies outside 0..1.
 */
export function parseRatio(value: Ratio): number {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(value) : null
  const ratio = typeof value === 'number' ? value : Number(match?.[1]) / 100
  if (ratio >= 0 && ratio <= 1) return ratio
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `Not a ratio: ${showValue(value)}. Write a number from 0 to 1 or a percentage from '0%' to '100%'.`,
  )
}

/** Writes how a rate changes, in the unit that suits its higher end: `0 to 500/s`, `20 to 5/m`, `1.5/s`. */
export function formatRateRange(from: number, to: number): string {
  const unit = unitOf(Math.max(from, to))
  const [start, end] = [from, to].map((perSecond) => formatNumber(perSecond * (secondsPerUnit[unit] ?? 1)))
  return start === end ? `${end}/${unit}` : `${start} to ${end}/${unit}`
}

function unitOf(perSecond: number): 's' | 'm' | 'h' {
  const hundredths = perSecond * 100
  const isShort = hundredths >= 1 && Math.abs(hundredths - Math.round(hundredths)) < 1e-9
  if (perSecond >= 1 || perSecond === 0 || isShort) return 's'
  return perSecond * 60 >= 1 ? 'm' : 'h'
}

function formatNumber(value: number): string {
  const rounded = value < 0.01 ? value.toPrecision(2) : value.toFixed(value < 10 ? 2 : 1)
  return Number(rounded).toLocaleString('en', { maximumFractionDigits: 20 })
}

/** Writes a ratio as a percentage: `0.5 %`, `12.3 %`. Rounding never makes all or nothing of what is less or more. */
export function formatRatio(ratio: number): string {
  const percent = ratio * 100
  const distance = Math.min(percent, Math.abs(100 - percent))
  if (distance === 0) return `${percent} %`
  const finest = 0.000_001
  if (distance < finest) return `${percent < 50 ? '0.000001' : percent < 100 ? '99.999999' : '100.000001'} %`
  const digits = distance >= 10 ? 1 : distance >= 0.1 ? 2 : Math.ceil(-Math.log10(distance)) + 1
  return `${Number(percent.toFixed(Math.min(digits, 6)))} %`
}
