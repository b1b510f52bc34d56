import { types } from 'node:util'

/** A stream of bytes or texts, in any of the forms that Node knows. */
export type BodyStream = ReadableStream | NodeJS.ReadableStream | AsyncIterable<Uint8Array | string>

/** Makes the stream of a body: once for each time that it is sent. */
export type BodyFactory = () => BodyStream | Blob | PromiseLike<BodyStream | Blob>

/** What a body can be made from while it is sent. Only blobs and functions can be sent more than once. */
export type BodySource = BodyStream | Blob | BodyFactory

/** Gives the pieces of one sending. `close` ends it at once, whatever it waits for. */
export interface BodyReader {
  next(): Promise<IteratorResult<unknown, unknown>>
  close(): void
}

interface NodeReadable extends AsyncIterable<unknown> {
  readonly destroyed?: boolean
  readonly readableDidRead?: boolean
  readonly on: (event: string, listener: () => void) => unknown
  readonly destroy: () => unknown
}

/** Streams that a request has begun to read. */
const taken = new WeakSet<object>()

/** Whether a value is a source of a body. */
export function isBodySource(value: unknown): value is BodySource {
  return typeof value === 'function' || isBlob(value) || isBodyStream(value)
}

function isBodyStream(value: unknown): value is BodyStream {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value || isWebStream(value)
}

/** By its name, because undici and other realms have a `Blob` of their own. */
export function isBlob(value: unknown): value is Blob {
  if (typeof value !== 'object' || value === null) return false
  const tag: unknown = (value as Record<symbol, unknown>)[Symbol.toStringTag]
  return (tag === 'Blob' || tag === 'File') && typeof (value as Partial<Blob>).stream === 'function'
}

function isWebStream(value: object): value is ReadableStream {
  return typeof (value as Partial<ReadableStream>).getReader === 'function'
}

function isNodeReadable(value: object): value is NodeReadable {
  const { on, destroy } = value as Partial<NodeReadable>
  return typeof on === 'function' && typeof destroy === 'function'
}

/** Whether a source can be sent again. */
export function isRepeatable(source: BodySource): boolean {
  return typeof source === 'function' || isBlob(source)
}

/** Whether a stream was read before, so that some of it, or all, would not be sent. */
export function isSpent(source: BodySource): boolean {
  if (isRepeatable(source)) return false
  if (taken.has(source)) return true
  if (isWebStream(source)) return source.locked
  return isNodeReadable(source) && (source.readableDidRead === true || source.destroyed === true)
}

/** A stream of Node that fails before it is read, as that of a missing file, would end the process: see `open`. */
export function watchSource(source: BodySource): void {
  if (typeof source !== 'function' && isNodeReadable(source)) source.on('error', () => {})
}

/** Starts to read a source. Reading tells what is wrong with it. */
export function openSource(source: BodySource): BodyReader {
  if (typeof source === 'function') return new MadeReader(source)
  if (isBlob(source)) return webReader(source.stream())
  if (taken.has(source)) return brokenReader(new Error('the stream has been sent before'))
  taken.add(source)
  if (isWebStream(source)) return webReader(source)
  if (isNodeReadable(source)) return nodeReader(source)
  return iteratorReader(source)
}

/** Lets go of a source that is not read. */
export function disposeSource(source: BodySource): void {
  if (isRepeatable(source) || isSpent(source)) return
  try {
    openSource(source).close()
  } catch {
    // A source of the user's making, of which nothing more is wanted.
  }
}

function brokenReader(error: Error): BodyReader {
  return {
    next: async () => {
      throw error
    },
    close: () => {},
  }
}

function webReader(stream: ReadableStream): BodyReader {
  if (stream.locked) return brokenReader(new Error('the stream is read by somebody else'))
  const reader = stream.getReader()
  return {
    next: () => reader.read() as Promise<IteratorResult<unknown, unknown>>,
    close: () => void reader.cancel().catch(() => {}),
  }
}

/** Its iterator alone would wait for the piece that is due before it ends the stream. */
function nodeReader(stream: NodeReadable): BodyReader {
  const iterator = stream[Symbol.asyncIterator]()
  return { next: () => iterator.next(), close: () => void stream.destroy() }
}

function iteratorReader(iterable: AsyncIterable<unknown>): BodyReader {
  const iterator = iterable[Symbol.asyncIterator]()
  return {
    next: () => iterator.next(),
    close: () => void Promise.resolve(iterator.return?.()).catch(() => {}),
  }
}

/** Reads what a function makes. */
class MadeReader implements BodyReader {
  readonly #make: BodyFactory
  #reader: BodyReader | undefined
  #isClosed: boolean = false

  constructor(make: BodyFactory) {
    this.#make = make
  }

  async next(): Promise<IteratorResult<unknown, unknown>> {
    const reader = (this.#reader ??= await this.#open())
    return reader.next()
  }

  close(): void {
    this.#isClosed = true
    this.#reader?.close()
  }

  async #open(): Promise<BodyReader> {
    const made: unknown = await this.#make()
    if (!isBlob(made) && !isBodyStream(made)) throw new Error('the function gave no stream')
    if (isSpent(made)) throw new Error('the function gave a stream that was read before; let it make one for each call')
    watchSource(made)
    const reader = openSource(made)
    if (this.#isClosed) reader.close()
    return reader
  }
}

/** Whether a value is a piece of a body: bytes of any realm, or text. */
export function isPiece(value: unknown): value is Uint8Array | string {
  return typeof value === 'string' || types.isUint8Array(value)
}
