import { CategorisedError } from '../shared/errors.ts'
import type { ResponseParts } from './http-response.ts'

/** In bytes: as much as the error table looks at. */
const prefixBytes = 2000

/** The beginning of a body that is not kept, for the error table. A copy: a piece is part of something larger. */
export function prefixOf(chunk: Buffer): Buffer {
  return Buffer.from(chunk.subarray(0, prefixBytes))
}

/** The error of reading a body that was not kept. */
export function discardedError(name: string): CategorisedError {
  return new CategorisedError(
    'ERR_LOAD_OPTIONS',
    'script',
    `${name}: its body was not kept, because discardBody says so. Write discardBody: false for this request to read it.`,
  )
}

/** What a response without a body is made from. */
export function partsWithoutBody(parts: ResponseParts): ResponseParts {
  return {
    ...parts,
    get body(): Buffer {
      throw discardedError(parts.name)
    },
  }
}
