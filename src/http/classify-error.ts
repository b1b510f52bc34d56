import type { Failure } from '../metrics/error-table.ts'
import type { ErrorCategory } from '../shared/error-category.ts'

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
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['protocol', 'body is not as long as its content-length'],
  UND_ERR_HEADERS_OVERFLOW: ['protocol', 'answer has too many headers'],
  UND_ERR_RES_EXCEEDED_MAX_SIZE: ['protocol', 'answer is too large'],
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: ['script', 'the content-length header does not match the body'],
  UND_ERR_INVALID_ARG: ['script', 'not a request that can be sent'],
  UND_ERR_NOT_SUPPORTED: ['script', 'not a request that can be sent'],
  UND_ERR_ABORTED: ['aborted', 'aborted'],
  UND_ERR_DESTROYED: ['aborted', 'connection closed by the end of the load'],
  UND_ERR_CLOSED: ['aborted', 'connection closed by the end of the load'],
  EMFILE: ['generator', 'this process has no file handles left (ulimit -n)'],
  ENFILE: ['generator', 'this machine has no file handles left'],
  EADDRNOTAVAIL: ['generator', 'this machine has no local ports left'],
  EADDRINUSE: ['generator', 'this machine has no local ports left'],
  ENOMEM: ['generator', 'this machine has no memory left'],
  ENOBUFS: ['generator', 'this machine has no socket buffers left'],
}

/** OpenSSL's verification results, which Node uses as codes as they are. */
const certificateCode =
  /CERT|SELF_SIGNED|ISSUER|UNABLE_TO_|CRL_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH/

/**
 * What kind of failure an error of the transport is. The message has nothing of the request or the answer in it, so
 * that it can be shown and stays the same from one occurrence to the next.
 */
export function classifyError(thrown: unknown): Failure {
  const error = innermost(thrown)
  const { name, code, message } = error
  if (name === 'HTTPParserError') return { category: 'protocol', message: `malformed answer${parserReason(message)}` }
  if (name === 'TimeoutError') return { category: 'timeout', message: 'timed out' }
  if (name === 'AbortError') return { category: 'aborted', message: 'aborted' }
  if (code === 'UND_ERR_SOCKET' && message.startsWith('bad ')) {
    return { category: 'protocol', message: `unexpected answer (${message})` }
  }
  if (code === 'UND_ERR_INVALID_ARG')
    return { category: 'script', message: `not a request that can be sent (${message})` }
  const known = byCode[code]
  if (known !== undefined) return { category: known[0], message: `${known[1]} (${code})` }
  if (code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_') || certificateCode.test(code)) {
    return { category: 'tls', message: `TLS failed (${code})` }
  }
  return { category: 'protocol', message: `request failed (${code === '' ? name : code})` }
}

interface ErrorFacts {
  readonly name: string
  /** Empty when there is none, or a number, as DOMException has. */
  readonly code: string
  readonly message: string
}

/** Looks through wrappers: the addresses tried one after the other (AggregateError), and causes. */
function innermost(thrown: unknown): ErrorFacts {
  let error = thrown
  for (let depth = 0; depth < 5 && error instanceof Error; depth++) {
    const facts = factsOf(error)
    if (facts.code in byCode || facts.name === 'HTTPParserError') return facts
    const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause
    if (!(inner instanceof Error)) return facts
    error = inner
  }
  return error instanceof Error ? factsOf(error) : { name: typeof thrown, code: '', message: '' }
}

function factsOf(error: Error): ErrorFacts {
  return {
    name: error.name,
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    message: error.message,
  }
}

function parserReason(message: string): string {
  const reason = /\(([^()]{1,80})\)/.exec(message)?.[1]
  return reason === undefined ? '' : ` (${reason})`
}
