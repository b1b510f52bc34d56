import type { SecureVersion } from 'node:tls'

// How requests are carried, resolved from a project's options. Plain data: it is cloned into threads.

/** A proxy, and what is sent to it only. */
export interface ProxySettings {
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  readonly port: string
  /** Names and values in turn, its credentials among them. */
  readonly headers: readonly string[]
  /** Hosts that are contacted without it. */
  readonly bypass: readonly string[]
}

/** What is asked of TLS connections, with the content of all files. */
export interface TlsSettings {
  readonly ca: readonly string[] | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly passphrase: string | undefined
  readonly servername: string | undefined
  readonly rejectUnauthorized: boolean
  readonly minVersion: SecureVersion | undefined
  readonly maxVersion: SecureVersion | undefined
  readonly ciphers: string | undefined
}

/** Where a host is dialled instead. */
export interface HostOverride {
  readonly hostname: string
  readonly port: string | undefined
}

/** What is dialled instead, by `host`, `host:port` or `*.domain` in lower case. */
export type HostOverrides = Readonly<Record<string, HostOverride>>

/** Which addresses host names have, and how long they are kept. */
export interface DnsSettings {
  /** 0 for either. */
  readonly family: 4 | 6 | 0
  readonly ttlMs: number
}
