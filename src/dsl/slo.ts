import { parseDuration, type Duration } from '../shared/durations.ts'
import { LoadError } from '../shared/errors.ts'
import { parseRate, parseRatio, type Rate, type Ratio } from '../shared/rates.ts'
import { sloId, sloTitle, type SloAggregate, type SloCondition } from '../slo/model.ts'
import { subjectOf, type SloTargetHandle } from './handle.ts'

/** The bounds an objective can set. Each call declares one objective, which becomes a test case under load. */
export interface SloBounds<Limit> {
  /** The figure must be lower than the limit. */
  toBeBelow(limit: Limit): void
  /** The figure must be higher than the limit. */
  toBeAbove(limit: Limit): void
  /** The figure must lie between both, both included. */
  toBeBetween(low: Limit, high: Limit): void
}

/** The figures of a latency that an objective can be about. */
export interface LatencyFigures {
  /** The latency that `percentile` percent of all samples do not exceed: `.p(95)`. */
  p(percentile: number): SloBounds<Duration>
  /** The same as `.p(50)`. */
  readonly median: SloBounds<Duration>
  readonly mean: SloBounds<Duration>
  readonly max: SloBounds<Duration>
}

/** Options of `expectLatency`. */
export interface LatencyOptions {
  /**
   * `'response'`: from the call to the last byte, with waiting for a connection, DNS, connect and TLS. `'service'`: sending,
   * waiting and receiving only, as k6's `http_req_duration`; for requests only. @default 'response'
   */
  readonly of?: 'response' | 'service'
}

/**
 * Declares an objective on the latency of a scenario, step or request. Successes count, and what timed out or was cut
 * counts with the time it had taken; a failure that came fast never improves the figure.
 *
 * @throws {LoadError} `ERR_LOAD_COLLECTION` when declared after collection; `ERR_LOAD_OPTIONS` for a bad limit.
 * @example
 * ```ts
 * expectLatency(shopping.step('checkout')).p(95).toBeBelow('300ms')
 * ```
 */
export function expectLatency(target: SloTargetHandle, options: LatencyOptions = {}): LatencyFigures {
  const of = options.of ?? 'response'
  const { target: subject } = subjectOf(target, 'expectLatency()')
  if (of === 'service' && subject.kind !== 'request') {
    throw new LoadError(
      'ERR_LOAD_OPTIONS',
      `expectLatency() got { of: 'service' } for a ${subject.kind}, which has no service time. Use it with .request('GET /path').`,
    )
  }
  const bounds = (aggregate: SloAggregate): SloBounds<Duration> =>
    createBounds(target, aggregate, (limit) => parseDuration(limit) * 1000)
  return {
    p: (percentile) => {
      if (percentile > 0 && percentile <= 100) return bounds({ kind: 'percentile', percentile, of })
      throw new LoadError(
        'ERR_LOAD_OPTIONS',
        `Not a percentile: ${String(percentile)}. Write a number above 0 and up to 100, such as .p(95).`,
      )
    },
    get median() {
      return bounds({ kind: 'percentile', percentile: 50, of })
    },
    get mean() {
      return bounds({ kind: 'mean', of })
    },
    get max() {
      return bounds({ kind: 'max', of })
    },
  }
}

/**
 * Declares an objective on the part that failed: of a scenario's started iterations, of a step's or request's
 * executions. Replaces the implicit one of a scenario (below 1 %).
 *
 * @throws {LoadError} `ERR_LOAD_COLLECTION` when declared after collection; `ERR_LOAD_OPTIONS` for a bad limit.
 * @example
 * ```ts
 * expectErrorRate(shopping).toBeBelow('0.5%')
 * ```
 */
export function expectErrorRate(target: SloTargetHandle): SloBounds<Ratio> {
  return createBounds(target, { kind: 'errorRate' }, parseRatio)
}

/**
 * Declares an objective on successes per second: of a scenario's iterations, or of a step or request.
 *
 * @throws {LoadError} `ERR_LOAD_COLLECTION` when declared after collection; `ERR_LOAD_OPTIONS` for a bad limit.
 * @example
 * ```ts
 * expectThroughput(browsing.request('GET /products')).toBeAbove('100/s')
 * ```
 */
export function expectThroughput(target: SloTargetHandle): SloBounds<Rate> {
  return createBounds(target, { kind: 'throughput' }, parseRate)
}

/**
 * Declares an objective on the part of checks that passed, of a scenario or of one step. Replaces the implicit one of a
 * scenario (above 99 %).
 *
 * @throws {LoadError} `ERR_LOAD_COLLECTION` when declared after collection; `ERR_LOAD_OPTIONS` for a bad limit.
 * @example
 * ```ts
 * expectChecks(shopping).toBeAbove('99.9%')
 * ```
 */
export function expectChecks(target: SloTargetHandle): SloBounds<Ratio> {
  if (subjectOf(target, 'expectChecks()').target.kind === 'request') {
    throw new LoadError(
      'ERR_LOAD_OPTIONS',
      'expectChecks() got a request, which has no checks. Pass a scenario or a step.',
    )
  }
  return createBounds(target, { kind: 'checks' }, parseRatio)
}

function createBounds<Limit>(
  target: SloTargetHandle,
  aggregate: SloAggregate,
  parse: (limit: Limit) => number,
): SloBounds<Limit> {
  const toBeBelow = (limit: Limit): void =>
    declare(target, aggregate, { kind: 'below', limit: parse(limit) }, toBeBelow)
  const toBeAbove = (limit: Limit): void =>
    declare(target, aggregate, { kind: 'above', limit: parse(limit) }, toBeAbove)
  const toBeBetween = (low: Limit, high: Limit): void => {
    const condition = { kind: 'between', low: parse(low), high: parse(high) } as const
    if (condition.low > condition.high) {
      throw new LoadError(
        'ERR_LOAD_OPTIONS',
        `toBeBetween(${String(low)}, ${String(high)}) has its bounds the wrong way round. Put the lower one first.`,
      )
    }
    declare(target, aggregate, condition, toBeBetween)
  }
  return { toBeBelow, toBeAbove, toBeBetween }
}

function declare(
  handle: SloTargetHandle,
  aggregate: SloAggregate,
  condition: SloCondition,
  caller: (...limits: never[]) => void,
): void {
  const { scenario, target } = subjectOf(handle, 'An objective')
  const id = sloId(scenario.name, target, aggregate)
  const title = sloTitle({ target, aggregate })
  if (scenario.sealed) {
    throw new LoadError(
      'ERR_LOAD_COLLECTION',
      `The objective '${title}' of '${scenario.name}' was declared too late: the scenario's test cases exist already. Declare it at the top level of the file or in the describe() that holds the scenario.`,
    )
  }
  if (scenario.declarations.some((declaration) => declaration.slo.id === id)) {
    throw new LoadError(
      'ERR_LOAD_COLLECTION',
      `The objective '${title}' of '${scenario.name}' was declared twice. Keep one; use toBeBetween() for two bounds.`,
    )
  }
  const site = new Error(title)
  Error.captureStackTrace(site, caller)
  scenario.declarations.push({
    slo: { id, scenario: scenario.name, target, aggregate, condition, implicit: false },
    site,
  })
}
