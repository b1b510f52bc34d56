import { AsyncLocalStorage } from 'node:async_hooks'
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
  /** What of it can be shown without reading its sources. */
  readonly preview?: () => Uint8Array
}

/** A body that is made while it is sent. */
export class StreamedBody {
  readonly lengthBytes: number | undefined
  readonly isRepeatable: boolean
  readonly #plan: BodyPlan
  /** Who made the request: it may be sent when another one's has ended. */
  readonly #asMaker: <Value>(read: () => Value) => Value = AsyncLocalStorage.snapshot()
  #sending: BodySending | undefined

  constructor(plan: BodyPlan) {
    this.#plan = plan
    this.lengthBytes = plan.lengthBytes
    this.isRepeatable = plan.isRepeatable
  }

  /** What of it can be shown, where anything can. */
  preview(): Uint8Array | undefined {
    return this.#plan.preview?.()
  }

  /** Starts another sending, and ends the one before. */
  open(): BodySending {
    this.#sending?.close()
    return (this.#sending = new BodySending(this.#plan, this.#asMaker))
  }

  /** Ends what is being sent, and lets go of the sources: files are closed. */
  close(): void {
    const sending = this.#sending ?? new BodySending(this.#plan, this.#asMaker)
    sending.close()
  }
}

/** One sending of a body, as undici and `ReadableStream.from` read it. */
export class BodySending implements AsyncIterable<Uint8Array | string>, AsyncIterator<Uint8Array | string> {
  readonly #plan: BodyPlan
  readonly #asMaker: <Value>(read: () => Value) => Value
  /** Opened for the first piece: what its source throws is told like what it gives. */
  #reader: BodyReader | undefined
  /** Of the piece that is due. No race of promises, which would remember every piece for as long as the sending. */
  #reject: ((reason: Error) => void) | undefined
  #isClosed: boolean = false

  constructor(plan: BodyPlan, asMaker: <Value>(read: () => Value) => Value) {
    this.#plan = plan
    this.#asMaker = asMaker
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
      this.#asMaker(() => this.#read()).then(
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

  async #read(): Promise<IteratorResult<unknown, unknown>> {
    this.#reader ??= this.#plan.open()
    const result: unknown = await this.#reader.next()
    if (typeof result !== 'object' || result === null) throw new TypeError('its iterator gave no result')
    return result as IteratorResult<unknown, unknown>
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#reject?.(endedError())
    try {
      if (this.#reader === undefined) this.#plan.dispose()
      else this.#reader.close()
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
