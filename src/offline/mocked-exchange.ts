import { TransportError, type TransportController, type TransportHandler } from '../http/transport.ts'
import { messageOf } from '../shared/errors.ts'

/** What an exchange needs of its thread. */
export interface ExchangeLimits {
  /** Lets the event loop turn when that is due: mocks never reach it by themselves. */
  readonly breathe: () => Promise<void> | undefined
}

/** The answer of a mock on its way to the HTTP client. It is cut short like one of the network. */
export class MockedExchange implements TransportController {
  paused: boolean = false

  readonly #handler: TransportHandler
  readonly #limits: ExchangeLimits
  readonly #abortion: AbortController = new AbortController()
  #reader: ReadableStreamDefaultReader<unknown> | undefined
  #ended: boolean = false
  #resumed: (() => void) | undefined

  constructor(handler: TransportHandler, limits: ExchangeLimits) {
    this.#handler = handler
    this.#limits = limits
  }

  /** Aborted when the request is cut, so that a mock can stop what it does for it. */
  get signal(): AbortSignal {
    return this.#abortion.signal
  }

  get aborted(): boolean {
    return this.signal.aborted
  }

  get reason(): Error | null {
    return this.aborted ? (this.signal.reason as Error) : null
  }

  start(): void {
    this.#handler.onRequestStart?.(this, {})
    this.#handler.onRequestSent?.()
  }

  abort(reason: Error): void {
    if (this.aborted) return
    this.#abortion.abort(reason)
    this.#resumed?.()
    this.#reader?.cancel(reason).catch(() => {})
    this.#handler.onResponseError?.(this, reason)
  }

  /** Undici's flow control: what the reader does not take, the mock is not asked for. */
  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    this.#resumed?.()
  }

  /** Ends a request that got no answer. What is thrown after its end has nothing to do with it. */
  fail(error: Error): void {
    if (this.#ended) throw error
    if (this.aborted) return
    this.#ended = true
    this.#handler.onResponseError?.(this, error)
  }

  /** Hands a response over, piece by piece as its body gives them. What of it is not read is cancelled. */
  async deliver(response: Response, hasBody: boolean): Promise<void> {
    try {
      if (this.aborted) return
      refuseUnusable(response)
      this.#handler.onResponseStarted?.()
      this.#handler.onResponseStart?.(this, response.status, headersOf(response), response.statusText)
      // Its headers may have told the reader that it does not want the rest.
      if (hasBody && response.body !== null && !this.signal.aborted) await this.#deliverBody(response.body.getReader())
    } finally {
      // Nobody else tells a stream that its reader has gone; one that was read to its end does not mind.
      if (this.#reader !== undefined) this.#reader.cancel().catch(() => {})
      else if (response.body instanceof ReadableStream) response.body.cancel().catch(() => {})
    }
    if (this.signal.aborted) return
    this.#ended = true
    this.#handler.onResponseEnd?.(this, {})
  }

  async #deliverBody(reader: ReadableStreamDefaultReader<unknown>): Promise<void> {
    this.#reader = reader
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new TransportError(
          { category: 'reset', message: `body of a mock broke off (${messageOf(error)})` },
          { cause: error },
        )
      })
      if (done || this.signal.aborted) return
      if (!(value instanceof Uint8Array)) throw unusable('body of a mock gave something other than bytes')
      // A copy: the mock may use its bytes again.
      this.#handler.onResponseData?.(this, Buffer.from(value))
      await this.#limits.breathe()
      if (this.paused) await this.#untilResumed()
    }
  }

  async #untilResumed(): Promise<void> {
    if (this.aborted) return
    await new Promise<void>((resolve) => {
      this.#resumed = resolve
    })
    this.#resumed = undefined
  }
}

/** What could not be an answer of a server: MSW takes whatever a handler returns. */
function refuseUnusable(response: Response): void {
  if (typeof response.status !== 'number' || !('headers' in response))
    throw unusable('a mock returned something that is no Response; return HttpResponse.json(…) or the like')
  // What `Response.error()` makes.
  if (response.type === 'error')
    throw new TransportError({ category: 'reset', message: 'network error of a mock (Response.error())' })
  if (response.status < 200 || response.status > 599)
    throw unusable(`a mock answered with status ${response.status}, which is no final answer`)
  if (response.bodyUsed || response.body?.locked === true)
    throw unusable('a mock returned a response that was read before; return a new one for each request')
}

function unusable(message: string): TransportError {
  return new TransportError({ category: 'script', message })
}

function headersOf({ headers }: Response): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {}
  // `Headers` joins the values of all names but this one.
  for (const [name, value] of headers) if (name !== 'set-cookie') all[name] = value
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) all['set-cookie'] = cookies
  return all
}
