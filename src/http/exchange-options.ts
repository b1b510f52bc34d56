import { resolveRetry, type RetryPolicy } from '../shared/retry.ts'
import type { HttpConfig } from './config.ts'
import { areTags, isByteLimit, isName, isRedirectMode, isRetry, isSwitch, UnusableOptions } from './request-checks.ts'
import type { RequestContent } from './request-content.ts'
import type { UntypedRequestOptions } from './request-options.ts'
import { configuredTimeouts, timeoutsOf, type RequestTimeouts } from './request-timeouts.ts'
import { hasTraceparent } from './trace-context.ts'

/** What becomes of an answer that redirects. */
export type RedirectMode = 'follow' | 'manual' | 'error'

/** How a request shall be treated. */
export interface ExchangeOptions {
  readonly timeouts: RequestTimeouts
  readonly redirect: RedirectMode
  /** Longest body of an answer that is kept, or counted. */
  readonly maxResponseBytes: number
  readonly discardBody: boolean
  /** Whether the request gets a `traceparent`, unless it has one. */
  readonly traceparent: boolean
  /** Name in reports instead of the plan's. */
  readonly name: string | undefined
  readonly tags: Readonly<Record<string, string>> | undefined
  /** When to make it again; `undefined` for never. */
  readonly retry: RetryPolicy | undefined
}

/** How requests are treated that do not say it. `plain` is what one without options sends. */
export function defaultOptionsOf(config: HttpConfig, plain: RequestContent): ExchangeOptions {
  return {
    timeouts: configuredTimeouts(config),
    redirect: 'follow',
    maxResponseBytes: config.discardBodies ? Number.POSITIVE_INFINITY : config.maxResponseBytes,
    discardBody: config.discardBodies,
    traceparent: config.traceparent && !hasTraceparent(plain.headers),
    name: undefined,
    tags: undefined,
    retry: config.retry,
  }
}

/**
 * How a request is treated that says so itself.
 *
 * @throws {UnusableOptions} when it says what cannot be done.
 */
export function optionsOf(
  options: UntypedRequestOptions,
  defaults: ExchangeOptions,
  config: HttpConfig,
): ExchangeOptions {
  const { timeout, redirect, name, tags, maxResponseBytes, discardBody, traceparent, retry } = options
  const isUsable =
    (redirect === undefined || isRedirectMode(redirect)) &&
    (maxResponseBytes === undefined || isByteLimit(maxResponseBytes)) &&
    isSwitch(discardBody) &&
    isSwitch(traceparent) &&
    (name === undefined || isName(name)) &&
    (tags === undefined || areTags(tags)) &&
    (retry === undefined || isRetry(retry))
  if (!isUsable) throw new UnusableOptions()
  const discards = discardBody ?? defaults.discardBody
  return {
    timeouts: timeout === undefined ? defaults.timeouts : timeoutsOf(timeout, defaults.timeouts),
    redirect: redirect ?? 'follow',
    // What is not kept takes no memory.
    maxResponseBytes: maxResponseBytes ?? (discards ? Number.POSITIVE_INFINITY : config.maxResponseBytes),
    discardBody: discards,
    traceparent: traceparent ?? defaults.traceparent,
    name,
    tags,
    retry: retry === undefined ? defaults.retry : resolveRetry(retry),
  }
}
