import { AssertionError } from 'node:assert'
import { errors } from 'undici'
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { classifyError } from './classify-error.ts'

const withCode = (code: string | number, facts: Readonly<Record<string, string>> = {}): Error =>
  Object.assign(new Error('text with 10.0.0.1:80'), { code, ...facts })

/** As Node makes it: with the first address's code. */
const tried = (first: Error, ...others: Error[]): Error =>
  Object.assign(new AggregateError([first, ...others]), { code: Reflect.get(first, 'code') })

describe('classifyError', () => {
  it.for([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNREFUSED', 'connect'],
    ['EHOSTUNREACH', 'connect'],
    ['ENETUNREACH', 'connect'],
    ['ETIMEDOUT', 'connect'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['EPROTO', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ERR_OSSL_UNSUPPORTED', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['EMFILE', 'generator'],
    ['EADDRNOTAVAIL', 'generator'],
    ['ENOMEM', 'generator'],
    ['SOMETHING_NEW', 'protocol'],
  ])('takes %s as %s, without the error text', ([code = '', category]) => {
    const failure = classifyError(withCode(code))
    expect(failure.category).toBe(category)
    expect(failure.message).toContain(`(${code})`)
    expect(failure.message).not.toContain('10.0.0.1')
  })

  it.for([
    [new errors.ConnectTimeoutError(), 'connect'],
    [new errors.HeadersTimeoutError(), 'timeout'],
    [new errors.BodyTimeoutError(), 'timeout'],
    [new errors.SocketError('other side closed'), 'reset'],
    [new errors.SocketError('bad response'), 'protocol'],
    [new errors.ResponseContentLengthMismatchError(), 'protocol'],
    [new errors.HeadersOverflowError(), 'protocol'],
    [new errors.ResponseExceededMaxSizeError(), 'protocol'],
    [new errors.InvalidArgumentError('invalid x header'), 'script'],
    [new errors.RequestAbortedError(), 'aborted'],
    [new errors.ClientDestroyedError(), 'aborted'],
    [new errors.ClientClosedError(), 'aborted'],
  ] as const)('takes %s as %s', ([error, category]) => {
    expect(classifyError(error).category).toBe(category)
  })

  it('knows parser errors by name and DOM exceptions despite their numeric codes', () => {
    const parser = Object.assign(new Error('Response does not match (Invalid header token)'), {
      name: 'HTTPParserError',
      code: undefined,
    })
    expect(classifyError(parser)).toEqual({ category: 'protocol', message: 'malformed answer (Invalid header token)' })
    expect(classifyError(new DOMException('', 'AbortError')).category).toBe('aborted')
    expect(classifyError(new DOMException('', 'TimeoutError')).category).toBe('timeout')
  })

  it('takes an assertion of the parser for a malformed answer, without its text', () => {
    const error = new AssertionError({ message: 'assert(statusCode >= 100)' })
    expect(classifyError(error)).toEqual({ category: 'protocol', message: 'malformed answer' })
  })

  it('looks through causes and the addresses that were tried', () => {
    const dualStack = new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')])
    expect(classifyError(dualStack).category).toBe('connect')
    expect(classifyError(new TypeError('fetch failed', { cause: dualStack })).category).toBe('connect')
  })

  it('knows by the system call what a code means', () => {
    const lost = { category: 'reset', message: 'connection lost (ETIMEDOUT)' }
    expect(classifyError(withCode('ETIMEDOUT', { syscall: 'read' }))).toEqual(lost)
    expect(classifyError(withCode('EHOSTUNREACH', { syscall: 'write' })).category).toBe('reset')
    expect(classifyError(withCode('EHOSTUNREACH', { syscall: 'connect' })).category).toBe('connect')
    expect(classifyError(withCode('EACCES', { syscall: 'connect' })).category).toBe('connect')
    expect(classifyError(withCode('EAI_MEMORY', { syscall: 'getaddrinfo' })).category).toBe('dns')
    expect(classifyError(withCode('ENOTFOUND', { syscall: 'getaddrinfo' })).category).toBe('dns')
  })

  it('tells a machine without IPv6 from one without ports', () => {
    const hasLoopback = Object.values(networkInterfaces()).some((own) => own?.some(({ address }) => address === '::1'))
    const v6 = withCode('EADDRNOTAVAIL', { syscall: 'connect', address: '::1' })
    const v4 = withCode('EADDRNOTAVAIL', { syscall: 'connect', address: '127.0.0.1' })
    const refused = withCode('ECONNREFUSED', { syscall: 'connect', address: '127.0.0.1' })
    expect(classifyError(v4).category).toBe('generator')
    expect(classifyError(v6).category).toBe(hasLoopback ? 'generator' : 'connect')
    expect(classifyError(tried(v6, refused))).toMatchObject(
      hasLoopback ? { category: 'generator' } : { category: 'connect', message: 'connection refused (ECONNREFUSED)' },
    )
    expect(classifyError(tried(refused, v4)).category).toBe('generator')
  })

  it('takes what is no error as a protocol failure', () => {
    expect(classifyError('text')).toEqual({ category: 'protocol', message: 'request failed (string)' })
  })
})
