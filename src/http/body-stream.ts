import type { AnswerStream } from './answer-stream.ts'
import type { Exchange } from './exchange.ts'
import { isRedirect } from './redirect.ts'
import { isRetryable } from './retries.ts'
import { keepPassed } from './tell-trace.ts'

/** So much may have come and not been read before the sender is made to wait: what a socket reads at once. */
const maxQueuedBytes = 64 * 1024

/**
 * The body of an answer that is read while it comes. It begins with the headers of the answer that counts: those of a
 * redirect that is followed, or of an attempt that is made again, go the way of any other answer, and so does an error
 * that `.expect()` refuses, of which the report shows an excerpt.
 *
 * A reader who leaves before the end has what it wanted: the transfer is cut, the connection with it, and the request
 * counts by its status, with the time it took until then.
 */
export class BodyStream implements AnswerStream {
  readonly #exchange: Exchange
  #queue: Buffer[] = []
  #queuedBytes: number = 0
  #isPaused: boolean = false
  #wake: (() => void) | undefined
  /** Whether the answer's headers have come, and its body goes to the reader. */
  #begun: boolean = false
  #left: boolean = false
  #isDecoded: boolean = false
  /** Whether the beginning has gone by. */
  #isLost: boolean = false

  constructor(exchange: Exchange) {
    this.#exchange = exchange
    exchange.stream = this
    const { scope } = exchange.frame
    ;(scope.unread ??= new Set()).add(this)
    if (exchange.done) {
      this.#readCollected()
      this.#forget()
    } else if (exchange.status !== 0) {
      this.begin()
    }
  }

  /** Whether it was collected, and decompressed, before it could be read. */
  get isDecoded(): boolean {
    return this.#isDecoded
  }

  /** Whether its end is what the reader wanted, not a failure of the transfer. */
  get hasLeft(): boolean {
    return this.#left && this.#begun
  }

  /** Whether the body goes to the reader. */
  get hasBegun(): boolean {
    return this.#begun
  }

  /** Whether the sender is made to wait. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /** The answer's headers have come. */
  begin(): void {
    const exchange = this.#exchange
    // Of what is not kept, and has begun to come, the rest is no answer.
    if (exchange.missingBody !== undefined && exchange.body !== undefined) return
    if (exchange.redirect !== 'manual' && isRedirect(exchange)) return
    const failure = exchange.judgeHead()
    if (failure !== undefined && (isRetryable(exchange, failure) || (exchange.isRefused && exchange.status >= 400)))
      return
    this.#begun = true
    exchange.owner.storeCookies(exchange)
    for (const chunk of exchange.takeBody()) this.take(chunk)
    if (exchange.isRefused) this.#left = true
    if (this.#left) this.#cut()
  }

  take(chunk: Buffer): void {
    if (this.#left) return
    if (this.#exchange.owner.trace !== undefined) keepPassed(this.#exchange, chunk)
    this.#queue.push(chunk)
    this.#queuedBytes += chunk.byteLength
    if (this.#queuedBytes > maxQueuedBytes && !this.#isPaused) {
      this.#isPaused = true
      this.#exchange.heard()
      this.#exchange.carrier?.pause?.(this.#exchange)
    }
    this.#wakeUp()
  }

  /** The exchange is done. What came before it was cut is nobody's any more; what came before it broke off is. */
  end(): void {
    if (this.#exchange.stopReason !== undefined) {
      this.#queue = []
    } else if (!this.#begun && !this.#exchange.isRefused) {
      // It was to be made again, and there was no time left; or is read too late.
      this.#readCollected()
    }
    this.#forget()
    this.#wakeUp()
  }

  /**
   * The next piece, or `undefined` at the end.
   *
   * @throws {LoadError} the error of the request, where it failed.
   */
  async read(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.#queue.shift()
      if (chunk !== undefined) {
        this.#taken(chunk.byteLength)
        return chunk
      }
      if (this.#exchange.done) {
        this.#exchange.check()
        // Reading it says why.
        if (this.#isLost) void this.#exchange.answer().body
        return undefined
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Whatever still comes is not wanted. */
  leave(): void {
    this.#queue = []
    this.#forget()
    if (this.#left || this.#exchange.done) return
    this.#left = true
    if (this.#begun) this.#cut()
  }

  /** The iteration's body has returned: nobody will read, unless somebody waits for the next piece at this moment. */
  leaveUnread(): void {
    if (this.#wake === undefined) this.leave()
  }

  /** It was collected, like any answer, and others may have read it. */
  #readCollected(): void {
    const { missingBody, body, isRefused } = this.#exchange
    this.#isDecoded = true
    this.#isLost = missingBody !== undefined
    if (missingBody === undefined && body !== undefined && !isRefused) this.#queue = [body]
  }

  #taken(byteLength: number): void {
    this.#queuedBytes -= byteLength
    if (!this.#isPaused || this.#queuedBytes > maxQueuedBytes / 2) return
    this.#isPaused = false
    this.#exchange.heard()
    this.#exchange.carrier?.resume?.(this.#exchange)
  }

  #cut(): void {
    this.#exchange.carrier?.abort(this.#exchange)
  }

  #forget(): void {
    this.#exchange.frame.scope.unread?.delete(this)
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
