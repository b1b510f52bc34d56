import type { Duration } from '../shared/durations.ts'
import type { RetryOptions } from '../shared/retry.ts'
import type { BodySource } from './body-source.ts'
import type { Compression } from './compression.ts'
import type { MultipartFields } from './multipart.ts'
import type { ParamValue, PathParamNames } from './path-params.ts'
import type { TimeoutOptions } from './request-timeouts.ts'

/** A value of a query or form field; `undefined` leaves it out, an array repeats it. */
export type FieldValue = string | number | boolean | undefined | readonly (string | number | boolean)[]

/** Names and values of a query or a form. */
export type Fields = Readonly<Record<string, FieldValue>>

/** What a request may carry and how it is treated. */
export interface RequestOptions {
  /** Sent as JSON, with `content-type: application/json`; `null` is JSON, `undefined` is no body. */
  readonly json?: unknown
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Fields | URLSearchParams | undefined
  /**
   * Sent as it is; text is encoded as UTF-8. Set its `content-type` in `headers`. A `Blob`, of which
   * `await openAsBlob(path)` makes one of a file, and a stream (`ReadableStream`, `Readable`, async iterable) are read
   * while they are sent. A stream can be sent once: where a redirect may ask for it again, give a function that makes it.
   */
  readonly body?: string | Uint8Array | BodySource | undefined
  /**
   * Sent as `multipart/form-data` (RFC 7578): texts as fields; a `Blob`, bytes, a stream or `{ data, filename, type }` as
   * a file; an array repeats its name. Or a `FormData`.
   *
   * @example
   * ```ts
   * await http.post('/photos', { multipart: { title: 'Lamp', photo: await openAsBlob('./lamp.png', { type: 'image/png' }) } })
   * ```
   */
  readonly multipart?: MultipartFields | FormData | undefined
  /**
   * Compresses the body and sets its `content-encoding`. Bodies of more than 64 KiB, and streams, are compressed while
   * they are sent, in chunks and without a `content-length`.
   */
  readonly compress?: Compression | undefined
  /** Appended to the URL's query. */
  readonly query?: Fields | URLSearchParams | undefined
  /**
   * Sent as they are, over what the other options and the project's `headers` set; `undefined` leaves one of those out.
   * A `cookie` header is sent before the session's own cookies. No `accept-encoding` is sent unless you set it (as in
   * k6): ask for compression with `headers: { 'accept-encoding': 'gzip' }`; answers are decompressed. Of a `Headers`
   * object give `Object.fromEntries(headers)`.
   */
  readonly headers?: Readonly<Record<string, string | number | undefined>> | undefined
  /** Sent as `authorization: Bearer …`. */
  readonly bearer?: string | undefined
  /** Sent as `authorization: Basic …`. */
  readonly basic?: { readonly username: string; readonly password: string } | undefined
  /**
   * Longest time from the call to the last byte, redirects included; above zero and at most `'596h'`. Or several times;
   * what is left out is as the project says.
   *
   * @default the project's `timeout`, which is `'60s'`
   */
  readonly timeout?: Duration | TimeoutOptions | undefined
  /**
   * What to do with a redirect (RFC 9110): follow up to 10, hand it over, or fail. Each followed redirect is a request
   * of its own in the report; cookies, and headers with the name of a credential, are not sent on to another origin.
   *
   * @default 'follow'
   */
  readonly redirect?: 'follow' | 'manual' | 'error' | undefined
  /**
   * Longest body of the answer in bytes, as sent and decompressed: a longer one ends the request as failed.
   *
   * @default the project's `maxResponseBytes`, which is 64 MiB; without a limit where the body is discarded
   */
  readonly maxResponseBytes?: number | undefined
  /**
   * Counts the body of the answer without keeping it, as for large downloads: its status and headers can be looked at.
   *
   * @default the project's `discardBodies`, which is `false`
   */
  readonly discardBody?: boolean | undefined
  /**
   * Sends a `traceparent` (W3C Trace Context) with a trace id of its own, by which tracing systems find the request; the
   * answer has it as `traceId`. One in `headers` wins.
   *
   * @default the project's `traceparent`, which is `false`
   */
  readonly traceparent?: boolean | undefined
  /** Name of the request in reports, used as it is; the default is `METHOD /path/:id`. */
  readonly name?: string | undefined
  /**
   * Labels that objectives can ask for: `handle.where({ tags: { tenant: 'gold' } })`. Up to 10, of short texts. They are
   * not sent.
   */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /**
   * Makes the request again when it fails: how often at most, or `RetryOptions`; 0 for never. Each attempt is a request of
   * its own in the report, the timeout is that of all of them together, and only the last one makes step and iteration
   * failed.
   *
   * @default the project's `retry`, which is never
   */
  readonly retry?: number | RetryOptions | undefined
}

/** Options of a request whose path has places to fill. */
export interface RequestOptionsWithParams<Names extends string> extends RequestOptions {
  /** Values for the `:name` places of the path. */
  readonly params: Readonly<Record<Names, ParamValue>>
}

/** Options of a request whose path has none. */
export interface RequestOptionsWithoutParams extends RequestOptions {
  readonly params?: undefined
}

/** Options of a request whose URL is known at run time only. */
export interface UntypedRequestOptions extends RequestOptions {
  readonly params?: Readonly<Record<string, ParamValue>> | undefined
}

/** The options that go with a URL: `params` has exactly the names that the URL has. */
export type RequestArguments<Url extends string | URL> = Url extends string
  ? string extends Url
    ? [options?: UntypedRequestOptions]
    : [PathParamNames<Url>] extends [never]
      ? [options?: RequestOptionsWithoutParams]
      : [options: RequestOptionsWithParams<PathParamNames<Url>>]
  : [options?: RequestOptionsWithoutParams]
