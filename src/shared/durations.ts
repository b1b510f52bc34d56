import { LoadError } from './errors.ts'
import { showValue } from './text.ts'

/** A time span: a string such as `'250ms'`, `'30s'`, `'1m30s'` (units us, ms, s, m, h) or a number of milliseconds. */
export type Duration = string | number

const msPerUnit: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const part = /(\d+(?:\.\d+)?)(us|ms|s|m|h)/y

/** The longest duration: Node's timers end at 2^31 − 1 ms, and fire at once for more. */
export const longestMs: number = 596 * 3_600_000
const longest = "'596h', which is the longest that a timer can wait"

/**
 * Parses a `Duration` into milliseconds.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when it is not a duration, negative, not finite or longer than 596 hours.
 */
export function parseDuration(value: Duration): number {
  const milliseconds = readMilliseconds(value)
  if (milliseconds >= 0 && milliseconds <= longestMs) return milliseconds
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    isTooLong(value)
      ? `Too long a duration: ${showValue(value)}. Write at most ${longest}.`
      : `Not a duration: ${showValue(value)}. Write a string such as '250ms', '30s' or '1m30s', or a number of milliseconds.`,
  )
}

/** What a list of problems says that was expected in the place of what `parseDuration` refuses. */
export function expectedDuration(refused: unknown): string {
  return isTooLong(refused)
    ? `a duration of at most ${longest}`
    : "a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative"
}

function isTooLong(value: unknown): boolean {
  const milliseconds = readMilliseconds(value)
  return Number.isFinite(milliseconds) && milliseconds > longestMs
}

function readMilliseconds(value: unknown): number {
  return typeof value === 'number' ? value : parseText(value)
}

function parseText(text: unknown): number {
  if (typeof text !== 'string') return Number.NaN
  part.lastIndex = 0
  let total = 0
  let position = 0
  while (position < text.length) {
    const match = part.exec(text)
    if (match === null) return Number.NaN
    total += Number(match[1]) * (msPerUnit[match[2] ?? ''] ?? Number.NaN)
    position = part.lastIndex
  }
  return text.length === 0 ? Number.NaN : total
}

/** Writes microseconds the way a person reads them: `412 ms`, `1.25 s`, `830 µs`. */
export function formatMicroseconds(us: number): string {
  // Each bound lies where rounding reaches the next unit: 999.7 µs are 1 ms, not 1000 µs.
  if (us < 999.5) return `${trim(us, 0)} µs`
  if (us < 999_500) return `${trim(us / 1000, us < 10_000 ? 2 : us < 100_000 ? 1 : 0)} ms`
  if (us < 59_995_000) return `${trim(us / 1_000_000, 2)} s`
  return formatDuration(us / 1000)
}

/** Writes milliseconds as a duration string that `parseDuration` reads back: `1m30s`, `30s`, `250ms`. */
export function formatDuration(ms: number): string {
  if (Math.round(ms) < 1000) return `${trim(ms, 0)}ms`
  // Rounded first, so that 119,990 ms are 2m and not 1m60s.
  const tenths = Math.round(ms / 100)
  const hours = Math.floor(tenths / 36_000)
  const minutes = Math.floor((tenths % 36_000) / 600)
  const seconds = trim((tenths % 600) / 10, 1)
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${seconds !== '0' || tenths < 600 ? `${seconds}s` : ''}`
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}
