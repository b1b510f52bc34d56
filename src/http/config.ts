import { defineSlot, type Slot } from '../session/slot.ts'
import type { RetryPolicy } from '../shared/retry.ts'
import type { DnsSettings, HostOverrides, ProxySettings, TlsSettings } from '../shared/transport-settings.ts'
import { version } from '../shared/version.ts'
import type { HttpTrace } from './trace.ts'
import type { HttpTransport } from './transport.ts'

/** How the HTTP client of a virtual user behaves. Share one object between sessions: URLs are cached by it. */
export interface HttpConfig {
  /** Relative URLs are appended to it, its path included. */
  readonly baseUrl: string | undefined
  /** Origins (`https://api.example.com`) that may be contacted besides `baseUrl` and loopback. */
  readonly targets: readonly string[]
  /** Longest time from the call to the last byte, redirects included, in milliseconds. */
  readonly timeoutMs: number
  /** Longest time from the start of a request to the headers of its answer, in milliseconds. */
  readonly headersTimeoutMs: number | undefined
  /** Longest silence between two pieces of an answer's body, in milliseconds. */
  readonly bodyTimeoutMs: number | undefined
  /** Longest time for DNS, TCP and TLS together, in milliseconds. */
  readonly connectTimeoutMs: number
  /** Longest body of an answer, as sent and decompressed: what is longer fails, so that no target can use up the memory. */
  readonly maxResponseBytes: number
  /** Whether bodies of answers are counted and not kept, unless a request says otherwise. */
  readonly discardBodies: boolean
  readonly userAgent: string
  /** Sent with every request that does not say otherwise. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether requests carry a `traceparent` (W3C Trace Context), unless they say otherwise. */
  readonly traceparent: boolean
  /** Keep-alive connections of each virtual user, or of all of a thread, or a new one for every request. */
  readonly connections: 'per-vu' | 'shared' | 'none'
  /** How many connections to an origin the virtual users of a thread share at most, where they do. */
  readonly sharedConnections: number
  /** Whether HTTP/2 is offered on TLS connections, and taken for granted on others. */
  readonly http2?: boolean | 'prior-knowledge' | undefined
  readonly proxy?: ProxySettings | undefined
  readonly tls?: TlsSettings | undefined
  readonly hosts?: HostOverrides | undefined
  readonly dns?: DnsSettings | undefined
  /** How many connections a virtual user has to an origin at most, and how many requests `http.all` makes at once. */
  readonly parallel: number
  /** When failed requests are made again; `undefined` for never. */
  readonly retry: RetryPolicy | undefined
  /**
   * Stands in for the network: makes what answers the requests to an origin. `passOn` sends the request it has just
   * got over the network after all, with the body it has read of it.
   */
  readonly transport?:
    | ((origin: string, passOn: (body: string | Uint8Array | null) => void) => HttpTransport)
    | undefined
  /** Sees every request. Only where one iteration is looked at, never under load. */
  readonly trace?: HttpTrace | undefined
}

/** What applies where a session has no configuration of its own. */
export const defaultHttpConfig: HttpConfig = Object.freeze({
  baseUrl: undefined,
  targets: [],
  timeoutMs: 60_000,
  headersTimeoutMs: undefined,
  bodyTimeoutMs: undefined,
  connectTimeoutMs: 10_000,
  maxResponseBytes: 64 * 2 ** 20,
  discardBodies: false,
  userAgent: `vitest-load/${version}`,
  headers: {},
  traceparent: false,
  connections: 'per-vu',
  sharedConnections: 50,
  parallel: 6,
  retry: undefined,
})

/** The limit that servers are recommended to have at least (RFC 9113, 6.5.2); undici keeps to a lower one of the server. */
const maxStreams = 100

/** Whether virtual users have their connections in common: where there is no network, there are none. */
export function sharesConnections({ connections, transport }: HttpConfig): boolean {
  return connections === 'shared' && transport === undefined
}

/** How many connections to an origin a pool opens at most. */
export function mostConnections(config: HttpConfig): number {
  return sharesConnections(config) ? config.sharedConnections : config.parallel
}

/** How many requests a pool has under way at once on a connection of HTTP/2. */
export function mostStreams(config: HttpConfig): number {
  return sharesConnections(config) ? Math.min(maxStreams, config.sharedConnections) : maxStreams
}

/** The HTTP configuration of a session, set by whoever made the session. */
export const httpConfigSlot: Slot<HttpConfig> = defineSlot<HttpConfig>('http config')
