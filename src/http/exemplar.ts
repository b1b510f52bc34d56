import type { Exemplar, ExemplarRequest } from '../metrics/error-table.ts'
import { isSecretName, printable } from '../shared/text.ts'
import { excerptOf } from './excerpt.ts'
import type { Exchange } from './exchange.ts'
import { hideNestedSecrets } from './nested-secrets.ts'

const maxUrlLength = 500
const maxHeaders = 16
const maxHeaderLength = 120
/** More than is ever shown, so that text is cut after credentials have been found. */
const maxReadLength = 16_384
const noHeaders: readonly string[] = []

/** Of the first failure of a kind: what was sent and what was answered. Apart from its caller, because a closure would cost every request that has none. */
export function exemplarLater(exchange: Exchange): () => Pick<Exemplar, 'request' | 'response'> {
  return () => {
    const secrets = [...exchange.owner.session.secrets()]
    return {
      request: describeRequest(exchange, secrets),
      response: excerptOf(exchange.shownBody(), exchange.headers, secrets),
    }
  }
}

function describeRequest({ method, url, content }: Exchange, secrets: readonly string[]): ExemplarRequest {
  const headers = pairsOf(content?.headers ?? noHeaders).slice(0, maxHeaders)
  return {
    method: printable(method, maxHeaderLength),
    url: showText(url, maxUrlLength, secrets),
    headers: headers.map(([name, value]) => [
      printable(name, maxHeaderLength),
      showHeader(name, value, maxHeaderLength, secrets),
    ]),
    body: excerptOf(bytesOf(content?.body), headersOf(headers), secrets),
  }
}

/** A header's value as it may be shown. */
export function showHeader(name: string, value: string, maxLength: number, secrets: readonly string[]): string {
  return isSecretName(name) ? '[redacted]' : showText(value, maxLength, secrets)
}

/** A URL or a header's value, in which credentials may be encoded more than once. */
export function showText(text: string, maxLength: number, secrets: readonly string[]): string {
  return printable(hideNestedSecrets(text.slice(0, maxReadLength), secrets), maxLength, secrets)
}

/** Names and values in turn, as undici takes them, as pairs. */
export function pairsOf(headers: readonly string[]): (readonly [name: string, value: string])[] {
  return Array.from({ length: headers.length / 2 }, (_, index) => [
    headers[2 * index] ?? '',
    headers[2 * index + 1] ?? '',
  ])
}

/** What of a body is there to be shown: nothing of a stream, which can be read but once. */
export function bytesOf(body: unknown): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  return body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : Buffer.alloc(0)
}

function headersOf(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]))
}
