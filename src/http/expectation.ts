import { STATUS_CODES } from 'node:http'
import type { Failure } from '../metrics/error-table.ts'
import { LoadError } from '../shared/errors.ts'
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

/** Refuses what is no expectation: `.expect()` of a value that came out undefined must not pass unnoticed. */
export function checkExpectation(expectation: unknown, name: string): void {
  if (typeof expectation === 'number' || typeof expectation === 'function' || Array.isArray(expectation)) return
  throw new LoadError(
    'ERR_LOAD_REQUEST',
    `${name}: .expect() takes a status, an array of them or a function, received ${typeof expectation}. Write .expect(200).`,
  )
}
