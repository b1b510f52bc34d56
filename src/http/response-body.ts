import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { Failure } from '../metrics/error-table.ts'

/** Headers of an answer as undici gives them: lower-case names, several values of a name as an array. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

const empty = Buffer.alloc(0)
const maxCodings = 5

/** The pieces of a body as one buffer; a single piece is not copied. */
export function joinChunks(first: Buffer | undefined, more: readonly Buffer[] | undefined): Buffer {
  if (first === undefined) return empty
  return more === undefined ? first : Buffer.concat([first, ...more])
}

/**
 * Undoes `content-encoding` (RFC 9110, 8.4), the last coding first. An unknown coding leaves the body as it is.
 *
 * @throws when the data does not follow its coding, would be longer than `maxBytes`, or has more codings than any server
 * needs: a few kilobytes can stand for gigabytes, and for minutes of work.
 */
export function decodeBody(body: Buffer, encoding: string | readonly string[], maxBytes: number): Buffer {
  const codings = String(encoding)
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '')
  if (codings.length > maxCodings) throw new Error('too many codings')
  let decoded = body
  for (const coding of codings.toReversed()) {
    if (decoded.length === 0) return decoded
    const decode = decoders.get(coding)
    if (decode === undefined) return decoded
    decoded = decode(decoded, { maxOutputLength: maxBytes })
  }
  return decoded
}

/** The failure of an answer that `decodeBody` has thrown for. */
export function decodingFailure(thrown: unknown, maxBytes: number): Failure {
  const isTooLong = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE'
  return isTooLong
    ? { category: 'protocol', message: `body is too large when decompressed${limitText(maxBytes)}` }
    : { category: 'protocol', message: 'body does not follow its content-encoding' }
}

/** The failure of an answer with a longer body than it may have. */
export function tooLargeFailure(maxBytes: number): Failure {
  return { category: 'protocol', message: `body is too large${limitText(maxBytes)}` }
}

function limitText(maxBytes: number): string {
  return `: more than ${maxBytes} bytes (maxResponseBytes)`
}

interface DecodeLimits {
  readonly maxOutputLength: number
}

type Decode = (body: Buffer, limits: DecodeLimits) => Buffer

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateEither],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
  ['identity', (body) => body],
])

/** Servers send both the zlib format, which is right, and raw deflate data; the first byte tells them apart. */
function inflateEither(body: Buffer, limits: DecodeLimits): Buffer {
  return ((body[0] ?? 0) & 0x0f) === 0x08 ? inflateSync(body, limits) : inflateRawSync(body, limits)
}

/** Decodes UTF-8, without a byte order mark. */
export function decodeText(body: Buffer): string {
  const text = body.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
