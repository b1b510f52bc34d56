import type { HttpConfig } from '../http/config.ts'

/** Makes the transport for an HTTP configuration: `undefined` where the network answers. */
export type OfflineMode = (config: HttpConfig) => NonNullable<HttpConfig['transport']>

let current: OfflineMode | undefined

/** Lets mocks answer all requests of this thread, from the next session on. */
export function installOffline(mode: OfflineMode): void {
  current = mode
}

/** The configuration, with mocks in place of the network where they are installed. */
export function offlineIfAsked(config: HttpConfig): HttpConfig {
  return current === undefined ? config : { ...config, transport: current(config) }
}
