import { types } from 'node:util'
import { parseDuration, type Duration } from '../shared/durations.ts'
import { retryProblems } from '../shared/retry.ts'

// Each of these is run for every request that has the option, so that they only say whether it can be used. What is
// wrong is put into words by `requestProblems`, after one of them has refused.

/** Thrown where options cannot be used. */
export class UnusableOptions extends Error {}

const names = [
  'json',
  'form',
  'body',
  'multipart',
  'compress',
  'query',
  'params',
  'headers',
  'bearer',
  'basic',
  'timeout',
  'redirect',
  'maxResponseBytes',
  'discardBody',
  'traceparent',
  'name',
  'tags',
  'retry',
]

/** Names of all options of a request. */
export const optionNames: ReadonlySet<string> = new Set(names)

/** Throws for options that are no object, or have a member of an unknown name. */
export function checkNames(options: object): void {
  let isEmpty = true
  for (const name in options) {
    if (!optionNames.has(name)) throw new UnusableOptions()
    isEmpty = false
  }
  if (isEmpty && !isRecord(options)) throw new UnusableOptions()
}

/** Whether a value is an object with names and values: no array, `Headers`, map, promise or date. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  return Object.getPrototypeOf(value) === Object.prototype || isUnusualRecord(value)
}

function isUnusualRecord(value: object): boolean {
  if (Symbol.iterator in value || types.isPromise(value)) return false
  // An object of another realm has another prototype of the same name.
  return Object.getPrototypeOf(value) === null || classOf(value) === 'Object' || Object.keys(value).length > 0
}

/** Name of the class of an object; `undefined` when it has none. */
export function classOf(value: object): string | undefined {
  const made: unknown = value.constructor
  return typeof made === 'function' ? made.name : undefined
}

/** Whether a value can be sent as a field of a query or form, alone or in an array. */
export function isFieldItem(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  )
}

/** Whether a value can fill a place in a path: an empty one or dots would make it the path of something else. */
export function isParam(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'string' && value !== '' && value !== '.' && value !== '..'
}

/** Whether a value can be a header's. Its characters are left to undici, which looks at them for every request. */
export function isHeaderValue(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}

const token = /^[\w!#$%&'*+.^`|~-]+$/
const maxHeaderNames = 1000
const lowerNames = new Map<string, string>()

/** Whether a text is a token, as a method and a header's name are (RFC 9110, 5.6.2). */
export function isToken(text: string): boolean {
  return token.test(text)
}

/** A header's name in lower case; `undefined` for what is none. Found again at less than the cost of making it. */
export function lowerHeaderName(name: string): string | undefined {
  const known = lowerNames.get(name)
  if (known !== undefined) return known
  if (!isToken(name)) return undefined
  const lower = name.toLowerCase()
  if (lowerNames.size < maxHeaderNames) lowerNames.set(name, lower)
  return lower
}

/** Whether a value can be a bearer token. */
export function isBearer(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Whether a value can be a user's name and password. The first colon ends the name (RFC 7617, 2). */
export function isBasic(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { username, password } = value
  return typeof username === 'string' && typeof password === 'string' && !username.includes(':')
}

/** Whether a value can be sent as it is. */
export function isBody(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || types.isUint8Array(value)
}

/** Whether a value can be the longest body of an answer. */
export function isByteLimit(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0
}

/** Whether a value switches something on or off, or says nothing. */
export function isSwitch(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean'
}

/** Whether a value says what to do with a redirect. */
export function isRedirectMode(value: unknown): boolean {
  return value === 'follow' || value === 'manual' || value === 'error'
}

/** Whether a value can be a request's name in reports. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

/** Whether a value says when to make a request again. */
export function isRetry(value: unknown): boolean {
  return retryProblems(value).length === 0
}

const maxTags = 10
const maxTagLength = 40
const maxTagValueLength = 100

/** Whether a value can be a request's tags. */
export function areTags(value: unknown): value is Readonly<Record<string, string>> {
  if (!isRecord(value)) return false
  let count = 0
  for (const name in value) {
    const text = value[name]
    if (typeof text !== 'string' || text === '' || text.length > maxTagValueLength) return false
    if (name === '' || name.length > maxTagLength) return false
    count += 1
  }
  return count <= maxTags
}

/** Milliseconds of a timeout; `undefined` for what is none. */
export function timeoutMsOf(value: Duration): number | undefined {
  try {
    const ms = parseDuration(value)
    return ms > 0 ? ms : undefined
  } catch {
    return undefined
  }
}
