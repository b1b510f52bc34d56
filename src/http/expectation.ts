import type { Failure } from '../metrics/error-table.ts'
import { printable } from '../shared/text.ts'
import {
  answersAtOnce,
  LateCondition,
  missesOf,
  problemsOf,
  type ExpectedAnswer,
  type TimedAnswer,
} from './expected-answer.ts'
import {
  describeStatus,
  hasStatus,
  isExpectedStatus,
  isLikeRange,
  showStatus,
  type ExpectedStatus,
} from './expected-status.ts'
import type { HttpResponse } from './http-response.ts'
import { UnreadableAnswer } from './missing-body.ts'
import { isRecord } from './request-checks.ts'
import { statusText } from './status-text.ts'

/**
 * What `.expect()` takes: a status, a class (`'2xx'`) or range of them, several of these, a condition on status and
 * headers, or an object that says what is wanted of status, headers, body and latency.
 */
export type Expectation = ExpectedStatus | ((response: HttpResponse) => boolean) | ExpectedAnswer

/** Why an answer is not the expected one. */
export interface Mismatch {
  readonly failure: Failure
  /** With the values of this answer, where the failure has none. */
  readonly text: string | undefined
}

const failures: (Failure | undefined)[] = []
const longestText = 500

/** The failure that a status of 400 or more is when nothing wants it; made once for each status. */
export function statusFailure(status: number): Failure {
  return (failures[status] ??= {
    category: status >= 500 ? 'http_5xx' : 'http_4xx',
    message: `answered ${statusText(status)}`,
  })
}

/**
 * Why an answer is not the expected one, or `undefined`. `response` is for a condition.
 *
 * @throws what a condition throws.
 */
export function mismatchOf(
  expectation: Expectation,
  answer: TimedAnswer,
  response: () => HttpResponse,
): Mismatch | UnusableExpectation | undefined {
  const { status } = answer
  try {
    if (typeof expectation === 'function')
      return answersAtOnce(expectation(response()))
        ? undefined
        : wrongStatus(status, 'what the condition of .expect() accepts')
    if (isStatuses(expectation))
      return hasStatus(expectation, status) ? undefined : wrongStatus(status, describeStatus(expectation))
    return mismatchOfParts(expectation, answer)
  } catch (thrown) {
    if (thrown instanceof LateCondition)
      return new UnusableExpectation('.expect() takes a condition that answers at once; received a promise')
    if (thrown instanceof UnreadableAnswer) return new UnusableExpectation(`.expect() cannot be met: ${thrown.reason}`)
    throw thrown
  }
}

function isStatuses(expectation: ExpectedStatus | ExpectedAnswer): expectation is ExpectedStatus {
  return typeof expectation !== 'object' || Array.isArray(expectation) || isLikeRange(expectation)
}

function wrongStatus(status: number, expected: string): Mismatch {
  const message = `answered ${statusText(status)}, expected ${expected}`
  return { failure: { category: categoryOf(status), message }, text: undefined }
}

function categoryOf(status: number): Failure['category'] {
  if (status < 400) return 'unexpected_status'
  return status >= 500 ? 'http_5xx' : 'http_4xx'
}

/** All that is wrong as one failure, of the category of the gravest. */
function mismatchOfParts(expected: ExpectedAnswer, answer: TimedAnswer): Mismatch | undefined {
  const misses = missesOf(expected, answer)
  const [gravest] = misses
  if (gravest === undefined) return undefined
  // A timeout keeps its place among the latencies: percentiles would else be the better for what was too slow.
  const others = gravest.part === 'latency' ? 'timeout' : 'assertion'
  const category = gravest.part === 'status' ? categoryOf(answer.status) : others
  const secrets = [...answer.secrets()]
  const tell = (texts: string[]): string => printable(texts.join('; '), longestText, secrets)
  return {
    failure: { category, message: tell(misses.map(({ row }) => row)) },
    text: tell(misses.map(({ text }) => text)),
  }
}

/** What `.expect()` got where it is no expectation: a value that came out undefined must not pass unnoticed. */
export class UnusableExpectation {
  readonly failure: Failure

  constructor(message: string) {
    this.failure = { category: 'script', message }
  }
}

/**
 * What was given to `.expect()`, checked. Nothing is thrown: a body that tries again and again would not wait in
 * between, and so never end.
 */
export function checkExpectation(expectation: Expectation): Expectation | UnusableExpectation {
  if (isExpectedStatus(expectation) || typeof expectation === 'function') return expectation
  if (!isRecord(expectation) || isLikeRange(expectation))
    return new UnusableExpectation(`${expected}; received ${showStatus(expectation)}`)
  const problems = problemsOf(expectation)
  if (problems.length === 0) return expectation
  return new UnusableExpectation(`.expect() cannot be used: ${problems.join(', and ')}`)
}

const expected =
  ".expect() takes a status from 200 to 999, '2xx', { min, max }, an array of these, a function or an object with status, headers, body or latency"
