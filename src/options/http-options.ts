import * as z from 'zod'
import type { Duration } from '../shared/durations.ts'
import type { RetryOptions, RetryPolicy } from '../shared/retry.ts'
import { positiveDurationMs, wholeNumber } from './problems.ts'
import { retryPolicy } from './retry-options.ts'

/** How the HTTP clients of a project's virtual users behave. */
export interface HttpOptions {
  /** How long a request may take in all, from the call to the last byte. @default '60s' */
  readonly timeout?: Duration
  /** How long connecting may take, TLS included. @default '10s' */
  readonly connectTimeout?: Duration
  /** `'per-vu'` keeps a connection for each virtual user and origin, `'none'` makes one for each request. @default 'per-vu' */
  readonly connections?: 'per-vu' | 'none'
  /**
   * How many connections a virtual user opens to an origin at most, and how many requests `http.all` makes at once. What is
   * more waits for one, as in a browser.
   *
   * @default 6
   */
  readonly parallel?: number
  /** Makes failed requests again: how often at most, or when and how. Requests may say it for themselves. @default never */
  readonly retry?: number | RetryOptions
}

/** How HTTP clients behave, with defaults. Plain data: it is cloned into threads. */
export interface ResolvedHttpOptions {
  readonly timeoutMs: number
  readonly connectTimeoutMs: number
  readonly connections: 'per-vu' | 'none'
  readonly parallel: number
  readonly retry: RetryPolicy | undefined
}

const defaults = Object.freeze({
  timeoutMs: 60_000,
  connectTimeoutMs: 10_000,
  connections: 'per-vu',
  parallel: 6,
} as const)

interface CheckedHttpOptions {
  timeout?: number | undefined
  connectTimeout?: number | undefined
  connections?: 'per-vu' | 'none' | undefined
  parallel?: number | undefined
  retry?: RetryPolicy | null | undefined
}

type Shape<Checked> = {
  readonly [Name in keyof Checked]-?: z.ZodOptional<z.ZodType<Exclude<Checked[Name], undefined>>>
}

/** The part of a project's options that is about HTTP. */
export const httpShape: Shape<CheckedHttpOptions> = {
  timeout: positiveDurationMs.optional(),
  connectTimeout: positiveDurationMs.optional(),
  connections: z.enum(['per-vu', 'none'], "expected 'per-vu' or 'none'").optional(),
  parallel: wholeNumber(1000).optional(),
  retry: retryPolicy.optional(),
}

/** Fills in what was not given. */
export function resolveHttpOptions(given: CheckedHttpOptions): ResolvedHttpOptions {
  return {
    timeoutMs: given.timeout ?? defaults.timeoutMs,
    connectTimeoutMs: given.connectTimeout ?? defaults.connectTimeoutMs,
    connections: given.connections ?? defaults.connections,
    parallel: given.parallel ?? defaults.parallel,
    retry: given.retry ?? undefined,
  }
}
