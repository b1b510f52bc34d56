import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib'

/** Headers of an answer as undici gives them: lower-case names, several values of a name as an array. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

const empty = Buffer.alloc(0)

/** The pieces of a body as one buffer; a single piece is not copied. */
export function joinChunks(first: Buffer | undefined, more: readonly Buffer[] | undefined): Buffer {
  if (first === undefined) return empty
  return more === undefined ? first : Buffer.concat([first, ...more])
}

/**
 * Undoes `content-encoding` (RFC 9110, 8.4), the last coding first. An unknown coding leaves the body as it is.
 *
 * @throws when the data does not follow its coding.
 */
export function decodeBody(body: Buffer, encoding: string | readonly string[]): Buffer {
  const codings = String(encoding)
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
  let decoded = body
  for (const coding of codings.toReversed()) {
    if (decoded.length === 0) return decoded
    const decode = decoders[coding]
    if (decode === undefined) return decoded
    decoded = decode(decoded)
  }
  return decoded
}

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateEither,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
  identity: (body) => body,
}

/** Servers send both the zlib format, which is right, and raw deflate data; the first byte tells them apart. */
function inflateEither(body: Buffer): Buffer {
  return ((body[0] ?? 0) & 0x0f) === 0x08 ? inflateSync(body) : inflateRawSync(body)
}

/** Decodes UTF-8, without a byte order mark. */
export function decodeText(body: Buffer): string {
  const text = body.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
