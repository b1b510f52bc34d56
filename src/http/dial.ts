import { createSecureContext, type ConnectionOptions } from 'node:tls'
import { buildConnector } from 'undici'
import { AddressCache } from './address-cache.ts'
import type { TlsSettings } from '../shared/transport-settings.ts'
import type { HttpConfig } from './config.ts'
import type { Connect, Dial } from './connect.ts'
import { isListed, overrideOf, portOf } from './hosts.ts'
import { createTunnel } from './tunnel.ts'

const dialers = new WeakMap<HttpConfig, Dial>()

/** One per configuration. No TLS sessions are kept: every virtual user is a new visitor, as in k6. */
export function dialerOf(config: HttpConfig): Dial {
  let dial = dialers.get(config)
  if (dial === undefined) dialers.set(config, (dial = createDialer(config)))
  return dial
}

function createDialer(config: HttpConfig): Dial {
  const { tls, hosts, proxy } = config
  const connect = createConnect(config, config.connectTimeoutMs)
  const direct = hosts === undefined && tls?.servername === undefined ? connect : redirected(config, connect)
  if (proxy === undefined) return direct
  const tunnel = createTunnel(
    proxy,
    config.connectTimeoutMs,
    (timeoutMs, options) => createConnect({ ...config, ...options }, timeoutMs),
    tls?.servername,
  )
  return (options, callback, tunnelled) => {
    const isBypassed = isListed(proxy.bypass, options.hostname, portOf(options.protocol, options.port))
    return isBypassed ? direct(options, callback, tunnelled) : tunnel(options, callback, tunnelled)
  }
}

/** Dials another address where there is an override; TLS asks for the name that the URL has, or that was set. */
function redirected({ hosts, tls }: HttpConfig, connect: Connect): Dial {
  return (options, callback) => {
    const port = portOf(options.protocol, options.port)
    const override = overrideOf(hosts, options.hostname, port)
    return connect(
      {
        ...options,
        ...(tls?.servername !== undefined && options.protocol === 'https:' && { servername: tls.servername }),
        ...(override !== undefined && { hostname: override.hostname, port: override.port ?? port }),
      },
      callback,
    )
  }
}

/** undici's connector, told what the configuration asks of TLS and of names. */
function createConnect({ http2 = false, tls, dns }: HttpConfig, timeoutMs: number): Connect {
  const connect = buildConnector({
    allowH2: http2 !== false,
    preferH2: http2 !== false,
    useH2c: http2 === 'prior-knowledge',
    timeout: timeoutMs,
    maxCachedSessions: 0,
    ...(tls !== undefined && secureOptions(tls)),
    ...(dns !== undefined && { family: dns.family }),
  } as buildConnector.BuildOptions) as Connect
  return dns === undefined || dns.ttlMs === 0 ? connect : withCache(connect, new AddressCache(dns))
}

/** With a context of its own, certificates and keys are not read again for each connection. */
function secureOptions({ rejectUnauthorized, ...rest }: TlsSettings): ConnectionOptions {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return { rejectUnauthorized, secureContext: createSecureContext(given) }
}

/** A known address is dialled as it is, so that no phase of a lookup is measured. */
function withCache(connect: Connect, cache: AddressCache): Connect {
  return (options, callback) => {
    const address = cache.find(options.hostname)
    if (address !== undefined) return connect({ ...options, hostname: address }, callback)
    const socket = connect(options, callback)
    socket.once('lookup', (error: Error | null, found: string) => {
      if (error === null) cache.keep(options.hostname, found)
    })
    return socket
  }
}
