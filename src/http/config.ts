import { defineSlot, type Slot } from '../session/slot.ts'
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
  /** Longest time for DNS, TCP and TLS together, in milliseconds. */
  readonly connectTimeoutMs: number
  /** Longest body of an answer, as sent and decompressed: what is longer fails, so that no target can use up the memory. */
  readonly maxResponseBytes: number
  readonly userAgent: string
  /** Keep-alive connections per virtual user and origin, or a new one for every request. */
  readonly connections: 'per-vu' | 'none'
  /**
   * Stands in for the network: makes what answers the requests to an origin. `passOn` sends the request it has just
   * got over the network after all.
   */
  readonly transport?: ((origin: string, passOn: () => void) => HttpTransport) | undefined
  /** Sees every request. Only where one iteration is looked at, never under load. */
  readonly trace?: HttpTrace | undefined
}

/** What applies where a session has no configuration of its own. */
export const defaultHttpConfig: HttpConfig = Object.freeze({
  baseUrl: undefined,
  targets: [],
  timeoutMs: 60_000,
  connectTimeoutMs: 10_000,
  maxResponseBytes: 64 * 2 ** 20,
  userAgent: `vitest-load/${version}`,
  connections: 'per-vu',
})

/** The HTTP configuration of a session, set by whoever made the session. */
export const httpConfigSlot: Slot<HttpConfig> = defineSlot<HttpConfig>('http config')
