import type { StandardSchemaV1 } from '@standard-schema/spec'
import { AnswerReader } from './answer-reader.ts'
import { bytesOf, headerOf, textOf, type Answer } from './extraction.ts'
import { toTimings, type Timings } from './phases.ts'
import type { FollowedRedirect } from './redirect-history.ts'
import type { ResponseHeaders } from './response-body.ts'
import { parseJson, validate } from './response-json.ts'

/** What a response is made from. */
export interface ResponseParts extends Answer {
  readonly httpVersion: '1.1' | '2'
  readonly url: string
  readonly phasesUs: readonly number[]
  readonly durationUs: number
  readonly redirects: readonly FollowedRedirect[]
  readonly traceId: string | undefined
}

/** The answer to a request, complete with its body. */
export class HttpResponse extends AnswerReader {
  readonly #parts: ResponseParts

  constructor(parts: ResponseParts) {
    super()
    this.#parts = parts
  }

  get status(): number {
    return this.#parts.status
  }

  /** By lower-case name; several values of a name are an array. */
  get headers(): ResponseHeaders {
    return this.#parts.headers
  }

  /** What the answer came over; `'1.1'` where mocks answer. */
  get httpVersion(): '1.1' | '2' {
    return this.#parts.httpVersion
  }

  /** Where the answer came from, after redirects. */
  get url(): string {
    return this.#parts.url
  }

  /** The redirects that led here, the first one first; at most ten. */
  get redirects(): readonly FollowedRedirect[] {
    return this.#parts.redirects
  }

  /** The trace id that the request carried (W3C Trace Context): what to look for in the tracing system. */
  get traceId(): string | undefined {
    return this.#parts.traceId
  }

  /** How long each phase took, in milliseconds. */
  get timings(): Timings {
    return toTimings(this.#parts.phasesUs, this.#parts.durationUs)
  }

  /** A header by its name in any case; several values are joined by a comma. */
  header(name: string): string | undefined {
    return headerOf(this.#parts.headers, name)
  }

  /** The body as text. */
  async text(): Promise<string> {
    return textOf(this.#parts)
  }

  /** The body as it is, decompressed. */
  async bytes(): Promise<Uint8Array> {
    return bytesOf(this.#parts)
  }

  /**
   * The body as JSON, checked by any Standard Schema (zod, valibot, arktype…), whose output type it has.
   *
   * @throws {LoadError} `ERR_LOAD_EXTRACTION` when it is not JSON, `ERR_LOAD_SCHEMA` when it does not fit the schema.
   */
  json(): Promise<unknown>
  json<Schema extends StandardSchemaV1>(schema: Schema): Promise<StandardSchemaV1.InferOutput<Schema>>
  async json(schema?: StandardSchemaV1): Promise<unknown> {
    const value = parseJson(this.#parts)
    return schema === undefined ? value : validate(value, schema, this.#parts)
  }

  protected async read<Value>(take: (answer: Answer) => Value | Promise<Value>): Promise<Value> {
    return await take(this.#parts)
  }
}
