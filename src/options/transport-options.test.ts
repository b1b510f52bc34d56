import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { authority, expired, trusted } from '../../test/e2e/misbehaving-targets/certificates.ts'
import { selfSigned } from '../http/fixtures/certificate.ts'
import { messageOf } from '../shared/errors.ts'
import { readEnvironment } from './environment.ts'
import { resolveTargetOptions, type TargetOptions } from './project-options.ts'

const environment = readEnvironment({}, [])
const resolve = (options: unknown): ReturnType<typeof resolveTargetOptions> =>
  resolveTargetOptions(options as TargetOptions, environment)

function problemsOf(options: unknown): string {
  try {
    resolve(options)
  } catch (error) {
    return messageOf(error)
  }
  return 'none'
}

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'vitest-load-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'a.pem'), text)
  return join(folder, 'a.pem')
}

describe('how requests are carried', () => {
  it('is HTTP/1.1 to the address of the host unless asked otherwise, and can be cloned', () => {
    const resolved = resolve({})
    expect(resolved).toMatchObject({
      http2: undefined,
      proxy: undefined,
      tls: undefined,
      hosts: undefined,
      dns: undefined,
    })
    expect(structuredClone(resolved)).toEqual(resolved)
  })

  it('is told with all problems at once, without a secret', () => {
    const problems = problemsOf({
      http2: 'yes',
      proxy: 'ftp://user:s3cret@proxy',
      tls: {
        ca: './nothing.pem',
        key: 's3cret\n-----BEGIN NONE-----',
        passphrase: { s3cret: 1 },
        minVersion: 'SSLv3',
        ciphers: 'NONE',
        cort: 1,
      },
      hosts: { 'a.b': '1:2:3', 'http://c.d': '127.0.0.1' },
      dns: { family: 'ipv5', ttl: 'soon' },
    })
    expect(problems).toContain('http2: expected true, false or \'prior-knowledge\'; received "yes"')
    expect(problems).toContain('received "[redacted]@proxy"')
    expect(problems).toContain('tls.ca: the file cannot be read (ENOENT)')
    expect(problems).toContain('tls.key: expected PEM with a PRIVATE KEY in it')
    expect(problems).toContain('tls.passphrase: expected a text')
    expect(problems).toContain("tls.minVersion: expected one of 'TLSv1'")
    expect(problems).toContain('tls.ciphers: expected cipher suites')
    expect(problems).toContain("tls.cort: unknown option; did you mean 'cert'?")
    expect(problems).toContain("hosts.a.b: expected an address such as '127.0.0.1'")
    expect(problems).toContain("hosts: expected a host such as 'api.example.com'")
    expect(problems).toContain("dns.family: expected 'ipv4', 'ipv6' or 'any'")
    expect(problems).toContain('dns.ttl: expected a duration')
    expect(problems).not.toContain('s3cret')
  })

  it('excludes HTTP/2 without kept connections', () => {
    expect(problemsOf({ http2: true, connections: 'none' })).toContain('http2: its connections are kept')
  })
})

describe('tls', () => {
  it('takes PEM as text, path or URL', () => {
    const path = fileWith(authority)
    expect(resolve({ tls: { ca: path } }).tls?.ca).toEqual([authority])
    expect(resolve({ tls: { ca: [pathToFileURL(path), authority] } }).tls?.ca).toEqual([authority, authority])
    expect(resolve({ tls: { ...trusted, rejectUnauthorized: false } }).tls).toMatchObject({
      ...trusted,
      rejectUnauthorized: false,
    })
  })

  it('refuses a certificate without its key, with another one, and what is none', () => {
    expect(problemsOf({ tls: { cert: trusted.cert } })).toContain('tls: cert without key: give both')
    expect(problemsOf({ tls: { ca: [] } })).toContain('tls.ca: expected at least one authority')
    expect(problemsOf({ tls: { ca: [authority, 'none.pem'] } })).toContain('tls.ca.1: the file cannot be read')
    expect(problemsOf({ tls: { cert: expired.cert, key: selfSigned.key } })).toContain('do not fit each other')
    expect(problemsOf({ tls: { ca: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' } })).toContain(
      'ca holds a certificate that cannot be read',
    )
    expect(problemsOf({ tls: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' } })).toContain('is above maxVersion')
  })
})

describe('proxy', () => {
  it('takes a URL apart', () => {
    expect(resolve({ proxy: 'http://user:p%40ss@[::1]:3128' }).proxy).toEqual({
      protocol: 'http:',
      hostname: '::1',
      port: '3128',
      headers: ['proxy-authorization', `Basic ${Buffer.from('user:p@ss').toString('base64')}`],
      bypass: [],
    })
    const proxy = { url: 'https://proxy.internal', headers: { 'x-team': 'a' }, bypass: ['*.internal'] }
    expect(resolve({ proxy }).proxy).toEqual({
      protocol: 'https:',
      hostname: 'proxy.internal',
      port: '443',
      headers: ['x-team', 'a'],
      bypass: ['*.internal'],
    })
  })

  it('refuses headers that would frame a request, and paths', () => {
    expect(problemsOf({ proxy: { url: 'http://p', headers: { 'x-a': 's3cret\r\nx: y' } } })).toMatch(
      /proxy\.headers: (?!.*s3cret)/,
    )
    expect(problemsOf({ proxy: { url: 'http://p', headers: { 'content-length': '5' } } })).toContain('proxy.headers')
    expect(problemsOf({ proxy: 'http://p/path' })).toContain('without a path')
    expect(problemsOf({ proxy: 8080 })).toContain('proxy: expected the URL of a proxy')
  })
})

describe('hosts', () => {
  it('takes addresses with and without a port', () => {
    const hosts = { 'API.example.com': '127.0.0.1:8443', '*.example.com': '[::1]:80', 'b.c:81': 'd.internal', e: '::1' }
    expect(resolve({ hosts }).hosts).toEqual({
      'api.example.com': { hostname: '127.0.0.1', port: '8443' },
      '*.example.com': { hostname: '::1', port: '80' },
      'b.c:81': { hostname: 'd.internal', port: undefined },
      e: { hostname: '::1', port: undefined },
    })
    expect(problemsOf({ hosts: { 'https://x': '127.0.0.1' } })).toContain(
      "hosts: expected a host such as 'api.example.com'",
    )
  })
})
