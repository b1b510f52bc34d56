import { LoadError } from '../shared/errors.ts'
import type { HttpConfig } from './config.ts'
import { isProxied, overrideOf, portOf } from './hosts.ts'

const loopbackV4 = /^127\.\d+\.\d+\.\d+$/

/** Whether a URL's host is this machine. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || loopbackV4.test(hostname)
  )
}

/** Whether a configuration allows requests to this URL's origin: its base URL's, loopback, a host dialled there, or a listed target. */
export function isAllowedTarget(
  url: URL,
  config: Pick<HttpConfig, 'baseUrl' | 'targets' | 'hosts' | 'proxy'>,
): boolean {
  if (isLoopback(url.hostname) || isDialledOnLoopback(url, config)) return true
  if (config.baseUrl !== undefined && originOf(config.baseUrl) === url.origin) return true
  return config.targets.some((target) => originOf(target) === url.origin)
}

/** A proxy would look the host up for itself. */
function isDialledOnLoopback(url: URL, config: Pick<HttpConfig, 'hosts' | 'proxy'>): boolean {
  const override = overrideOf(config.hosts, url.hostname, portOf(url.protocol, url.port))
  if (override === undefined || isProxied(config, url)) return false
  return override.hostname === '::1' || isLoopback(override.hostname)
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
