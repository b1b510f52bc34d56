import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { LoadError } from '../shared/errors.ts'

/** Longer than any character: what a piece may end with that the next one goes on with. */
const longestCharacter = 4

/**
 * The pieces of a file, which has to be UTF-8: anything else would be read as well, with each foreign letter replaced, and
 * be sent so.
 *
 * @throws {LoadError} `ERR_LOAD_DATA` when it is written otherwise.
 */
export async function* readUtf8(path: string): AsyncGenerator<Buffer> {
  let isFirst = true
  let rest: Uint8Array = Buffer.alloc(0)
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    if (isFirst) refuseUtf16(path, piece)
    isFirst = false
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const end = endOfCharacters(bytes)
    if (!isUtf8(bytes.subarray(0, end))) throw foreign(path, 'it is not UTF-8')
    rest = bytes.subarray(end)
    yield piece
  }
  if (rest.length > 0) throw foreign(path, 'it is not UTF-8')
}

function refuseUtf16(path: string, [first, second]: Buffer): void {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) throw foreign(path, 'it is UTF-16')
}

/** Where the last character begins that has not come to its end, or the end of all. */
function endOfCharacters(bytes: Uint8Array): number {
  for (let length = 1; length < longestCharacter && length <= bytes.length; length++) {
    const byte = bytes[bytes.length - length] ?? 0
    if (byte < 0x80) break
    const isLead = byte >= 0xc0
    if (isLead) return sizeOf(byte) > length ? bytes.length - length : bytes.length
  }
  return bytes.length
}

/** Of the character that begins with a byte. */
function sizeOf(lead: number): number {
  if (lead >= 0xf0) return 4
  return lead >= 0xe0 ? 3 : 2
}

function foreign(path: string, what: string): LoadError {
  return new LoadError('ERR_LOAD_DATA', `${path} cannot be used: ${what}. Save it as UTF-8.`)
}
