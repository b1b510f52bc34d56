import { STATUS_CODES } from 'node:http'
import type { Failure } from '../metrics/error-table.ts'
import type { HttpResponse } from './http-response.ts'

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

/** Whether an answer is the expected one. */
export function meets(expectation: Expectation, response: HttpResponse): boolean {
  if (typeof expectation === 'number') return response.status === expectation
  if (typeof expectation === 'function') return expectation(response)
  return expectation.includes(response.status)
}

function describe(expectation: Expectation): string {
  if (typeof expectation === 'number') return String(expectation)
  return typeof expectation === 'function' ? 'what the condition of .expect() accepts' : expectation.join(' or ')
}

/** What `.expect()` got where it is no expectation: a value that came out undefined must not pass unnoticed. */
export class UnusableExpectation {
  readonly failure: Failure

  constructor(value: unknown) {
    const message = `.expect() takes a status, an array of them or a function, received ${typeof value}`
    this.failure = { category: 'script', message }
  }
}

/**
 * What was given to `.expect()`, checked. Nothing is thrown: a body that tries again and again would not wait in
 * between, and so never end.
 */
export function checkExpectation(expectation: Expectation): Expectation | UnusableExpectation {
  const isUsable = typeof expectation === 'number' || typeof expectation === 'function' || Array.isArray(expectation)
  return isUsable ? expectation : new UnusableExpectation(expectation)
}
