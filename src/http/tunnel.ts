import type { Socket } from 'node:net'
import { clearTimeout, setTimeout } from 'node:timers'
import { errors, type buildConnector } from 'undici'
import { classifyError } from './classify-error.ts'
import type { ProxySettings } from '../shared/transport-settings.ts'
import type { HttpConfig } from './config.ts'
import type { Connect, Dial } from './connect.ts'
import { portOf } from './hosts.ts'
import { TransportError } from './transport.ts'
import type { ErrorCategory } from '../shared/error-category.ts'

/** Of the proxy's answer to CONNECT. */
const longestHead = 16_384

/**
 * Dials through a proxy: to https URLs by a tunnel that CONNECT opens (RFC 9110, 9.3.6), to http ones just the proxy,
 * which forwards requests in absolute form. `create` makes connectors with other options and timeouts.
 */
export function createTunnel(
  proxy: ProxySettings,
  timeoutMs: number,
  create: (timeoutMs: number, options: Partial<HttpConfig>) => Connect,
  servername: string | undefined,
): Dial {
  // One timer is set over all parts. The proxy is spoken to in HTTP/1.1.
  const toProxy = create(0, { http2: false })
  const throughTunnel = create(0, {})
  const address = { hostname: proxy.hostname, host: proxy.hostname, protocol: proxy.protocol, port: proxy.port }
  return (options, callback, tunnelled) => {
    const attempt = new Attempt(callback)
    const secure = (socket: Socket): void => {
      tunnelled()
      const name = servername ?? options.servername
      const given = { ...options, ...(name !== undefined && { servername: name }), httpSocket: socket }
      const inside = throughTunnel(given, (error, secured) => {
        if (error === null) attempt.succeed(secured)
        else attempt.fail(insideTunnel(error))
      })
      inside.once('close', () => socket.destroy())
    }
    const socket = toProxy(address, (error, connected) => {
      if (error !== null) attempt.fail(ofProxy(error))
      else if (options.protocol === 'http:') attempt.succeed(connected)
      else openTunnel(connected, requestFor(options, proxy.headers), attempt, () => secure(connected))
    })
    attempt.limit(socket, timeoutMs)
    return socket
  }
}

/** An attempt to connect: it comes to one end. */
class Attempt {
  readonly #callback: buildConnector.Callback
  #timer: NodeJS.Timeout | undefined
  #ended: boolean = false

  constructor(callback: buildConnector.Callback) {
    this.#callback = callback
  }

  limit(socket: Socket, timeoutMs: number): void {
    this.#timer = setTimeout(() => {
      this.fail(ofProxy(new errors.ConnectTimeoutError()))
      socket.destroy()
    }, timeoutMs)
    socket.once('close', () => this.fail(closedByProxy()))
  }

  fail(error: Error): void {
    if (this.#end()) this.#callback(error, null)
  }

  succeed(socket: Parameters<buildConnector.Callback>[1]): void {
    if (this.#end()) this.#callback(...([null, socket] as Parameters<buildConnector.Callback>))
  }

  #end(): boolean {
    if (this.#ended) return false
    this.#ended = true
    clearTimeout(this.#timer)
    return true
  }
}

function requestFor({ hostname, protocol, port }: buildConnector.Options, headers: readonly string[]): string {
  const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${portOf(protocol, port)}`
  let request = `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n`
  for (let index = 0; index < headers.length; index += 2) request += `${headers[index]}: ${headers[index + 1]}\r\n`
  return `${request}\r\n`
}

function openTunnel(socket: Socket, request: string, attempt: Attempt, opened: () => void): void {
  let head = Buffer.alloc(0)
  const fail = (error: Error): void => {
    socket.off('readable', read)
    attempt.fail(error)
    socket.destroy()
  }
  const read = (): void => {
    for (let chunk: Buffer | null; (chunk = socket.read() as Buffer | null) !== null;) {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end === -1 && head.length <= longestHead) continue
      const refusal = end === -1 ? malformed('headers are too large') : refusalIn(head.toString('latin1', 0, end))
      if (refusal !== undefined) {
        fail(refusal)
        return
      }
      socket.off('readable', read).off('error', lost).off('end', ended)
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4))
      opened()
      return
    }
  }
  const lost = (error: Error): void => fail(ofProxy(error))
  const ended = (): void => fail(closedByProxy())
  socket.on('readable', read).on('error', lost).on('end', ended)
  socket.write(request)
}

/** What is wrong with the proxy's answer. Its reason phrase is somebody else's text, and left out. */
function refusalIn(head: string): Error | undefined {
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(head)?.[1] ?? 0)
  if (status >= 200 && status < 300) return undefined
  if (status === 0) return malformed('it does not speak HTTP')
  if (status === 407) return failed('connect', 'the proxy refused the tunnel: it asks for other credentials (407)')
  return failed('connect', `the proxy refused the tunnel (${status})`)
}

function malformed(what: string): Error {
  return failed('protocol', `malformed answer of the proxy (${what})`)
}

function closedByProxy(): Error {
  return failed('reset', 'connection closed by the proxy')
}

/** Whatever happens on the way to the proxy is not the target's. Limits of our own stay what they are. */
function ofProxy(error: Error): Error {
  const { category, message } = classifyError(error)
  return failed(category, category === 'generator' ? message : `proxy: ${message}`, error)
}

function insideTunnel(error: Error): Error {
  const { category, message } = classifyError(error)
  return failed(category, category === 'generator' ? message : `through the proxy: ${message}`, error)
}

function failed(category: ErrorCategory, message: string, cause?: Error): Error {
  return new TransportError({ category, message }, cause === undefined ? {} : { cause })
}
