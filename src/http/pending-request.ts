import type { StandardSchemaV1 } from '@standard-schema/spec'
import { AnswerReader } from './answer-reader.ts'
import type { Exchange } from './exchange.ts'
import { checkExpectation, type Expectation } from './expectation.ts'
import { bytesOf, readHeader, textOf, type Answer } from './extraction.ts'
import type { HttpResponse } from './http-response.ts'
import { parseJson, validate } from './response-json.ts'
import { readEvents, type ServerSentEvent } from './server-sent-events.ts'
import { openStream, readChunks, readLines, type BodyReader } from './stream-reading.ts'

/**
 * A request that has been started. Await it for the response, or one of its methods for what you want of the answer:
 *
 * ```ts
 * const response = await http.get('/products')
 * const products = await http.get('/products').expect(200).json(Product.array())
 * ```
 *
 * Awaiting rejects when there is no complete answer, or not the expected one. A status of 400 or more is a failed
 * request in the report, but does not reject unless `.expect()` refuses it. What nobody awaits is recorded all the
 * same, and never becomes an unhandled rejection.
 */
export class PendingRequest extends AnswerReader implements PromiseLike<HttpResponse> {
  readonly #exchange: Exchange
  #reading: Promise<unknown> | undefined
  #alsoReading: Promise<unknown>[] | undefined

  constructor(exchange: Exchange) {
    super()
    this.#exchange = exchange
  }

  /**
   * Says which answer is wanted: a status, several, or a condition on status and headers. Any other answer is a failed
   * request and rejects; a wanted status of 400 or more is not a failed request. Call it in the same expression as the
   * request: what is said after the answer has come can still reject, but no longer changes what was recorded.
   *
   * @example
   * ```ts
   * await http.get('/missing').expect(404)
   * await http.put('/settings', { json }).expect([200, 204])
   * await http.get('/page').expect((response) => response.header('content-type') === 'text/html')
   * ```
   *
   * @throws {LoadError} on await: `ERR_LOAD_UNEXPECTED_STATUS`.
   */
  expect(expectation: Expectation): this {
    const exchange = this.#exchange
    exchange.expectation = checkExpectation(expectation)
    if (exchange.done) exchange.judgeLate()
    return this
  }

  /**
   * The answer's JSON, checked by any Standard Schema (zod, valibot, arktype…), whose output type it has.
   *
   * @throws {LoadError} `ERR_LOAD_EXTRACTION` when it is not JSON, `ERR_LOAD_SCHEMA` when it does not fit the schema.
   */
  json(): Promise<unknown>
  json<Schema extends StandardSchemaV1>(schema: Schema): Promise<StandardSchemaV1.InferOutput<Schema>>
  json(schema?: StandardSchemaV1): Promise<unknown> {
    return this.#keep(this.#json(schema))
  }

  /** The answer's body as text. */
  text(): Promise<string> {
    return this.read(textOf)
  }

  /** The answer's body, decompressed. */
  bytes(): Promise<Uint8Array> {
    return this.read(bytesOf)
  }

  /**
   * A header of the answer by its name in any case; several values are joined by a comma. One that may be missing is
   * `(await request).header(name)`.
   *
   * @throws {LoadError} `ERR_LOAD_EXTRACTION` when the answer has none of that name.
   */
  header(name: string): Promise<string> {
    return this.read((answer) => readHeader(answer, name))
  }

  /**
   * The body in the pieces it comes in, decompressed, while it comes. Ask for it in the same expression as the request,
   * so that the body is not collected first. `.expect()` is judged by the headers: an answer that it refuses throws
   * before the first piece.
   *
   * Leaving the loop ends the transfer, and with HTTP/1.1 closes the connection: the request counts by its status, with
   * the time until then. So does one that nobody reads, when the iteration ends. A slow reader makes the server wait. The
   * timeout is that of any request: it bounds the whole transfer. What was read so cannot be read again.
   *
   * @throws {LoadError} `ERR_LOAD_REQUEST` when the answer is read so already. In the loop, the error of the request.
   */
  chunks(): BodyReader<Uint8Array> {
    return readChunks(this.#exchange, openStream(this.#exchange, 'chunks'))
  }

  /** The lines of the answer while they come, without what ends them; otherwise as `chunks()`. */
  lines(): BodyReader<string> {
    return readLines(this.#exchange, openStream(this.#exchange, 'lines'))
  }

  /**
   * The server-sent events of an answer of type `text/event-stream` while they come; otherwise as `chunks()`. With a
   * schema, the data of each is parsed as JSON and checked.
   *
   * @example
   * ```ts
   * for await (const { data } of http.get('/orders/:id/events', { params: { id } }).expect(200).events(OrderEvent)) {
   *   if (data.status === 'delivered') break
   * }
   * ```
   *
   * @throws {LoadError} in the loop, besides the error of the request: `ERR_LOAD_EXTRACTION` when it is no event stream,
   * or its data is not JSON; `ERR_LOAD_SCHEMA` when it does not fit the schema.
   */
  events(): BodyReader<ServerSentEvent>
  events<Schema extends StandardSchemaV1>(
    schema: Schema,
  ): BodyReader<ServerSentEvent<StandardSchemaV1.InferOutput<Schema>>>
  events(schema?: StandardSchemaV1): BodyReader<ServerSentEvent<unknown>> {
    return readEvents(this.#exchange, openStream(this.#exchange, 'events'), schema)
  }

  // oxlint-disable-next-line no-thenable -- a promise exists only if somebody awaits: see the class
  then<Value = HttpResponse, Reason = never>(
    onFulfilled?: ((response: HttpResponse) => Value | PromiseLike<Value>) | null,
    onRejected?: ((reason: unknown) => Reason | PromiseLike<Reason>) | null,
  ): Promise<Value | Reason> {
    return this.#response().then(onFulfilled, onRejected)
  }

  catch<Reason = never>(
    onRejected?: ((reason: unknown) => Reason | PromiseLike<Reason>) | null,
  ): Promise<HttpResponse | Reason> {
    return this.#response().catch(onRejected)
  }

  finally(onFinally?: (() => void) | null): Promise<HttpResponse> {
    return this.#response().finally(onFinally)
  }

  // Async functions throughout: an error made in one has the awaiting line of the spec in its stack, as long as that
  // is the only one who waits. So a promise is marked as handled only once its error exists.

  async #response(): Promise<HttpResponse> {
    const exchange = this.#exchange
    if (!exchange.done) await exchange.completion()
    exchange.check()
    return exchange.response()
  }

  async #json(schema: StandardSchemaV1 | undefined): Promise<unknown> {
    const exchange = this.#exchange
    try {
      if (!exchange.done) await exchange.completion()
      exchange.check()
      const answer = exchange.answer()
      const value = parseJson(answer)
      return schema === undefined ? value : await validate(value, schema, answer)
    } catch (thrown) {
      this.#markHandled()
      throw thrown
    }
  }

  protected read<Value>(take: (answer: Answer) => Value | Promise<Value>): Promise<Value> {
    return this.#keep(this.#read(take))
  }

  async #read<Value>(take: (answer: Answer) => Value | Promise<Value>): Promise<Value> {
    const exchange = this.#exchange
    try {
      if (!exchange.done) await exchange.completion()
      exchange.check()
      return await take(exchange.answer())
    } catch (thrown) {
      this.#markHandled()
      throw thrown
    }
  }

  #keep<Value>(promise: Promise<Value>): Promise<Value> {
    if (this.#exchange.done) promise.then(undefined, ignore)
    else if (this.#reading === undefined) this.#reading = promise
    else (this.#alsoReading ??= []).push(promise)
    return promise
  }

  /** If nobody awaits what was read, the failure is in the records nevertheless. */
  #markHandled(): void {
    this.#reading?.then(undefined, ignore)
    for (const promise of this.#alsoReading ?? []) promise.then(undefined, ignore)
  }
}

function ignore(): void {}
