import { printable } from '../shared/text.ts'
import { classOf } from './request-checks.ts'

const maxNameLength = 40

/** Put into words only when shown: of thousands that are wrong, a few are. */
export type Line = () => string

/** What a value is, without what it says: it may hold a credential. */
export function kindOf(value: unknown): string {
  if (value === null || typeof value === 'undefined' || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : String(value)
  if (typeof value === 'string') return value.trim() === '' ? 'an empty text' : 'a text'
  if (typeof value !== 'object') return `a ${typeof value}`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array'
  const name = classOf(value)
  if (name === 'Promise') return 'a promise, which was not awaited'
  return name === undefined || name === 'Object' ? 'an object' : `an object (${shortName(name)})`
}

/** What is wrong with a text that UTF-8 has no bytes for. */
export const brokenText = 'expected text that UTF-8 can encode; received half of a surrogate pair'

/** A name as a problem tells it. */
export function shortName(name: string): string {
  return printable(name, maxNameLength)
}
