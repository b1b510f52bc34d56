import type { Failure } from '../metrics/error-table.ts'
import { outcomes, type Outcome } from '../metrics/series.ts'
import type { Frame } from '../session/current.ts'
import { errorCategories, type ErrorCategory } from '../shared/error-category.ts'
import { CategorisedError, messageOf } from '../shared/errors.ts'

/** How far an error's causes are followed: `new Error('login failed', { cause })` is still the failed request. */
const maxCauses = 5

/** What kind of failure a thrown value is. What carries a `category` says so itself, also as the cause of another. */
export function categorise(thrown: unknown): Failure {
  const row = typeof thrown === 'object' && thrown !== null ? CategorisedError.rowOf(thrown) : undefined
  const message = row?.message ?? messageOf(thrown)
  return { category: orElse('script', () => categoryOf(thrown)), message: message === '' ? 'no message' : message }
}

/** The beginning of the answer that a failure is about; empty where there is none. */
export function excerptOfThrown(thrown: unknown): string {
  return orElse(
    '',
    () =>
      causesOf(thrown)
        .map((error) => CategorisedError.rowOf(error)?.excerpt)
        .find(Boolean) ?? '',
  )
}

/** Whether the failure is in the error table already, put there by the protocol that met it. */
export function isCounted(thrown: unknown): boolean {
  return orElse(false, () => causesOf(thrown).some((error) => 'counted' in error && error.counted === true))
}

/** The outcome of a piece of work that ended by throwing something of this category. */
export function outcomeOf(category: ErrorCategory, frame: Frame): Outcome {
  if (category === 'aborted') return outcomes.aborted
  return category === 'timeout' || frame.timedOut ? outcomes.timeout : outcomes.failed
}

/** The outcome of a piece of work that did not throw, by the requests in it. */
export function outcomeOfRequests(frame: Frame): Outcome {
  if (frame.failedRequests === 0) return outcomes.ok
  return frame.timedOut ? outcomes.timeout : outcomes.failed
}

/** What a body throws may have getters that throw, or be a proxy that does. */
function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}

function categoryOf(thrown: unknown): ErrorCategory {
  if (typeof thrown === 'object' && thrown !== null && isAssertion(thrown)) return 'assertion'
  for (const error of causesOf(thrown)) if ('category' in error && isCategory(error.category)) return error.category
  return 'script'
}

/** Matchers of `expect.extend()` throw errors without a name of their own, which Vitest knows by this member. */
function isAssertion(thrown: object): boolean {
  return ('name' in thrown && thrown.name === 'AssertionError') || '__vitest_error_context__' in thrown
}

/** What was thrown and its causes, as far as they are followed. */
export function causesOf(thrown: unknown): object[] {
  const errors: object[] = []
  let current = thrown
  while (typeof current === 'object' && current !== null && errors.length < maxCauses) {
    errors.push(current)
    current = 'cause' in current ? current.cause : undefined
  }
  return errors
}

function isCategory(value: unknown): value is ErrorCategory {
  return errorCategories.some((category) => category === value)
}
