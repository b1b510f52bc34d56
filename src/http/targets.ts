import { isIPv4 } from 'node:net'
import { LoadError } from '../shared/errors.ts'
import type { HttpConfig } from './config.ts'
import { isProxied, overrideOf, portOf, withoutBrackets } from './hosts.ts'

/** Whether a host is this machine. `URL` has brought addresses into their canonical form; what is written otherwise is none. */
function isLoopback(hostname: string): boolean {
  const host = withoutBrackets(hostname)
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
  )
}

/** Whether a configuration allows requests to this URL's origin: its base URL's, one that is on this machine, or a listed target. */
export function isAllowedTarget(
  url: URL,
  config: Pick<HttpConfig, 'baseUrl' | 'targets' | 'hosts' | 'proxy'>,
): boolean {
  if (isOnThisMachine(url, config)) return true
  if (config.baseUrl !== undefined && originOf(config.baseUrl) === url.origin) return true
  return config.targets.some((target) => originOf(target) === url.origin)
}

/** By what is dialled. A proxy looks the host up for itself, and loopback is the machine that it runs on. */
function isOnThisMachine(url: URL, { hosts, proxy }: Pick<HttpConfig, 'hosts' | 'proxy'>): boolean {
  if (proxy !== undefined && isProxied({ proxy }, url)) return isLoopback(proxy.hostname) && isLoopback(url.hostname)
  return isLoopback(overrideOf(hosts, url.hostname, portOf(url.protocol, url.port))?.hostname ?? url.hostname)
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}

/** The error for an origin that may not be contacted. */
export function targetError(origin: string, how: string): LoadError {
  return new LoadError(
    'ERR_LOAD_TARGET',
    `${how} ${origin} was not sent: only the origin of baseUrl, loopback hosts and listed targets may be contacted. ` +
      `Allow it with targets: ['${origin}'] in loadProject() or functionalProject().`,
  )
}
