import { showValue } from '../shared/text.ts'
import { shown } from './request-problems.ts'

/** All statuses of a class (RFC 9110, 15). */
export type StatusClass = '2xx' | '3xx' | '4xx' | '5xx'

/** All statuses from `min` to `max`, both included. */
export interface StatusRange {
  readonly min: number
  readonly max: number
}

/** Which statuses are wanted: one, a class, a range, or several of these. */
export type ExpectedStatus = OneStatus | readonly OneStatus[]

type OneStatus = number | StatusClass | StatusRange

export const statusAdvice = "a status from 200 to 999, '2xx', { min: 200, max: 299 } or an array of these"

/** Whether a value can be an `ExpectedStatus`. */
export function isExpectedStatus(value: unknown): value is ExpectedStatus {
  return isOne(value) || (Array.isArray(value) && value.length > 0 && value.every(isOne))
}

/** Whether an answer can have this status. Those below 200 come before the answer (RFC 9110, 15.2). */
function isStatus(value: unknown): value is number {
  return typeof value === 'number' && value >= 200 && value <= 999 && Number.isInteger(value)
}

function isOne(value: unknown): value is OneStatus {
  if (isStatus(value)) return true
  return typeof value === 'object' && value !== null ? isRange(value) : typeof value === 'string' && isClass(value)
}

function isClass(text: string): text is StatusClass {
  return /^[2-5]xx$/.test(text)
}

/** Whether an object is a range, or is meant to be one. */
export function isLikeRange(value: object): boolean {
  return 'min' in value || 'max' in value
}

function isRange(value: object): value is StatusRange {
  const { min, max, ...others } = value as Partial<StatusRange>
  return isStatus(min) && isStatus(max) && min <= max && Object.keys(others).length === 0
}

/** Whether a status is among the expected ones. */
export function hasStatus(expected: ExpectedStatus, status: number): boolean {
  if (typeof expected === 'number') return status === expected
  if (typeof expected === 'string') return Math.floor(status / 100) === Number(expected[0])
  if ('min' in expected) return status >= expected.min && status <= expected.max
  return expected.some((one) => hasStatus(one, status))
}

/** `200 or 204`. */
export function describeStatus(expected: ExpectedStatus): string {
  if (typeof expected === 'number' || typeof expected === 'string') return String(expected)
  return 'min' in expected ? `${expected.min} to ${expected.max}` : expected.map(describeStatus).join(' or ')
}

/** What was given where statuses are expected, as a message shows it. */
export function showStatus(value: unknown): string {
  if (typeof value === 'object' && value !== null && isLikeRange(value)) return showValue(value)
  if (!Array.isArray(value)) return shown(value)
  return `[${value.slice(0, 5).map(shown).join(', ')}${value.length > 5 ? ', …' : ''}]`
}
