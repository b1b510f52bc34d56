import { STATUS_CODES } from 'node:http'
import { types } from 'node:util'
import type { Failure } from '../metrics/error-table.ts'
import type { HttpResponse } from './http-response.ts'
import { shown } from './request-problems.ts'

/** What `.expect()` takes: a status, several, or a condition on status and headers. */
export type Expectation = number | readonly number[] | ((response: HttpResponse) => boolean)

const failures: (Failure | undefined)[] = []

/** `404 Not Found`. */
function statusText(status: number): string {
  const phrase = STATUS_CODES[status]
  return phrase === undefined ? String(status) : `${status} ${phrase}`
}

/** The failure that a status of 400 or more is when nothing wants it; made once for each status. */
export function statusFailure(status: number): Failure {
  return (failures[status] ??= {
    category: status >= 500 ? 'http_5xx' : 'http_4xx',
    message: `answered ${statusText(status)}`,
  })
}

/** The failure of an answer that is not the expected one. */
export function expectationFailure(status: number, expectation: Expectation): Failure {
  const category = status >= 500 ? 'http_5xx' : status >= 400 ? 'http_4xx' : 'unexpected_status'
  return { category, message: `answered ${statusText(status)}, expected ${describe(expectation)}` }
}

/** Whether an answer is the expected one. A promise would pass for `true`, whatever comes of it. */
export function meets(expectation: Expectation, response: HttpResponse): boolean | UnusableExpectation {
  if (typeof expectation === 'number') return response.status === expectation
  if (typeof expectation === 'function') {
    const met: unknown = expectation(response)
    if (!types.isPromise(met)) return Boolean(met)
    met.catch(() => {})
    return new UnusableExpectation('.expect() takes a condition that answers at once; received a promise')
  }
  return expectation.includes(response.status)
}

function describe(expectation: Expectation): string {
  if (typeof expectation === 'number') return String(expectation)
  return typeof expectation === 'function' ? 'what the condition of .expect() accepts' : expectation.join(' or ')
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
  const isUsable =
    isStatus(expectation) ||
    typeof expectation === 'function' ||
    (Array.isArray(expectation) && expectation.length > 0 && expectation.every(isStatus))
  return isUsable ? expectation : new UnusableExpectation(`${expected}; received ${toText(expectation)}`)
}

const expected = '.expect() takes a status from 200 to 999, an array of them or a function'

function toText(value: unknown): string {
  if (!Array.isArray(value)) return shown(value)
  return `[${value.slice(0, 5).map(shown).join(', ')}${value.length > 5 ? ', …' : ''}]`
}

/** Whether an answer can have this status. Those below 200 come before the answer (RFC 9110, 15.2). */
function isStatus(value: unknown): boolean {
  return typeof value === 'number' && value >= 200 && value <= 999 && Number.isInteger(value)
}
