import { types } from 'node:util'
import { formatMicroseconds, type Duration } from '../shared/durations.ts'
import { unknownOption } from '../shared/text.ts'
import {
  describeStatus,
  hasStatus,
  isExpectedStatus,
  showStatus,
  statusAdvice,
  type ExpectedStatus,
} from './expected-status.ts'
import { headerOf, textOf, type Answer } from './extraction.ts'
import { isRecord, timeoutMsOf } from './request-checks.ts'
import { kindOf, shown } from './request-problems.ts'
import { statusText } from './status-text.ts'
import { execute } from './text-match.ts'

/** What a header shall be: just this text, a match of a pattern, there with any value (`true`), or not there (`false`). */
export type ExpectedHeader = string | RegExp | boolean

/** What is wanted of an answer; of what is left out, anything is. */
export interface ExpectedAnswer {
  /** Without it, any status below 400. */
  readonly status?: ExpectedStatus | undefined
  /** By name, in any case; several values of a header are joined by a comma. */
  readonly headers?: Readonly<Record<string, ExpectedHeader>> | undefined
  /** A text that the body contains, a pattern that it matches, or a condition on it. For JSON there is `.json(schema)`. */
  readonly body?: string | RegExp | ((text: string) => boolean) | undefined
  /**
   * The request must take less than this, from its dispatch to the last byte, as objectives read it; of one that was
   * redirected, the last request. One that takes longer counts as `timeout`, with the time that it took.
   */
  readonly latency?: Duration | undefined
}

/** An answer as it is judged. */
export interface TimedAnswer extends Answer {
  /** From dispatch to last byte. */
  readonly durationUs: number
}

/** A part of an answer that is not as expected. */
interface Miss {
  readonly part: 'status' | 'latency' | 'headers' | 'body'
  /** Without what differs from one answer, or one expectation, to the next: for the error table. */
  readonly row: string
  /** With the values. */
  readonly text: string
}

const names = ['status', 'headers', 'body', 'latency'] as const

/** What is wrong with an `ExpectedAnswer`, a line for each problem. */
export function problemsOf(expected: Readonly<Record<string, unknown>>): string[] {
  const unknown = Object.keys(expected).filter((name) => !names.some((known) => known === name))
  const problems = unknown.map((name) => `${name}: ${unknownOption(name, names)}`)
  const { status, headers, body, latency } = expected
  if (status !== undefined && !isExpectedStatus(status))
    problems.push(`status: expected ${statusAdvice}; received ${showStatus(status)}`)
  if (headers !== undefined) problems.push(...headerProblems(headers))
  if (body !== undefined && !isExpectedBody(body))
    problems.push(
      `body: expected a text that is not empty, a regular expression or a function; received ${kindOf(body)}`,
    )
  if (latency !== undefined && timeoutMsOf(latency as Duration) === undefined)
    problems.push(`latency: expected a duration above zero such as '300ms'; received ${shown(latency)}`)
  if (problems.length === 0 && names.every((name) => expected[name] === undefined))
    problems.push(`expected at least one of ${names.join(', ')}; received an object without them`)
  return problems
}

function headerProblems(headers: unknown): string[] {
  if (!isRecord(headers)) return [`headers: expected an object; received ${kindOf(headers)}`]
  return Object.entries(headers)
    .filter(([, value]) => typeof value !== 'string' && typeof value !== 'boolean' && !types.isRegExp(value))
    .map(
      ([name, value]) =>
        `headers.${name}: expected a text, a regular expression, true or false; received ${kindOf(value)}`,
    )
}

function isExpectedBody(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || types.isRegExp(value) || typeof value === 'function'
}

/** The parts of an answer that are not as expected, the gravest first. A condition may throw. */
export function missesOf(expected: ExpectedAnswer, answer: TimedAnswer): Miss[] {
  const misses: Miss[] = []
  addStatus(misses, expected.status, answer)
  addLatency(misses, expected.latency, answer)
  for (const [name, value] of Object.entries(expected.headers ?? {})) addHeader(misses, name, value, answer)
  addBody(misses, expected.body, answer)
  return misses
}

function addStatus(misses: Miss[], expected: ExpectedStatus | undefined, { status }: TimedAnswer): void {
  if (expected === undefined ? status < 400 : hasStatus(expected, status)) return
  const text = `answered ${statusText(status)}${expected === undefined ? '' : `, expected ${describeStatus(expected)}`}`
  misses.push({ part: 'status', row: text, text })
}

function addLatency(misses: Miss[], expected: Duration | undefined, answer: TimedAnswer): void {
  if (expected === undefined) return
  const { durationUs } = answer
  const limitMs = timeoutMsOf(expected) ?? Infinity
  if (durationUs < limitMs * 1000) return
  const limit = formatMicroseconds(limitMs * 1000)
  misses.push({
    part: 'latency',
    row: `took longer than the ${limit} that .expect() allows`,
    text: `took ${formatMicroseconds(durationUs)}, expected less than ${limit}`,
  })
}

function addHeader(misses: Miss[], name: string, expected: ExpectedHeader, answer: TimedAnswer): void {
  const value = headerOf(answer.headers, name)
  const miss = (row: string, wanted: string): void => {
    const had = value === undefined ? `has no header ${name}` : `header ${name} is ${JSON.stringify(value)}`
    misses.push({ part: 'headers', row, text: `${had}, expected ${wanted}` })
  }
  if (typeof expected === 'boolean') {
    if (expected === (value !== undefined)) return
    miss(`${expected ? 'has no' : 'has a'} header ${name}`, expected ? 'one' : 'none')
  } else if (typeof expected === 'string') {
    if (value !== expected) miss(`header ${name} is not the expected text`, JSON.stringify(expected))
  } else if (value === undefined || execute(expected, value) === null) {
    miss(`header ${name} does not match ${String(expected)}`, `a match of ${String(expected)}`)
  }
}

function addBody(misses: Miss[], expected: ExpectedAnswer['body'], answer: TimedAnswer): void {
  if (expected === undefined) return
  const text = textOf(answer)
  const miss = (row: string, wanted: string): void => void misses.push({ part: 'body', row, text: wanted })
  if (typeof expected === 'string') {
    if (!text.includes(expected))
      miss('body does not contain the expected text', `body does not contain ${JSON.stringify(expected)}`)
  } else if (typeof expected === 'function') {
    const row = 'body is not what the condition of .expect() accepts'
    if (!answersAtOnce(expected(text))) miss(row, row)
  } else if (execute(expected, text) === null) {
    const row = `body does not match ${String(expected)}`
    miss(row, row)
  }
}

/** Thrown for a condition that gives a promise, which would pass for `true` whatever comes of it. */
export class LateCondition extends Error {}

/** What a condition has said. */
export function answersAtOnce(met: unknown): boolean {
  if (!types.isPromise(met)) return Boolean(met)
  met.catch(() => {})
  throw new LateCondition()
}
