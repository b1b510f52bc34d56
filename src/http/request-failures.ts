import type { Failure } from '../metrics/error-table.ts'
import { outcomes, type Outcome } from '../metrics/series.ts'
import type { Exchange } from './exchange.ts'
import { refusalOf, withoutPayload, type Problem } from './problem.ts'
import { requestProblems } from './request-problems.ts'

/** What undici has refused: mostly a header, whose characters only undici looks at. */
export function unsendable(exchange: Exchange, failure: Failure, cause: unknown): Problem {
  const options = exchange.content?.options
  const problems = requestProblems(options, null)
  return problems.length === 0 ? problemOf(failure, cause) : refusalOf(cause, exchange.label, problems)
}

/** The problem of a request that failed on its way. */
export function problemOf(failure: Failure, cause: unknown): Problem {
  const code = failure.category === 'aborted' ? 'ERR_LOAD_ABORTED' : 'ERR_LOAD_REQUEST'
  return { code, failure, counted: true, cause: withoutPayload(cause) }
}

/** What a failed request counts as. */
export function outcomeOf(failure: Failure): Outcome {
  if (failure.category === 'timeout') return outcomes.timeout
  return failure.category === 'aborted' ? outcomes.aborted : outcomes.failed
}
