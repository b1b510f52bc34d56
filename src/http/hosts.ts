import type { HttpConfig } from './config.ts'

type HostOverrides = NonNullable<HttpConfig['hosts']>

/** Where a host is dialled instead: the entry for its port wins over the one for all ports, and both over a wildcard. */
export function overrideOf(
  hosts: HostOverrides | undefined,
  hostname: string,
  port: string,
): HostOverrides[string] | undefined {
  if (hosts === undefined) return undefined
  for (const name of namesOf(hostname)) {
    const override = own(hosts, `${name}:${port}`) ?? own(hosts, name)
    if (override !== undefined) return override
  }
  return undefined
}

/** Whether one of these hosts, ports and wildcards names it. */
export function isListed(names: readonly string[], hostname: string, port: string): boolean {
  const host = withoutBrackets(hostname)
  const covering = namesOf(host)
  return names.some((name) => {
    const lower = name.toLowerCase()
    if (lower === `[${host}]` || lower === `[${host}]:${port}`) return true
    return covering.some((each) => lower === each || lower === `${each}:${port}`)
  })
}

/** A URL writes an address of IPv6 in brackets, and who dials it does not. */
export function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

/** Whether requests to this URL go through the proxy. */
export function isProxied({ proxy }: Pick<HttpConfig, 'proxy'>, url: URL): boolean {
  return proxy !== undefined && !isListed(proxy.bypass, url.hostname, portOf(url.protocol, url.port))
}

/** A host and the wildcards that cover it, the closest first. */
function namesOf(hostname: string): string[] {
  const names = [hostname]
  for (let dot = hostname.indexOf('.'); dot !== -1; dot = hostname.indexOf('.', dot + 1))
    names.push(`*${hostname.slice(dot)}`)
  return names
}

function own(hosts: HostOverrides, name: string): HostOverrides[string] | undefined {
  return Object.hasOwn(hosts, name) ? hosts[name] : undefined
}

/** The port of a URL, or the one its protocol implies. */
export function portOf(protocol: string, port: string | undefined): string {
  return port === undefined || port === '' ? (protocol === 'https:' ? '443' : '80') : port
}
