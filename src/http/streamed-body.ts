import { messageOf } from '../shared/errors.ts'
import { isPiece, type BodyReader } from './body-source.ts'
import { TransportError } from './transport.ts'

/** What is sent piece by piece. */
export interface BodyPlan {
  /** `undefined` where it is known at the end only: then it is sent in chunks (RFC 9112, 7.1). */
  readonly lengthBytes: number | undefined
  /** Whether it can be sent more than once. */
  readonly isRepeatable: boolean
  readonly open: () => BodyReader
  /** Lets go of what was not opened. */
  readonly dispose: () => void
}

/** A body that is made while it is sent. */
export class StreamedBody {
  readonly lengthBytes: number | undefined
  readonly isRepeatable: boolean
  readonly #plan: BodyPlan
  #sending: BodySending | undefined

  constructor(plan: BodyPlan) {
    this.#plan = plan
    this.lengthBytes = plan.lengthBytes
    this.isRepeatable = plan.isRepeatable
  }

  /** Starts another sending, and ends the one before. */
  open(): BodySending {
    this.#sending?.close()
    return (this.#sending = new BodySending(this.#plan.open()))
  }

  /** Ends what is being sent, and lets go of the sources: files are closed. */
  close(): void {
    if (this.#sending === undefined) this.#plan.dispose()
    else this.#sending.close()
  }
}

/** One sending of a body, as undici and `ReadableStream.from` read it. */
export class BodySending implements AsyncIterable<Uint8Array | string>, AsyncIterator<Uint8Array | string> {
  readonly #reader: BodyReader
  /** Of the piece that is due. No race of promises, which would remember every piece for as long as the sending. */
  #reject: ((reason: Error) => void) | undefined
  #isClosed: boolean = false

  constructor(reader: BodyReader) {
    this.#reader = reader
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array | string, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(endedError())
        return
      }
      this.#reject = reject
      this.#reader.next().then(
        ({ done, value }) => {
          if (done === true) resolve({ done, value: undefined })
          else if (isPiece(value)) resolve({ done: false, value })
          else reject(bodyError('gave something other than bytes or text', undefined))
        },
        (error: unknown) => reject(readError(error)),
      )
    })
  }

  return(): Promise<IteratorResult<Uint8Array | string, undefined>> {
    this.close()
    return Promise.resolve({ done: true, value: undefined })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#reject?.(endedError())
    try {
      this.#reader.close()
    } catch {
      // A source of the user's making: it has no more to do with the request.
    }
  }
}

/** A failure of this side is not charged to the target. */
function readError(error: unknown): TransportError {
  return error instanceof TransportError ? error : bodyError(`could not be read (${messageOf(error)})`, error)
}

function bodyError(what: string, cause: unknown): TransportError {
  return new TransportError({ category: 'script', message: `the body to be sent ${what}` }, { cause })
}

/** Nobody sees it: the request has ended before. */
function endedError(): Error {
  return new Error('the request has ended')
}
