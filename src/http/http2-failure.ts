import { constants } from 'node:http2'
import type { Failure } from '../metrics/error-table.ts'

const named = /\bNGHTTP2_[A-Z\d_]+\b/
const numbered = /\bcode (\d+)\b/

/** Error codes of RFC 9113, section 7, as nghttp2 names them. */
const namesByCode: ReadonlyMap<string, string> = new Map(
  (
    [
      'NGHTTP2_NO_ERROR',
      'NGHTTP2_PROTOCOL_ERROR',
      'NGHTTP2_INTERNAL_ERROR',
      'NGHTTP2_FLOW_CONTROL_ERROR',
      'NGHTTP2_SETTINGS_TIMEOUT',
      'NGHTTP2_STREAM_CLOSED',
      'NGHTTP2_FRAME_SIZE_ERROR',
      'NGHTTP2_REFUSED_STREAM',
      'NGHTTP2_CANCEL',
      'NGHTTP2_COMPRESSION_ERROR',
      'NGHTTP2_CONNECT_ERROR',
      'NGHTTP2_ENHANCE_YOUR_CALM',
      'NGHTTP2_INADEQUATE_SECURITY',
      'NGHTTP2_HTTP_1_1_REQUIRED',
    ] as const
  ).map((name) => [String(constants[name]), name]),
)

/** What an error of Node's HTTP/2, or of undici's use of it, says; `undefined` for every other. */
export function http2Failure(code: string, message: string): Failure | undefined {
  const isUndici = message.startsWith('HTTP/2: ')
  if (!isUndici && !code.startsWith('ERR_HTTP2_')) return undefined
  return { category: 'protocol', message: `${whatEnded(code, message)} (${reasonOf(code, message)})` }
}

function whatEnded(code: string, message: string): string {
  if (message.includes('GOAWAY')) return 'HTTP/2 session ended by the server'
  if (code === 'ERR_HTTP2_STREAM_ERROR') return 'HTTP/2 stream reset'
  if (code === 'ERR_HTTP2_SESSION_ERROR') return 'HTTP/2 session ended with an error'
  if (message.includes('stream closed') || message.includes('half-closed'))
    return 'HTTP/2 stream ended without an answer'
  return 'HTTP/2 failed'
}

function reasonOf(code: string, message: string): string {
  const number = numbered.exec(message)?.[1]
  return named.exec(message)?.[0] ?? (number === undefined ? undefined : namesByCode.get(number)) ?? code
}
