import type { Failure } from '../metrics/error-table.ts'
import type { ErrorCategory } from '../shared/error-category.ts'
import { CategorisedError, LoadError, type LoadErrorCode } from '../shared/errors.ts'

/** Why a request will not give its caller an answer; turned into an error when somebody waits for one. */
export interface Problem {
  readonly code: LoadErrorCode
  readonly failure: Failure
  /** Whether a recorder has been told of the failure. */
  readonly counted: boolean
  readonly cause: unknown
  /** Text of the error, where it is not made from the failure. */
  readonly text?: string
}

const advice: Partial<Record<ErrorCategory, string>> = {
  dns: ' Check the host name.',
  connect: ' Check that the server runs, and its address.',
  tls: ' Check the certificate of the server.',
  timeout: ' Raise the timeout if so long an answer is acceptable.',
  generator: ' Fewer virtual users, or a higher limit of this machine, avoid it.',
}

/** The transport's error as a cause to keep: undici's parser attaches a piece of the answer, which may hold secrets. */
export function withoutPayload(cause: unknown): unknown {
  if (cause instanceof Error && 'data' in cause) delete cause.data
  return cause
}

/** The error for a problem. Made where it is awaited, so that its stack leads to the line that waits. */
export function toError(name: string, problem: Problem): CategorisedError {
  const { code, failure, counted, cause } = problem
  const text = problem.text ?? `${name} failed: ${failure.message}.${advice[failure.category] ?? ''}`
  return new CategorisedError(code, failure.category, text, cause === undefined ? { counted } : { counted, cause })
}

/** The problem of a request that cannot be sent as it is written, from what was thrown while it was put together. */
export function refusalOf(thrown: unknown): Problem {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (thrown instanceof LoadError) {
    const { code, cause } = thrown
    return { code, failure: { category: 'script', message }, counted: true, cause, text: message }
  }
  const failure: Failure = {
    category: 'script',
    message: `not a request that can be sent (${message.split('\n', 1)[0]})`,
  }
  return { code: 'ERR_LOAD_REQUEST', failure, counted: true, cause: thrown }
}

/** The failure of a request that took longer than it may. */
export function timeoutFailure(timeoutMs: number): Failure {
  return { category: 'timeout', message: `no complete answer within ${timeoutMs} ms` }
}

/** The failure of a request that was under way when the load, or the session, ended. */
export const abortedFailure: Failure = { category: 'aborted', message: 'cut by the end of the load' }
