import type { Duration } from '../shared/durations.ts'
import type { RetryOptions } from '../shared/retry.ts'
import type { ParamValue, PathParamNames } from './path-params.ts'

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
  /** Sent as it is; text is encoded as UTF-8. Set its `content-type` in `headers`. */
  readonly body?: string | Uint8Array | undefined
  /** Appended to the URL's query. */
  readonly query?: Fields | URLSearchParams | undefined
  /**
   * Sent as they are, over what the other options set. A `cookie` header is sent before the session's own cookies.
   * No `accept-encoding` is sent unless you set it (as in k6): ask for compression with
   * `headers: { 'accept-encoding': 'gzip' }`; answers are decompressed. Of a `Headers` object give
   * `Object.fromEntries(headers)`.
   */
  readonly headers?: Readonly<Record<string, string | number | undefined>> | undefined
  /** Sent as `authorization: Bearer …`. */
  readonly bearer?: string | undefined
  /** Sent as `authorization: Basic …`. */
  readonly basic?: { readonly username: string; readonly password: string } | undefined
  /**
   * Longest time from the call to the last byte, redirects included; above zero and at most `'596h'`.
   *
   * @default '60s'
   */
  readonly timeout?: Duration | undefined
  /**
   * What to do with a redirect (RFC 9110): follow up to 10, hand it over, or fail. Each followed redirect is a request
   * of its own in the report; credentials are not sent on to another origin.
   *
   * @default 'follow'
   */
  readonly redirect?: 'follow' | 'manual' | 'error' | undefined
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
