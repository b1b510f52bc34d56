import type { Transform } from 'node:stream'
import { pipeline, Readable } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { CategorisedError, LoadError } from '../shared/errors.ts'
import { BodyStream } from './body-stream.ts'
import type { Exchange } from './exchange.ts'
import { decodingFailure } from './response-body.ts'

/** A body that is read piece by piece. Leaving a loop over it ends the transfer. */
export type BodyReader<Item> = AsyncIterableIterator<Item, undefined, void>

/** No line of a text, and no event, is longer. */
export const maxPieceLength: number = 1024 * 1024

/**
 * Takes over the body of an exchange.
 *
 * @throws {LoadError} `ERR_LOAD_REQUEST` when somebody has done so before.
 */
export function openStream(exchange: Exchange, method: string): BodyStream {
  if (exchange.stream !== undefined) {
    throw new LoadError(
      'ERR_LOAD_REQUEST',
      `${exchange.label}: .${method}() found its answer taken by another loop. An answer is read once as it comes; keep what two loops need.`,
    )
  }
  return new BodyStream(exchange)
}

/** The body in the pieces it comes in, decompressed. */
export async function* readChunks(exchange: Exchange, stream: BodyStream): AsyncGenerator<Buffer, undefined, void> {
  try {
    const first = await stream.read()
    if (first === undefined) return
    const decoder = stream.isDecoded ? undefined : createDecoder(exchange.headers['content-encoding'])
    if (decoder === undefined) {
      yield first
      yield* readRest(stream)
    } else {
      yield* decode(exchange, stream, first, decoder)
    }
  } finally {
    stream.leave()
  }
}

async function* readRest(stream: BodyStream): AsyncGenerator<Buffer, undefined, void> {
  for (let chunk = await stream.read(); chunk !== undefined; chunk = await stream.read()) yield chunk
}

/** The body as text, which may be split anywhere but inside a character. */
export async function* readTexts(exchange: Exchange, stream: BodyStream): AsyncGenerator<string, undefined, void> {
  const decoder = new TextDecoder()
  for await (const chunk of readChunks(exchange, stream)) {
    const text = decoder.decode(chunk, { stream: true })
    if (text !== '') yield text
  }
  const rest = decoder.decode()
  if (rest !== '') yield rest
}

/** The lines of the body, without what ends them. */
export async function* readLines(exchange: Exchange, stream: BodyStream): AsyncGenerator<string, undefined, void> {
  let rest = ''
  for await (const text of readTexts(exchange, stream)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
    if (rest.length > maxPieceLength) throw tooLong(exchange, 'a line')
  }
  if (rest !== '') yield rest
}

/** The failure of an answer whose pieces would fill the memory. */
export function tooLong(exchange: Exchange, what: string): CategorisedError {
  const message = `${exchange.label} answered with ${what} of more than ${maxPieceLength / 1024} kB. Read .chunks() if that is right.`
  return new CategorisedError('ERR_LOAD_EXTRACTION', 'extraction', message)
}

async function* decode(
  exchange: Exchange,
  stream: BodyStream,
  first: Buffer,
  decoder: Transform,
): AsyncGenerator<Buffer, undefined, void> {
  let broken: Error | undefined
  const encoded = (async function* (): AsyncGenerator<Buffer, void, void> {
    try {
      yield first
      yield* readRest(stream)
    } catch (thrown) {
      broken = thrown as Error
      throw thrown
    }
  })()
  // Its error comes out of the loop below.
  const decoded = pipeline(Readable.from(encoded), decoder, () => {})
  try {
    for await (const chunk of decoded) yield chunk as Buffer
  } catch (thrown) {
    if (broken !== undefined) throw broken
    throw undecodable(exchange, thrown)
  }
}

/** The request has failed by that, if it is still under way: otherwise it has been recorded, and only its reader fails. */
function undecodable(exchange: Exchange, thrown: unknown): CategorisedError {
  const failure = decodingFailure(thrown, exchange.maxResponseBytes)
  const counted = !exchange.done
  exchange.stop(failure)
  return new CategorisedError('ERR_LOAD_REQUEST', failure.category, `${exchange.label} failed: ${failure.message}.`, {
    counted,
    cause: thrown,
  })
}

const zlibOptions = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }

/** As in `decodeBody`, an unknown coding leaves the body as it is. A stream has one coding: a second one has no use. */
function createDecoder(encoding: string | readonly string[] | undefined): Transform | undefined {
  switch (String(encoding).trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(zlibOptions)
    case 'deflate':
      return createInflate(zlibOptions)
    case 'br':
      return createBrotliDecompress()
    case 'zstd':
      return createZstdDecompress()
    default:
      return undefined
  }
}
