import type { HttpConfig } from './config.ts'
import { isProxied } from './hosts.ts'

/** How a proxy is asked to forward requests to an http origin: in absolute form (RFC 9112, 3.2.2), with its own headers. */
export interface Forwarding {
  /** Comes before the path. */
  readonly origin: string
  readonly headers: readonly string[]
}

/** `undefined` where there is no proxy, or a tunnel through it. */
export function forwardingOf(origin: string, config: HttpConfig): Forwarding | undefined {
  if (config.proxy === undefined || !origin.startsWith('http:')) return undefined
  return isProxied(config, new URL(origin)) ? { origin, headers: config.proxy.headers } : undefined
}

/** What is sent to the proxy only: an answer may repeat it. */
export function* proxySecrets({ proxy }: HttpConfig): Iterable<string> {
  for (let index = 1; index < (proxy?.headers.length ?? 0); index += 2) {
    const value = proxy?.headers[index] ?? ''
    yield value
    const encoded = /^Basic (.+)$/.exec(value)?.[1]
    if (encoded === undefined) continue
    yield encoded
    const credentials = Buffer.from(encoded, 'base64').toString()
    yield credentials
    yield credentials.slice(credentials.indexOf(':') + 1)
  }
}
