import type { HttpConfig } from './config.ts'
import type { ExchangeOptions } from './exchange.ts'
import { areTags, isByteLimit, isName, isRedirectMode, isSwitch, UnusableOptions } from './request-checks.ts'
import type { RequestContent } from './request-content.ts'
import type { UntypedRequestOptions } from './request-options.ts'
import { configuredTimeouts, timeoutsOf } from './request-timeouts.ts'
import { hasTraceparent } from './trace-context.ts'

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
  const { timeout, redirect, name, tags, maxResponseBytes, discardBody, traceparent } = options
  const isUsable =
    (redirect === undefined || isRedirectMode(redirect)) &&
    (maxResponseBytes === undefined || isByteLimit(maxResponseBytes)) &&
    isSwitch(discardBody) &&
    isSwitch(traceparent) &&
    (name === undefined || isName(name)) &&
    (tags === undefined || areTags(tags))
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
  }
}
