import type { Failure } from '../metrics/error-table.ts'
import type { Outcome } from '../metrics/series.ts'
import { outcomes } from '../metrics/series.ts'
import { errorCategories, type ErrorCategory } from '../shared/error-category.ts'

/** What kind of failure a thrown value is. What carries a `category` says so itself. */
export function categorise(thrown: unknown): Failure {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { category: categoryOf(thrown), message: message === '' ? 'no message' : message }
}

function categoryOf(thrown: unknown): ErrorCategory {
  if (typeof thrown !== 'object' || thrown === null) return 'script'
  if ('category' in thrown && isCategory(thrown.category)) return thrown.category
  return 'name' in thrown && thrown.name === 'AssertionError' ? 'assertion' : 'script'
}

function isCategory(value: unknown): value is ErrorCategory {
  return errorCategories.some((category) => category === value)
}

/** Whether the failure is in the error table already, put there by the protocol that met it. */
export function isCounted(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'counted' in thrown && thrown.counted === true
}

/** The outcome of a piece of work that ended with this category. */
export function outcomeOf(category: ErrorCategory): Outcome {
  if (category === 'timeout') return outcomes.timeout
  return category === 'aborted' ? outcomes.aborted : outcomes.failed
}
