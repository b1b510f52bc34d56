import type { Failure } from '../metrics/error-table.ts'
import type { ErrorCategory } from '../shared/error-category.ts'
import { http2Failure } from './http2-failure.ts'
import { hasFileHandles, hasIPv6For } from './local-resources.ts'
import { TransportError } from './transport.ts'

/** Category and wording by error code, of undici and of Node's sockets. */
const byCode: Readonly<Record<string, readonly [ErrorCategory, string]>> = {
  ENOTFOUND: ['dns', 'host name not found'],
  EAI_AGAIN: ['dns', 'host name could not be looked up'],
  EAI_FAIL: ['dns', 'host name could not be looked up'],
  EAI_NODATA: ['dns', 'host name has no address'],
  EAI_NONAME: ['dns', 'host name not found'],
  ECONNREFUSED: ['connect', 'connection refused'],
  EHOSTUNREACH: ['connect', 'host unreachable'],
  ENETUNREACH: ['connect', 'network unreachable'],
  EHOSTDOWN: ['connect', 'host is down'],
  ETIMEDOUT: ['connect', 'connecting timed out'],
  UND_ERR_CONNECT_TIMEOUT: ['connect', 'connecting timed out'],
  EPROTO: ['tls', 'TLS failed'],
  ECONNRESET: ['reset', 'connection reset by the server'],
  ECONNABORTED: ['reset', 'connection aborted'],
  EPIPE: ['reset', 'connection closed by the server'],
  UND_ERR_SOCKET: ['reset', 'connection closed by the server'],
  UND_ERR_HEADERS_TIMEOUT: ['timeout', 'no answer in time'],
  UND_ERR_BODY_TIMEOUT: ['timeout', 'answer not complete in time'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['protocol', 'body and content-length do not agree'],
  UND_ERR_HEADERS_OVERFLOW: ['protocol', 'headers are too large'],
  UND_ERR_RES_EXCEEDED_MAX_SIZE: ['protocol', 'body is too large'],
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: ['script', 'the content-length header does not match the body'],
  UND_ERR_INVALID_ARG: ['script', 'not a request that can be sent'],
  UND_ERR_NOT_SUPPORTED: ['script', 'not a request that can be sent'],
  UND_ERR_ABORTED: ['aborted', 'aborted'],
  UND_ERR_DESTROYED: ['aborted', 'connection closed because time was over'],
  UND_ERR_CLOSED: ['aborted', 'connection closed because time was over'],
  EMFILE: ['generator', 'this process has no file handles left (ulimit -n)'],
  ENFILE: ['generator', 'this machine has no file handles left'],
  EADDRNOTAVAIL: ['generator', 'this machine has no local ports left'],
  EADDRINUSE: ['generator', 'this machine has no local ports left'],
  ENOMEM: ['generator', 'this machine has no memory left'],
  ENOBUFS: ['generator', 'this machine has no socket buffers left'],
}

/** What Node's TLS, the protocol in OpenSSL and its library report. */
const tlsCode = /^ERR_(?:TLS|SSL|OSSL)_/

/** OpenSSL's verification results, which Node uses as codes as they are. */
const certificateCode =
  /CERT|SELF_SIGNED|ISSUER|UNABLE_TO_|CRL_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH/

/**
 * What kind of failure an error of the transport is. The message has nothing of the request or the answer in it, so
 * that it can be shown and stays the same from one occurrence to the next.
 */
export function classifyError(thrown: unknown): Failure {
  if (thrown instanceof TransportError) return thrown.failure
  const error = innermost(thrown)
  const { name, code, message } = error
  const local = localFailure(error)
  if (local !== undefined) return local
  if (name === 'HTTPParserError') return { category: 'protocol', message: `malformed answer${parserReason(message)}` }
  // An assertion of the parser: its text is a line of undici's source.
  if (code === 'ERR_ASSERTION') return { category: 'protocol', message: 'malformed answer' }
  if (name === 'TimeoutError') return { category: 'timeout', message: 'timed out' }
  if (name === 'AbortError') return { category: 'aborted', message: 'aborted' }
  const http2 = http2Failure(code, message)
  if (http2 !== undefined) return http2
  if (code === 'UND_ERR_SOCKET' && message.startsWith('bad ')) {
    return { category: 'protocol', message: `unexpected answer (${message})` }
  }
  if (code === 'UND_ERR_INVALID_ARG')
    return { category: 'script', message: `not a request that can be sent (${message})` }
  if (isLostConnection(error)) return { category: 'reset', message: `connection lost (${code})` }
  const known = byCode[code]
  if (known !== undefined) return failureOf(code)
  if (tlsCode.test(code) || certificateCode.test(code)) {
    return { category: 'tls', message: `TLS failed (${code})` }
  }
  if (error.syscall === 'connect') return { category: 'connect', message: `connecting failed (${code})` }
  if (error.syscall === 'getaddrinfo') return { category: 'dns', message: `host name could not be looked up (${code})` }
  return { category: 'protocol', message: `request failed (${code === '' ? name : code})` }
}

/** What the code alone would charge to the wrong side. */
function localFailure({ code, syscall, address }: ErrorFacts): Failure | undefined {
  // Without a handle to read its files and to ask a server, the system says that there is no such host.
  if (syscall === 'getaddrinfo' && !hasFileHandles()) return failureOf('EMFILE')
  // Without IPv6 there is no local address for it: nothing has run out.
  if (code === 'EADDRNOTAVAIL' && address.includes(':') && !hasIPv6For(address)) {
    return { category: 'connect', message: `this machine has no IPv6 address to connect from (${code})` }
  }
  return undefined
}

/** An established connection is given up with codes that otherwise say that none came about. */
function isLostConnection({ code, syscall }: ErrorFacts): boolean {
  return (syscall === 'read' || syscall === 'write') && byCode[code]?.[0] === 'connect'
}

function failureOf(code: string): Failure {
  const [category, message] = byCode[code] ?? ['protocol', 'request failed']
  return { category, message: `${message} (${code})` }
}

interface ErrorFacts {
  readonly name: string
  /** Empty when there is none, or a number, as DOMException has. */
  readonly code: string
  readonly message: string
  /** The system call that failed, and the address it was given; empty when there was none. */
  readonly syscall: string
  readonly address: string
}

/** Looks through wrappers: the addresses tried one after the other (AggregateError), and causes. */
function innermost(thrown: unknown): ErrorFacts {
  let error = thrown
  for (let depth = 0; depth < 5 && error instanceof Error; depth++) {
    const facts = factsOf(error)
    const isKnown =
      facts.code in byCode || http2Failure(facts.code, facts.message) !== undefined || facts.name === 'HTTPParserError'
    // An AggregateError of Node has the code of the first address, whatever became of the others.
    if (isKnown && !(error instanceof AggregateError)) return facts
    const inner: unknown = error instanceof AggregateError ? decisive(error.errors) : error.cause
    if (!(inner instanceof Error)) return facts
    error = inner
  }
  return error instanceof Error
    ? factsOf(error)
    : { name: typeof thrown, code: '', message: '', syscall: '', address: '' }
}

/** Of the addresses that were tried, the one that tells most: where we ran out of something, or else not for want of IPv6. */
function decisive(errors: readonly unknown[]): unknown {
  const local = errors.filter((error) => classifyError(error).category === 'generator')
  const reached = errors.filter((error) => error instanceof Error && localFailure(factsOf(error)) === undefined)
  return local[0] ?? reached[0] ?? errors[0]
}

function factsOf(error: Error): ErrorFacts {
  return {
    name: error.name,
    code: textOf(error, 'code'),
    message: error.message,
    syscall: textOf(error, 'syscall'),
    address: textOf(error, 'address'),
  }
}

function textOf(error: Error, key: string): string {
  const value: unknown = (error as unknown as Readonly<Record<string, unknown>>)[key]
  return typeof value === 'string' ? value : ''
}

function parserReason(message: string): string {
  const reason = /\(([^()]{1,80})\)/.exec(message)?.[1]
  return reason === undefined ? '' : ` (${reason})`
}
