import type { Failure } from '../metrics/error-table.ts'
import type { ErrorCategory } from '../shared/error-category.ts'
import { CategorisedError, LoadError, messageOf, nameOf, type LoadErrorCode } from '../shared/errors.ts'
import { asSentence, printable } from '../shared/text.ts'
import { UnusableOptions } from './request-checks.ts'

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

/** Of a text that somebody else has written. */
export const longestMessage = 500

const advice: Partial<Record<ErrorCategory, string>> = {
  dns: ' Check the host name.',
  connect: ' Check that the server runs, and its address.',
  tls: ' Check the certificate of the server, or trust its authority by tls.ca.',
  timeout: ' Raise the timeout if so long an answer is acceptable.',
  generator: ' Fewer virtual users, or a higher limit of this machine, avoid it.',
}

/** The transport's error as a cause to keep: undici's parser attaches a piece of the answer, which may hold secrets. */
export function withoutPayload(cause: unknown): unknown {
  if (cause instanceof Error && 'data' in cause) delete cause.data
  return cause
}

/**
 * An error of somebody else as a cause to keep: its name, its frames, and as much of its message as may be shown. What it
 * was caused by itself is left out.
 */
export function toldCause(thrown: unknown, secrets: Iterable<string>): Error | undefined {
  if (!(thrown instanceof Error)) return undefined
  const told = new Error(printable(messageOf(thrown), longestMessage, secrets))
  told.name = nameOf(thrown)
  told.stack = [`${told.name}: ${told.message}`, ...framesOf(thrown)].join('\n')
  return told
}

/** A stack is made when it is asked for, of whatever the error says of itself: that may throw. */
function framesOf(error: Error): string[] {
  try {
    return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  } catch {
    return []
  }
}

/** The error for a problem. Made where it is awaited, so that its stack leads to the line that waits. */
export function toError(name: string, problem: Problem): CategorisedError {
  const { code, failure, counted, cause } = problem
  const message = asSentence(`${name} failed: ${failure.message}`)
  const text = problem.text ?? `${message}${advice[failure.category] ?? ''}`
  const row = problem.text === undefined || counted ? undefined : { message, excerpt: '' }
  return new CategorisedError(code, failure.category, text, {
    counted,
    ...(cause !== undefined && { cause }),
    ...(row !== undefined && { row }),
  })
}

/**
 * The problem of a request that cannot be sent as it is written, from what was thrown while it was put together and all
 * that is wrong with its options.
 */
export function refusalOf(thrown: unknown, name: string, problems: readonly string[]): Problem {
  const listed = problems.map((line) => `\n  - ${line}`).join('')
  if (thrown instanceof LoadError) {
    const { code, cause } = thrown
    const { message } = thrown
    const text = listed === '' ? message : `${message} The options are wrong, too.${listed}`
    return { code, failure: { category: 'script', message: oneLine(message, problems) }, counted: true, cause, text }
  }
  if (listed !== '') {
    const failure: Failure = { category: 'script', message: oneLine('cannot be sent:', problems) }
    const cause = thrown instanceof UnusableOptions ? undefined : withoutPayload(thrown)
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    return {
      code: 'ERR_LOAD_REQUEST',
      failure,
      counted: true,
      cause,
      text: `${name} cannot be sent: ${count}.${listed}`,
    }
  }
  const failure: Failure = {
    category: 'script',
    message: `not a request that can be sent (${messageOf(thrown).split('\n', 1)[0]})`,
  }
  return { code: 'ERR_LOAD_REQUEST', failure, counted: true, cause: thrown }
}

function oneLine(start: string, problems: readonly string[]): string {
  return [start, problems.join(', and ')].join(' ').trimEnd()
}

/** The failure of a request that took longer than it may. */
export function timeoutFailure(timeoutMs: number): Failure {
  return { category: 'timeout', message: `no complete answer within ${timeoutMs} ms` }
}

/** The failure of a request that was under way when the load, or the session, ended. */
export const abortedFailure: Failure = { category: 'aborted', message: 'cut because time was over' }
