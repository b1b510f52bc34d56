import { frames, type Frame } from '../session/current.ts'
import type { LoadErrorCode } from '../shared/errors.ts'
import type { TimedAnswer } from './expected-answer.ts'
import { mismatchOf, UnusableExpectation, type Expectation, type Mismatch } from './expectation.ts'
import type { HttpResponse } from './http-response.ts'
import type { Problem } from './problem.ts'

/** A request whose answer is judged. */
export interface Judged extends TimedAnswer {
  readonly frame: Frame
  /** Whether it has been recorded. */
  readonly done: boolean
  response(): HttpResponse
}

/** Why an answer is not the expected one; `undefined` if it is. `shown` is as much of it as there is to be seen. */
export function problemOfAnswer(
  request: Judged,
  expectation: Expectation | UnusableExpectation,
  shown: () => TimedAnswer,
): Problem | undefined {
  if (expectation instanceof UnusableExpectation) return unusable(request, expectation)
  let mismatch: Mismatch | UnusableExpectation | undefined
  try {
    mismatch = frames.run(request.frame, mismatchOf, expectation, shown(), () => request.response())
  } catch (thrown) {
    const mismatched = { failure: { category: 'script', message: 'the condition of .expect() has thrown' } } as const
    return { ...problem(request, mismatched, 'ERR_LOAD_UNEXPECTED_STATUS'), cause: thrown }
  }
  if (mismatch === undefined) return undefined
  if (mismatch instanceof UnusableExpectation) return unusable(request, mismatch)
  return problem(request, mismatch, 'ERR_LOAD_UNEXPECTED_STATUS')
}

function unusable(request: Judged, { failure }: UnusableExpectation): Problem {
  return problem(request, { failure }, 'ERR_LOAD_OPTIONS')
}

function problem(
  request: Judged,
  { failure, text }: Partial<Mismatch> & Pick<Mismatch, 'failure'>,
  code: LoadErrorCode,
): Problem {
  return {
    code,
    failure,
    // After the recording, only a status that counts as a failure by itself is in the error table.
    counted: !request.done || request.status >= 400,
    cause: undefined,
    ...(text !== undefined && { text: `${request.label} failed: ${text}.` }),
  }
}
