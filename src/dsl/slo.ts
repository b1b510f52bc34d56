import { checkLabelled } from '../options/label-options.ts'
import { readSloOptions, type SloOptions } from '../options/slo-options.ts'
import { parseDuration, type Duration } from '../shared/durations.ts'
import { LoadError, messageOf, throwProblems } from '../shared/errors.ts'
import { parseRate, parseRatio, type Rate, type Ratio } from '../shared/rates.ts'
import { nearestName, showValue } from '../shared/text.ts'
import { sloId, sloTitle, type SloAggregate, type SloCondition, type SloTarget } from '../slo/model.ts'
import { subjectOf, type SloSubject, type SloTargetHandle } from './handle.ts'

/** The bounds an objective can set. Each call declares one objective, which becomes a test case under load. */
export interface SloBounds<Limit> {
  /** The figure must be lower than the limit. */
  toBeBelow(limit: Limit, options?: SloOptions): void
  /** The figure must be higher than the limit. */
  toBeAbove(limit: Limit, options?: SloOptions): void
  /** The figure must lie between both, both included. */
  toBeBetween(low: Limit, high: Limit, options?: SloOptions): void
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

/** It stands in titles, messages and results. */
const maxNameLength = 1000
/** Longer names are cut, and two would be one. */
const maxLabelledLength = 190

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
  const subject = checkSubject(target, 'expectLatency()')
  const of = checkLatencyOptions(options, subject)
  const bounds = (aggregate: SloAggregate): SloBounds<Duration> => createBounds(subject, aggregate, parseLatencyUs)
  return {
    p: (percentile) => {
      if (typeof percentile === 'number' && percentile > 0 && percentile <= 100)
        return bounds({ kind: 'percentile', percentile, of })
      throw new LoadError(
        'ERR_LOAD_OPTIONS',
        `Not a percentile: ${showValue(percentile)}. Write a number above 0 and up to 100, such as .p(95).`,
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

function checkLatencyOptions(options: unknown, { target }: SloSubject): 'response' | 'service' {
  const problems: string[] = []
  let of: unknown = 'response'
  if (typeof options !== 'object' || options === null) {
    problems.push(`options: expected an object such as { of: 'service' }; received ${showValue(options)}`)
  } else {
    for (const [name, value] of Object.entries(options)) {
      if (name === 'of') of = value ?? 'response'
      else
        problems.push(
          `${name}: unknown option; ${nearestName(name, ['of']) === undefined ? 'known is of' : "did you mean 'of'?"}`,
        )
    }
  }
  if (of !== 'response' && of !== 'service')
    problems.push(`of: expected 'response' or 'service'; received ${showValue(of)}`)
  if (of === 'service' && target.kind !== 'request' && target.kind !== 'labelled') {
    problems.push(`of: a ${target.kind} has no service time; received "service". Use it with .request('GET /path')`)
  }
  throwProblems('Options of expectLatency()', problems)
  return of === 'service' ? 'service' : 'response'
}

function parseLatencyUs(limit: Duration): number {
  return parseDuration(limit) * 1000
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
  return createBounds(checkSubject(target, 'expectErrorRate()'), { kind: 'errorRate' }, parseRatio)
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
  return createBounds(checkSubject(target, 'expectThroughput()'), { kind: 'throughput' }, parseRate)
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
  const subject = checkSubject(target, 'expectChecks()')
  if (subject.target.kind === 'request') {
    throw new LoadError(
      'ERR_LOAD_OPTIONS',
      'expectChecks() got a request, which has no checks. Pass a scenario or a step.',
    )
  }
  return createBounds(subject, { kind: 'checks' }, parseRatio)
}

function checkSubject(handle: SloTargetHandle, caller: string): SloSubject {
  const subject = subjectOf(handle, caller)
  const name: unknown = subject.target.kind === 'scenario' ? subject.scenario.name : subject.target.name
  if (subject.target.kind === 'labelled') {
    if (subject.target.name.length <= maxLabelledLength) return subject
    const told = `${subject.target.name.length} characters; at most ${maxLabelledLength} are told apart`
    throw new LoadError(
      'ERR_LOAD_OPTIONS',
      `${caller} got requests whose name and labels have ${told}. Use fewer labels.`,
    )
  }
  if (typeof name === 'string' && name !== '' && name.length <= maxNameLength) return subject
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `${caller} got a ${subject.target.kind} without a usable name: ${showValue(name)}. Write .${subject.target.kind}('name').`,
  )
}

function createBounds<Limit>(
  subject: SloSubject,
  aggregate: SloAggregate,
  parse: (limit: Limit) => number,
): SloBounds<Limit> {
  const toBeBelow = (limit: Limit, options?: SloOptions, ...more: unknown[]): void => {
    refuseMore('toBeBelow(limit, options)', more)
    const problems: string[] = []
    const condition = { kind: 'below', limit: readLimit('limit', () => parse(limit), problems) } as const
    declare(subject, aggregate, condition, { options, problems }, toBeBelow)
  }
  const toBeAbove = (limit: Limit, options?: SloOptions, ...more: unknown[]): void => {
    refuseMore('toBeAbove(limit, options)', more)
    const problems: string[] = []
    const condition = { kind: 'above', limit: readLimit('limit', () => parse(limit), problems) } as const
    declare(subject, aggregate, condition, { options, problems }, toBeAbove)
  }
  const toBeBetween = (low: Limit, high: Limit, options?: SloOptions, ...more: unknown[]): void => {
    refuseMore('toBeBetween(low, high, options)', more)
    const problems: string[] = []
    const condition = {
      kind: 'between',
      low: readLimit('low', () => parse(low), problems),
      high: readLimit('high', () => parse(high), problems),
    } as const
    if (condition.low > condition.high)
      problems.push(`low: expected at most 'high', which is ${showValue(high)}; received ${showValue(low)}`)
    declare(subject, aggregate, condition, { options, problems }, toBeBetween)
  }
  return { toBeBelow, toBeAbove, toBeBetween }
}

/** What is silently ignored would make an objective weaker than it reads. */
function refuseMore(signature: string, more: readonly unknown[]): void {
  if (more.length === 0) return
  throw new LoadError('ERR_LOAD_OPTIONS', `${signature} takes nothing more, received ${showValue(more[0])}. Remove it.`)
}

/** Problems are added to `problems`; the limit is no number then. */
function readLimit(name: string, parse: () => number, problems: string[]): number {
  try {
    return parse()
  } catch (error) {
    problems.push(`${name}: ${messageOf(error).replace(/^Not/, 'not')}`)
    return Number.NaN
  }
}

/** A limit is strict: nothing is below zero, and no part above all. */
function findUnreachable(aggregate: SloAggregate, condition: SloCondition): string[] {
  const isPart = aggregate.kind === 'errorRate' || aggregate.kind === 'checks'
  const end = condition.kind === 'below' ? 0 : isPart ? 1 : Number.NaN
  if (condition.kind === 'between' || condition.limit !== end) return []
  const [call, place] = condition.kind === 'below' ? ['toBeBelow', 'below 0'] : ['toBeAbove', 'above 100 %']
  const advice = isPart ? `Write .toBeBetween(${end}, ${end})` : 'Write a limit above 0'
  return [`limit: can never be met: ${call}() is strict, and nothing lies ${place}. ${advice}`]
}

/** A part of all requests is measured apart from the requests that have the labels. */
function measuredTarget(target: SloTarget, aggregate: SloAggregate): SloTarget {
  if (target.kind !== 'labelled') return target
  checkLabelled(target.name, target.where, aggregate)
  const { status, error } = target.where
  const isPart = aggregate.kind === 'errorRate' && (status !== undefined || error !== undefined)
  return isPart ? { ...target, key: `${target.name} of all` } : target
}

/** What an objective was declared with beside its limits, and what is wrong with these. */
interface WrittenSlo {
  readonly options: SloOptions | undefined
  readonly problems: readonly string[]
}

function declare(
  { scenario, target: subject }: SloSubject,
  aggregate: SloAggregate,
  condition: SloCondition,
  written: WrittenSlo,
  caller: (...limits: never[]) => void,
): void {
  const target = measuredTarget(subject, aggregate)
  const problems = [...written.problems, ...findUnreachable(aggregate, condition)]
  const options = readSloOptions(written.options, aggregate, problems)
  throwProblems(`The objective '${sloTitle({ target, aggregate })}'`, problems)
  const id = sloId(scenario.name, target, aggregate, options.window)
  const title = sloTitle({ target, aggregate, ...options })
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
    slo: { id, scenario: scenario.name, target, aggregate, condition, implicit: false, ...options },
    site,
  })
}
