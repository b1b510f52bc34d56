import { CategorisedError } from '../shared/errors.ts'
import type { TimedAnswer } from './expected-answer.ts'
import type { Answer } from './extraction.ts'

/** Why a body is not there: nobody wanted it, or somebody has read it while it came. */
export type MissingBody = 'discarded' | 'read'

/** In bytes: as much as the error table looks at. */
const prefixBytes = 2000

const reasons: Readonly<Record<MissingBody, string>> = {
  discarded: 'its body was not kept, because discardBody says so. Write discardBody: false for this request to read it',
  read: 'its body was read as it came. Keep what you need of it as you read, or leave out .chunks(), .lines() or .events()',
}

const headOnly =
  'an answer that is read as it comes is judged by its status and headers. Check body and latency after you have read it'

/** The beginning of a body that is not kept, for the error table. A copy: a piece is part of something larger. */
export function prefixOf(chunk: Buffer): Buffer {
  return Buffer.from(chunk.subarray(0, prefixBytes))
}

/** Thrown for a part of an answer that is not there to be read. */
export class UnreadableAnswer extends CategorisedError {
  readonly reason: string

  constructor(label: string, reason: string) {
    super('ERR_LOAD_OPTIONS', 'script', `${label}: ${reason}.`)
    this.reason = reason
  }
}

/**
 * An answer whose body was not kept, for whoever would read it.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS`, on reading the body.
 */
export function answerWithoutBody<Known extends Answer>(answer: Known, why: MissingBody): Known {
  return Object.create(answer, {
    shownBody: { value: () => answer.shownBody() },
    body: unreadable(answer, reasons[why]),
  }) as Known
}

/** An answer of which there is no more than the status and the headers. */
export function headOf(answer: TimedAnswer): TimedAnswer {
  return Object.create(answer, {
    body: unreadable(answer, headOnly),
    durationUs: unreadable(answer, headOnly),
  }) as TimedAnswer
}

function unreadable({ label }: Answer, reason: string): PropertyDescriptor {
  return {
    get(): never {
      throw new UnreadableAnswer(label, reason)
    },
  }
}
