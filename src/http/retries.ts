import { clearTimeout, setTimeout } from 'node:timers'
import type { Failure } from '../metrics/error-table.ts'
import { countRequest } from '../session/current.ts'
import { now } from '../shared/now.ts'
import { mixSeed, SeededRandom } from '../shared/random.ts'
import type { Carrier, Exchange } from './exchange.ts'
import { StreamedBody } from './streamed-body.ts'

/** What a client does with an exchange whose wait for another attempt is over. */
interface RetryOwner {
  again(exchange: Exchange): void
  /** It was cut while it waited: no request of it was under way. */
  endedWaiting(exchange: Exchange): void
}

/**
 * Whether a failed request is one to be made again: by its method, its failure, and how often that has been done. A body
 * that was read as it was sent is gone; of an answer that is read as it comes, something may have been used.
 */
export function isRetryable(exchange: Exchange, failure: Failure): boolean {
  const { retry, content, status, frame } = exchange
  if (retry === undefined || exchange.attempts > retry.limit || exchange.stream?.hasBegun === true) return false
  if (!retry.methods.includes(exchange.method)) return false
  if (content?.body instanceof StreamedBody && !content.body.isRepeatable) return false
  const { session, scope } = frame
  if (scope.cut || session.closed || (session.signal.aborted && !scope.hook)) return false
  // An answer that broke off has a status, too.
  return retry.errors.includes(failure.category) || (isOfAnswer(failure) && retry.statuses.includes(status))
}

function isOfAnswer({ category }: Failure): boolean {
  return category === 'http_4xx' || category === 'http_5xx' || category === 'unexpected_status'
}

/** The exchanges of one client that wait to be tried again. */
export class RetryWaits implements Carrier {
  readonly #owner: RetryOwner
  readonly #timers: Map<Exchange, NodeJS.Timeout> = new Map()
  #random: SeededRandom | undefined

  constructor(owner: RetryOwner) {
    this.#owner = owner
  }

  /**
   * How long an exchange is to wait for its next attempt, in milliseconds: doubled for each, with jitter, and not shorter
   * than `retry-after` asks for (RFC 9110, 10.2.3). `undefined` where it is not to be tried again, or has no time left.
   */
  delayMs(exchange: Exchange, failure: Failure): number | undefined {
    const { retry } = exchange
    if (retry === undefined || !isRetryable(exchange, failure)) return undefined
    const { seed, vuId } = exchange.frame.session
    this.#random ??= new SeededRandom(mixSeed(seed, vuId, 'retry'))
    const wholeMs = Math.min(retry.maxDelayMs, retry.delayMs * 2 ** (exchange.attempts - 1))
    const askedMs = retryAfterMs(exchange.headers['retry-after'], Date.now())
    if (askedMs > retry.maxDelayMs) return undefined
    const delayMs = Math.max(askedMs, wholeMs * (0.5 + this.#random.next() / 2))
    return now() + delayMs < exchange.totalDeadlineAt ? delayMs : undefined
  }

  /**
   * Holds an exchange until its next attempt. Meanwhile it counts as a request in flight where it was made: the iteration
   * is not over before, and the wait is no think time, for it is what the client makes of the failure.
   */
  wait(exchange: Exchange, delayMs: number): void {
    countRequest(exchange.frame, 1)
    exchange.carrier = this
    const start = (): void => {
      this.#timers.delete(exchange)
      this.#owner.again(exchange)
      countRequest(exchange.frame, -1)
    }
    this.#timers.set(exchange, setTimeout(start, delayMs))
  }

  abort(exchange: Exchange): void {
    const timer = this.#timers.get(exchange)
    if (timer === undefined) return
    clearTimeout(timer)
    this.#timers.delete(exchange)
    this.#owner.endedWaiting(exchange)
    countRequest(exchange.frame, -1)
  }

  abortAll(): void {
    for (const exchange of this.#timers.keys()) exchange.abort()
  }
}

/** What `retry-after` asks for, in milliseconds: a number of seconds, or a date. 0 for what is neither, or over. */
export function retryAfterMs(header: string | readonly string[] | undefined, nowMs: number): number {
  if (typeof header !== 'string') return 0
  const text = header.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMs)
}
