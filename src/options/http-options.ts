import * as z from 'zod'
import type { Duration } from '../shared/durations.ts'
import type { RetryOptions, RetryPolicy } from '../shared/retry.ts'
import type { DnsSettings, HostOverrides, ProxySettings, TlsSettings } from '../shared/transport-settings.ts'
import { dnsSchema, hostsSchema, type DnsOptions } from './address-options.ts'
import { positiveDurationMs, wholeNumber } from './problems.ts'
import {
  requestDefaultsShape,
  resolveRequestDefaults,
  type CheckedRequestDefaults,
  type RequestDefaults,
  type ResolvedRequestDefaults,
} from './request-defaults.ts'
import { proxySchema, type ProxyOptions } from './proxy-options.ts'
import { retryPolicy } from './retry-options.ts'
import { tlsSchema, type TlsOptions } from './tls-options.ts'

/** How the HTTP clients of a project's virtual users behave. */
export interface HttpOptions extends RequestDefaults {
  /** How long connecting may take, TLS included. @default '10s' */
  readonly connectTimeout?: Duration
  /**
   * Whose connections are kept: `'per-vu'` those of each virtual user, as of browsers; `'shared'` those that all virtual
   * users of a scenario have in common, as behind a gateway or in a service's own client; `'none'` makes one for each
   * request. Shared ones are at most 50 to an origin, or as many as `{ shared: 20 }` says, over all threads; requests wait
   * for a free one in the order in which they were made.
   *
   * @default 'per-vu'
   */
  readonly connections?: 'per-vu' | 'shared' | 'none' | { readonly shared: number }
  /**
   * `true` offers HTTP/2 on TLS connections and takes HTTP/1.1 where the server does not speak it; `'prior-knowledge'`
   * speaks HTTP/2 without TLS, too, to servers that are known to (h2c). A virtual user then has one connection to an
   * origin, on which its parallel requests are streams.
   *
   * @default false
   */
  readonly http2?: boolean | 'prior-knowledge'
  /**
   * The proxy through which requests go: by `CONNECT` to https URLs, forwarded to http ones. The variables
   * `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are not read.
   */
  readonly proxy?: string | ProxyOptions
  /** Trusted authorities, the client's certificate, versions. Files are read when the project is configured. */
  readonly tls?: TlsOptions
  /**
   * Addresses that are dialled in place of hosts, while URL, `Host` and SNI stay. Requests to a host that is dialled on
   * loopback need no `targets`.
   *
   * @example { 'api.example.com': '127.0.0.1:8443', '*.cdn.example.com': '10.0.0.7' }
   */
  readonly hosts?: Readonly<Record<string, string>>
  /** Which addresses host names have, and how long they are kept. */
  readonly dns?: DnsOptions
  /**
   * How many connections a virtual user opens to an origin at most, and how many requests `http.all` makes at once. What is
   * more waits for one, as in a browser.
   *
   * @default 6
   */
  readonly parallel?: number
  /** Makes failed requests again: how often at most, or when and how. Requests may say it for themselves. @default never */
  readonly retry?: number | RetryOptions
}

/** How HTTP clients behave, with defaults. Plain data: it is cloned into threads. */
export interface ResolvedHttpOptions extends ResolvedRequestDefaults {
  readonly timeoutMs: number
  readonly connectTimeoutMs: number
  readonly connections: 'per-vu' | 'shared' | 'none'
  /** How many connections to an origin all virtual users together have at most, where they share them. */
  readonly sharedConnections: number
  readonly http2: boolean | 'prior-knowledge' | undefined
  readonly proxy: ProxySettings | undefined
  readonly tls: TlsSettings | undefined
  readonly hosts: HostOverrides | undefined
  readonly dns: DnsSettings | undefined
  readonly parallel: number
  readonly retry: RetryPolicy | undefined
}

const defaults = Object.freeze({
  timeoutMs: 60_000,
  connectTimeoutMs: 10_000,
  connections: 'per-vu',
  sharedConnections: 50,
  parallel: 6,
} as const)

/** More would be bounded by ports and file handles. */
const maxSharedConnections = 10_000

interface CheckedHttpOptions extends CheckedRequestDefaults {
  connectTimeout?: number | undefined
  connections?: 'per-vu' | 'shared' | 'none' | { shared: number } | undefined
  http2?: boolean | 'prior-knowledge' | undefined
  proxy?: ProxySettings | undefined
  tls?: TlsSettings | undefined
  hosts?: HostOverrides | undefined
  dns?: DnsSettings | undefined
  parallel?: number | undefined
  retry?: RetryPolicy | null | undefined
}

type Shape<Checked> = {
  readonly [Name in keyof Checked]-?: z.ZodOptional<z.ZodType<Exclude<Checked[Name], undefined>>>
}

/** The part of a project's options that is about HTTP. */
export const httpShape: Shape<CheckedHttpOptions> = {
  ...requestDefaultsShape,
  connectTimeout: positiveDurationMs.optional(),
  connections: z
    .union(
      [z.enum(['per-vu', 'shared', 'none']), z.strictObject({ shared: wholeNumber(maxSharedConnections) })],
      "expected 'per-vu', 'shared', { shared: 50 } or 'none'",
    )
    .optional(),
  http2: z.union([z.boolean(), z.literal('prior-knowledge')], "expected true, false or 'prior-knowledge'").optional(),
  proxy: proxySchema.optional(),
  tls: tlsSchema.optional(),
  hosts: hostsSchema.optional(),
  dns: dnsSchema.optional(),
  parallel: wholeNumber(1000).optional(),
  retry: retryPolicy.optional(),
}

/** Options that exclude each other. */
export function findHttpConflicts({
  http2 = false,
  connections,
}: Pick<HttpOptions, 'http2' | 'connections'>): string[] {
  if (http2 === false || connections !== 'none') return []
  return [
    "http2: its connections are kept for many requests, and connections: 'none' keeps none. Leave one of the two out",
  ]
}

/** Fills in what was not given. */
export function resolveHttpOptions(given: CheckedHttpOptions): ResolvedHttpOptions {
  const { connections = defaults.connections } = given
  return {
    timeoutMs: defaults.timeoutMs,
    ...resolveRequestDefaults(given),
    connectTimeoutMs: given.connectTimeout ?? defaults.connectTimeoutMs,
    connections: typeof connections === 'object' ? 'shared' : connections,
    sharedConnections: typeof connections === 'object' ? connections.shared : defaults.sharedConnections,
    http2: given.http2,
    proxy: given.proxy,
    tls: given.tls,
    hosts: given.hosts,
    dns: given.dns,
    parallel: given.parallel ?? defaults.parallel,
    retry: given.retry ?? undefined,
  }
}
