import type { StandardSchemaV1 } from '@standard-schema/spec'
import { evaluateJsonPath } from './json-path.ts'
import { toTimings, type Timings } from './phases.ts'
import type { FollowedRedirect } from './redirect-history.ts'
import { decodeText, type ResponseHeaders } from './response-body.ts'
import { parseJson, validate } from './response-json.ts'

/** What a response is made from. */
export interface ResponseParts {
  readonly name: string
  readonly status: number
  readonly headers: ResponseHeaders
  readonly url: string
  readonly body: Buffer
  readonly phasesUs: readonly number[]
  readonly durationUs: number
  readonly redirects: readonly FollowedRedirect[]
  readonly traceId: string | undefined
  /** Credentials to be hidden in what is told of the answer. */
  readonly secrets: () => Iterable<string>
}

/** The answer to a request, complete with its body. */
export class HttpResponse {
  readonly #parts: ResponseParts

  constructor(parts: ResponseParts) {
    this.#parts = parts
  }

  get status(): number {
    return this.#parts.status
  }

  /** By lower-case name; several values of a name are an array. */
  get headers(): ResponseHeaders {
    return this.#parts.headers
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
    const value = this.#parts.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : value
  }

  /** The body as text. */
  async text(): Promise<string> {
    return decodeText(this.#parts.body)
  }

  /** The body as it is, decompressed. */
  async bytes(): Promise<Uint8Array> {
    return this.#parts.body
  }

  /**
   * The body as JSON, checked by any Standard Schema (zod, valibot, arktype…), whose output type it has.
   *
   * @throws {LoadError} `ERR_LOAD_EXTRACTION` when it is not JSON, `ERR_LOAD_SCHEMA` when it does not fit the schema.
   */
  json(): Promise<unknown>
  json<Schema extends StandardSchemaV1>(schema: Schema): Promise<StandardSchemaV1.InferOutput<Schema>>
  async json(schema?: StandardSchemaV1): Promise<unknown> {
    const value = parseJson(this.#parts.body, this.#parts.name)
    return schema === undefined ? value : validate(value, schema, this.#parts.name, this.#parts.secrets)
  }

  /**
   * What a JSONPath finds in the body: the value of a path that can have one only (`$.items[0].id`), an array of all
   * for others (`$.items[*].id`, `$..id`, slices, unions, filters).
   *
   * @throws {LoadError} `ERR_LOAD_EXTRACTION` when it is not JSON, or has no value at a path of the first kind.
   */
  async jsonPath(path: string): Promise<unknown> {
    return evaluateJsonPath(parseJson(this.#parts.body, this.#parts.name), path, this.#parts.name)
  }
}
