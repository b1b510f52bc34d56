import * as z from 'zod'
import type { Duration } from '../shared/durations.ts'
import {
  dnsSchema,
  hostsSchema,
  type DnsOptions,
  type ResolvedDnsOptions,
  type ResolvedHosts,
} from './address-options.ts'
import { positiveDurationMs } from './problems.ts'
import { proxySchema, type ProxyOptions, type ResolvedProxyOptions } from './proxy-options.ts'
import { tlsSchema, type ResolvedTlsOptions, type TlsOptions } from './tls-options.ts'

/** How the HTTP clients of a project's virtual users behave. */
export interface HttpOptions {
  /** How long a request may take in all, from the call to the last byte. @default '60s' */
  readonly timeout?: Duration
  /** How long connecting may take, TLS included. @default '10s' */
  readonly connectTimeout?: Duration
  /** `'per-vu'` keeps a connection for each virtual user and origin, `'none'` makes one for each request. @default 'per-vu' */
  readonly connections?: 'per-vu' | 'none'
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
}

/** How HTTP clients behave, with defaults. Plain data: it is cloned into threads. */
export interface ResolvedHttpOptions {
  readonly timeoutMs: number
  readonly connectTimeoutMs: number
  readonly connections: 'per-vu' | 'none'
  readonly http2: boolean | 'prior-knowledge' | undefined
  readonly proxy: ResolvedProxyOptions | undefined
  readonly tls: ResolvedTlsOptions | undefined
  readonly hosts: ResolvedHosts | undefined
  readonly dns: ResolvedDnsOptions | undefined
}

const defaults = Object.freeze({ timeoutMs: 60_000, connectTimeoutMs: 10_000, connections: 'per-vu' } as const)

interface CheckedHttpOptions {
  timeout?: number | undefined
  connectTimeout?: number | undefined
  connections?: 'per-vu' | 'none' | undefined
  http2?: boolean | 'prior-knowledge' | undefined
  proxy?: ResolvedProxyOptions | undefined
  tls?: ResolvedTlsOptions | undefined
  hosts?: ResolvedHosts | undefined
  dns?: ResolvedDnsOptions | undefined
}

type Shape<Checked> = {
  readonly [Name in keyof Checked]-?: z.ZodOptional<z.ZodType<Exclude<Checked[Name], undefined>>>
}

/** The part of a project's options that is about HTTP. */
export const httpShape: Shape<CheckedHttpOptions> = {
  timeout: positiveDurationMs.optional(),
  connectTimeout: positiveDurationMs.optional(),
  connections: z.enum(['per-vu', 'none'], "expected 'per-vu' or 'none'").optional(),
  http2: z.union([z.boolean(), z.literal('prior-knowledge')], "expected true, false or 'prior-knowledge'").optional(),
  proxy: proxySchema.optional(),
  tls: tlsSchema.optional(),
  hosts: hostsSchema.optional(),
  dns: dnsSchema.optional(),
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
  return {
    timeoutMs: given.timeout ?? defaults.timeoutMs,
    connectTimeoutMs: given.connectTimeout ?? defaults.connectTimeoutMs,
    connections: given.connections ?? defaults.connections,
    http2: given.http2,
    proxy: given.proxy,
    tls: given.tls,
    hosts: given.hosts,
    dns: given.dns,
  }
}
