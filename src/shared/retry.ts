import { longestMs, parseDuration, type Duration } from './durations.ts'
import type { ErrorCategory } from './error-category.ts'

const methods = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'] as const
const statuses = [408, 429, 500, 502, 503, 504] as const
const errors = ['dns', 'connect', 'reset'] as const
const otherErrors = ['tls', 'timeout', 'protocol'] as const

/** Failures without an answer after which a request can be made again. */
export type RetryableError = (typeof errors | typeof otherErrors)[number]

/** When a request is made again, and how often. */
export interface RetryOptions {
  /** How many more attempts there may be; at most 100. @default 2 */
  readonly limit?: number
  /** Methods whose requests are made again. @default ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'] */
  readonly methods?: readonly string[]
  /**
   * Statuses after which they are, if the answer counts as a failure: one that `.expect()` wants does not.
   *
   * @default [408, 429, 500, 502, 503, 504]
   */
  readonly statuses?: readonly number[]
  /** Failures without an answer after which they are. @default ['dns', 'connect', 'reset'] */
  readonly errors?: readonly RetryableError[]
  /**
   * Wait before the second attempt. It doubles for each further one, and each is shortened at random, by up to half.
   *
   * @default '300ms'
   */
  readonly delay?: Duration
  /**
   * The longest wait. An answer whose `retry-after` asks for a longer one is taken as it is.
   *
   * @default '30s'
   */
  readonly maxDelay?: Duration
}

/** `RetryOptions` with defaults. Plain data. */
export interface RetryPolicy {
  readonly limit: number
  readonly methods: readonly string[]
  readonly statuses: readonly number[]
  readonly errors: readonly ErrorCategory[]
  readonly delayMs: number
  readonly maxDelayMs: number
}

/** What is wrong with an option of a retry; `path` is empty where it is the whole. */
export interface RetryProblem {
  readonly path: string
  /** `undefined` for an option that is none of `retryOptionNames`. */
  readonly expected: string | undefined
  readonly received: unknown
}

interface Check {
  readonly isUsable: (value: unknown) => boolean
  /** Of a list: whether it may have an item. */
  readonly isItem?: (item: unknown) => boolean
  readonly expected: string
}

const longestLimit = 100

const checks: Readonly<Record<keyof RetryOptions, Check>> = {
  limit: { isUsable: isLimit, expected: `a whole number from 0 to ${longestLimit}` },
  methods: listOf((item) => typeof item === 'string' && /^[A-Za-z-]+$/.test(item), "methods such as ['GET', 'PUT']"),
  statuses: listOf(isStatus, 'statuses such as [429, 503]'),
  errors: listOf(
    (item) => [...errors, ...otherErrors].includes(item as RetryableError),
    `some of ${[...errors, ...otherErrors].map((name) => `'${name}'`).join(', ')}`,
  ),
  delay: { isUsable: isDuration, expected: "a duration such as '300ms'" },
  maxDelay: { isUsable: isDuration, expected: "a duration such as '30s'" },
}

/** Names of the options of a retry. */
export const retryOptionNames: readonly string[] = Object.keys(checks)

/** What is wrong with the option `retry`. */
export function retryProblems(value: unknown): RetryProblem[] {
  if (isLimit(value)) return []
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const expected = `${checks.limit.expected}, or an object such as { limit: 2, statuses: [503] }`
    return [{ path: '', expected, received: value }]
  }
  return Object.entries(value).flatMap(([path, received]: [string, unknown]): RetryProblem[] => {
    if (!Object.hasOwn(checks, path)) return [{ path, expected: undefined, received }]
    const { isUsable, isItem, expected } = checks[path as keyof RetryOptions]
    if (received === undefined || isUsable(received)) return []
    const isList = isItem !== undefined && Array.isArray(received)
    return [{ path, expected, received: isList ? received.find((item) => !isItem(item)) : received }]
  })
}

/** Fills in the defaults of what has no problems; `undefined` where nothing is to be made again. */
export function resolveRetry(given: number | RetryOptions | undefined): RetryPolicy | undefined {
  if (given === undefined) return undefined
  const options = typeof given === 'number' ? { limit: given } : given
  const limit = options.limit ?? 2
  if (limit === 0) return undefined
  return {
    limit,
    methods: (options.methods ?? methods).map((method) => method.toUpperCase()),
    statuses: options.statuses ?? statuses,
    errors: options.errors ?? errors,
    delayMs: parseDuration(options.delay ?? 300),
    maxDelayMs: parseDuration(options.maxDelay ?? 30_000),
  }
}

function isLimit(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= longestLimit
}

function isStatus(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 999
}

function listOf(isItem: (item: unknown) => boolean, expected: string): Check {
  return { isUsable: (value) => Array.isArray(value) && value.every(isItem), isItem, expected }
}

function isDuration(value: unknown): boolean {
  try {
    return parseDuration(value as Duration) <= longestMs
  } catch {
    return false
  }
}
