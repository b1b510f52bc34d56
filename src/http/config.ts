import { defineSlot, type Slot } from '../session/slot.ts'
import { version } from '../shared/version.ts'
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
  /** Keep-alive connections per virtual user and origin, or a new one for every request. */
  readonly connections: 'per-vu' | 'none'
  /**
   * Stands in for the network: makes what answers the requests to an origin. `passOn` sends the request it has just
   * got over the network after all, with the body it has read of it.
   */
  readonly transport?:
    | ((origin: string, passOn: (body: string | Uint8Array | null) => void) => HttpTransport)
    | undefined
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
})

/** The HTTP configuration of a session, set by whoever made the session. */
export const httpConfigSlot: Slot<HttpConfig> = defineSlot<HttpConfig>('http config')
