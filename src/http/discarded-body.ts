import { CategorisedError } from '../shared/errors.ts'
import type { Answer } from './extraction.ts'

/** In bytes: as much as the error table looks at. */
const prefixBytes = 2000

/** The beginning of a body that is not kept, for the error table. A copy: a piece is part of something larger. */
export function prefixOf(chunk: Buffer): Buffer {
  return Buffer.from(chunk.subarray(0, prefixBytes))
}

/**
 * An answer whose body was not kept, for whoever would read it.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS`, on reading the body.
 */
export function answerWithoutBody<Known extends Answer>(answer: Known): Known {
  return Object.create(answer, {
    shownBody: { value: () => answer.shownBody() },
    body: {
      get(): never {
        throw new CategorisedError(
          'ERR_LOAD_OPTIONS',
          'script',
          `${answer.label}: its body was not kept, because discardBody says so. Write discardBody: false for this request to read it.`,
        )
      },
    },
  }) as Known
}
