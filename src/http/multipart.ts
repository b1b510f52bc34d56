import { randomUUID } from 'node:crypto'
import { types } from 'node:util'
import {
  disposeSource,
  isBlob,
  isBodySource,
  isRepeatable,
  openSource,
  watchSource,
  type BodyReader,
  type BodySource,
} from './body-source.ts'
import { isRecord, UnusableOptions } from './request-checks.ts'
import { StreamedBody } from './streamed-body.ts'

/** A file of a form: its content, and what the server is told of it. */
export interface MultipartFile {
  /** Bytes, a `Blob` (`await openAsBlob(path)` reads the file while it is sent), text, a stream or a function that makes one. */
  readonly data: string | Uint8Array | BodySource
  /** Text without one is sent as a field. @default the name of a `File`, otherwise `'blob'` */
  readonly filename?: string | undefined
  /** Its media type. @default the type of a `Blob`, otherwise `'application/octet-stream'`; of a text field none */
  readonly type?: string | undefined
}

type MultipartItem = string | number | boolean | Uint8Array | BodySource | MultipartFile

/** A value of a multipart form; `undefined` leaves it out, an array repeats it. */
export type MultipartValue = MultipartItem | undefined | readonly MultipartItem[]

/** Names and values of a multipart form. */
export type MultipartFields = Readonly<Record<string, MultipartValue>>

/** An encoded form. */
export interface EncodedMultipart {
  readonly contentType: string
  readonly body: Uint8Array | StreamedBody
}

type Piece = Uint8Array | BodySource

/** A part as it is sent: its header, ready to be written, and its content. */
interface Part {
  readonly head: string
  readonly content: Piece
}

/** Names and values of a form of either kind; `FormData` by its name, because undici has one of its own. */
export function* multipartEntries(form: unknown): Iterable<[string, unknown]> {
  if (isFormData(form)) yield* form
  else if (isRecord(form)) {
    for (const name in form) {
      const value = form[name]
      if (!Array.isArray(value)) yield [name, value]
      else for (const item of value as unknown[]) yield [name, item ?? null]
    }
  }
}

/** Whether a value is a form of the web platform. */
export function isFormData(value: unknown): value is FormData {
  if (typeof value !== 'object' || value === null) return false
  return (value as Record<symbol, unknown>)[Symbol.toStringTag] === 'FormData' && Symbol.iterator in value
}

/** Whether a value is a part of a form, alone or in an array. */
export function isMultipartItem(value: unknown): value is MultipartItem {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'boolean' || isContent(value) || isFile(value)
}

function isContent(value: unknown): value is string | Uint8Array | BodySource {
  return typeof value === 'string' || types.isUint8Array(value) || isBodySource(value)
}

const fileMembers = new Set(['data', 'filename', 'type'])

function isFile(value: unknown): value is MultipartFile {
  if (!isRecord(value) || !isContent(value['data'])) return false
  const { filename, type } = value
  if (filename !== undefined && typeof filename !== 'string') return false
  if (type !== undefined && (typeof type !== 'string' || !mediaType.test(type))) return false
  return Object.keys(value).every((name) => fileMembers.has(name))
}

/** `image/png`, with parameters or not, of the characters that a header may have. */
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+(?:\s*;[\u0020-\u007e]*)?$/

/** The sources in a form that are read while they are sent. */
export function multipartSources(form: unknown): BodySource[] {
  const sources: BodySource[] = []
  for (const [, value] of multipartEntries(form)) {
    const content: unknown = isFile(value) ? value.data : value
    if (isBodySource(content)) sources.push(content)
  }
  return sources
}

/**
 * Encodes a form as `multipart/form-data` (RFC 7578), names and file names escaped as the HTML standard says. What is in
 * memory is put together at once; files and streams are read while they are sent.
 *
 * @throws {UnusableOptions} when it cannot.
 */
export function encodeMultipart(form: unknown): EncodedMultipart {
  if (!isFormData(form) && !isRecord(form)) throw new UnusableOptions()
  const boundary = `vitest-load-${randomUUID()}`
  const pieces: Piece[] = []
  for (const [name, value] of multipartEntries(form)) {
    if (value === undefined) continue
    if (!isMultipartItem(value)) throw new UnusableOptions()
    const { head, content } = partOf(name, value)
    pieces.push(Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), content, lineEnd)
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`))
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: bodyOf(pieces) }
}

const lineEnd = Buffer.from('\r\n')

function partOf(name: string, value: MultipartItem): Part {
  const field = `content-disposition: form-data; name="${escapeName(withLineEnds(name))}"`
  if (typeof value === 'number' || typeof value === 'boolean') return textPart(field, String(value))
  if (typeof value === 'string') return textPart(field, value)
  const file: MultipartFile = isContent(value) ? { data: value } : value
  const { data, filename } = file
  if (typeof data === 'string' && filename === undefined) return textPart(field, data, file.type)
  const blobType = isBlob(data) && data.type !== '' ? data.type : undefined
  const type = file.type ?? blobType ?? 'application/octet-stream'
  const head = `${field}; filename="${escapeName(filename ?? nameOf(data))}"\r\ncontent-type: ${type}`
  return { head, content: typeof data === 'string' ? Buffer.from(data) : data }
}

function textPart(field: string, text: string, type?: string): Part {
  const head = type === undefined ? field : `${field}\r\ncontent-type: ${type}`
  return { head, content: Buffer.from(type === undefined ? withLineEnds(text) : text) }
}

function nameOf(data: string | Uint8Array | BodySource): string {
  const name: unknown = isBlob(data) && 'name' in data ? data.name : undefined
  return typeof name === 'string' ? name : 'blob'
}

/** As the HTML standard encodes them ("multipart form data"). */
function escapeName(name: string): string {
  return name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')
}

function withLineEnds(text: string): string {
  return text.replaceAll(/\r\n|\r|\n/g, '\r\n')
}

function bodyOf(pieces: readonly Piece[]): Uint8Array | StreamedBody {
  const sources = pieces.filter((piece): piece is BodySource => !types.isUint8Array(piece))
  if (sources.length === 0) return Buffer.concat(pieces as readonly Uint8Array[])
  sources.forEach(watchSource)
  return new StreamedBody({
    lengthBytes: lengthOf(pieces),
    isRepeatable: sources.every(isRepeatable),
    open: () => new PiecesReader(pieces),
    dispose: () => sources.forEach(disposeSource),
    preview: () => Buffer.concat(pieces.map(previewOf)),
  })
}

function previewOf(piece: Piece): Uint8Array {
  if (types.isUint8Array(piece)) return piece
  return Buffer.from(isBlob(piece) ? `(${piece.size} bytes)` : '(a stream)')
}

/** `undefined` where there is a stream among them. */
function lengthOf(pieces: readonly Piece[]): number | undefined {
  let length = 0
  for (const piece of pieces) {
    if (types.isUint8Array(piece)) length += piece.byteLength
    else if (isBlob(piece)) length += piece.size
    else return undefined
  }
  return length
}

/** Reads pieces one after the other. */
class PiecesReader implements BodyReader {
  readonly #pieces: readonly Piece[]
  #next: number = 0
  #current: BodyReader | undefined

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces
  }

  async next(): Promise<IteratorResult<unknown, unknown>> {
    for (;;) {
      if (this.#current !== undefined) {
        const result = await this.#current.next()
        if (result.done !== true) return result
        this.#current = undefined
      }
      const piece = this.#pieces[this.#next++]
      if (piece === undefined) return { done: true, value: undefined }
      if (types.isUint8Array(piece)) return { done: false, value: piece }
      this.#current = openSource(piece)
    }
  }

  close(): void {
    this.#current?.close()
    for (const piece of this.#pieces.slice(this.#next)) if (!types.isUint8Array(piece)) disposeSource(piece)
    this.#next = this.#pieces.length
  }
}
