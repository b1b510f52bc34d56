import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSecureContext, DEFAULT_CIPHERS, getCiphers, type SecureVersion } from 'node:tls'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { messageOf } from '../shared/errors.ts'
import type { TlsSettings } from '../shared/transport-settings.ts'
import type { IssueParams } from './problems.ts'

/** PEM text, or a file with it: a URL, or a path relative to the folder in which Vitest runs. */
export type PemSource = string | URL

/** How TLS connections are made: k6's `tlsAuth`, `tlsVersion`, `tlsCipherSuites` and `insecureSkipTLSVerify`. */
export interface TlsOptions {
  /** Authorities that are trusted in place of the ones Node knows. */
  readonly ca?: PemSource | readonly PemSource[]
  /** The client's certificate with its chain, for servers that ask for one. Needs `key`. */
  readonly cert?: PemSource
  /** The private key of `cert`. */
  readonly key?: PemSource
  /** Opens an encrypted `key`. */
  readonly passphrase?: string
  /** The name asked for (SNI) and looked for in the server's certificate. @default the host of the URL */
  readonly servername?: string
  /** Whether a certificate that cannot be trusted is an error. @default true */
  readonly rejectUnauthorized?: boolean
  /** @default 'TLSv1.2' */
  readonly minVersion?: SecureVersion
  /** @default 'TLSv1.3' */
  readonly maxVersion?: SecureVersion
  /** Cipher suites in OpenSSL's notation, in the order of preference. */
  readonly ciphers?: string
}

const versions: readonly [SecureVersion, ...SecureVersion[]] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']
const expectedVersion = `expected one of ${versions.map((version) => `'${version}'`).join(', ')}`
const expectedPem = "expected PEM text, or a file with it as a URL or a path such as './certificates/client.pem'"
const hidden = '[redacted]'

type Pem = 'CERTIFICATE' | 'PRIVATE KEY'

/** Reads what may be a secret: no problem shows what was received. */
function pem(kind: Pem): z.ZodType<string> {
  return z.unknown().transform((input, context) => {
    const { text, problem } = readPem(input, kind)
    if (problem === undefined) return text
    context.addIssue({ code: 'custom', message: problem, input: shownSource(input) })
    return z.NEVER
  })
}

/** One or several. */
const authorities = z.unknown().transform((input, context): string[] => {
  const sources: unknown[] = Array.isArray(input) ? input : [input]
  const read = sources.map((source) => readPem(source, 'CERTIFICATE'))
  if (read.length === 0)
    context.addIssue({
      code: 'custom',
      message: 'expected at least one authority; leave it out for those that Node knows',
      input,
    })
  for (const [index, { problem }] of read.entries())
    if (problem !== undefined) {
      const path = Array.isArray(input) ? [index] : []
      context.addIssue({ code: 'custom', message: problem, input: shownSource(sources[index]), path })
    }
  return read.map(({ text }) => text)
})

function readPem(input: unknown, kind: Pem): { text: string; problem: string | undefined } {
  if (!(input instanceof URL) && (typeof input !== 'string' || input === '')) return { text: '', problem: expectedPem }
  let text = String(input)
  if (input instanceof URL || !text.includes('-----BEGIN')) {
    try {
      text = readFileSync(input instanceof URL ? fileURLToPath(input) : resolve(text), 'utf8')
    } catch (error) {
      return { text: '', problem: `the file cannot be read (${codeOf(error)}); ${expectedPem}` }
    }
  }
  return { text, problem: text.includes(`${kind}-----`) ? undefined : `expected PEM with a ${kind} in it` }
}

function shownSource(input: unknown): unknown {
  if (input instanceof URL) return input.href
  return typeof input === 'string' && !input.includes('-----') && input.length < 200 ? input : hidden
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : messageOf(error)
}

const expectedPassphrase = 'expected a text'
const passphrase = z.unknown().transform((input, context): string => {
  if (typeof input === 'string') return input
  context.addIssue({ code: 'custom', message: expectedPassphrase, input: hidden })
  return z.NEVER
})

const ciphers = z.string('expected cipher suites such as DEFAULT').refine(areCiphers, {
  message: `expected cipher suites that OpenSSL knows, such as '${DEFAULT_CIPHERS.split(':', 1)[0]}' or '${getCiphers()[0]?.toUpperCase()}'`,
})

function areCiphers(text: string): boolean {
  try {
    createSecureContext({ ciphers: text })
    return true
  } catch {
    return false
  }
}

/** The option `tls`: the output has the content of all files. */
export const tlsSchema: z.ZodType<TlsSettings> = z
  .strictObject(
    {
      ca: authorities.optional(),
      cert: pem('CERTIFICATE').optional(),
      key: pem('PRIVATE KEY').optional(),
      passphrase: passphrase.optional(),
      servername: z.string('expected a host name').min(1, 'expected a host name').optional(),
      rejectUnauthorized: z.boolean('expected true or false').optional(),
      minVersion: z.enum(versions, expectedVersion).optional(),
      maxVersion: z.enum(versions, expectedVersion).optional(),
      ciphers: ciphers.optional(),
    },
    "expected an object such as { ca: './authority.pem' }",
  )
  .superRefine((given, context) => {
    const params: IssueParams = { received: '' }
    for (const message of findTlsConflicts(given)) context.addIssue({ code: 'custom', message, params })
  })
  .transform((given) => ({
    ca: given.ca,
    cert: given.cert,
    key: given.key,
    passphrase: given.passphrase,
    servername: given.servername,
    rejectUnauthorized: given.rejectUnauthorized ?? true,
    minVersion: given.minVersion,
    maxVersion: given.maxVersion,
    ciphers: given.ciphers,
  }))

type GivenTls = { readonly [Name in keyof TlsSettings]?: TlsSettings[Name] | undefined }

function findTlsConflicts(given: GivenTls): string[] {
  const problems: string[] = []
  const { cert, key, passphrase: phrase, minVersion, maxVersion } = given
  if ((cert === undefined) !== (key === undefined))
    problems.push(`${cert === undefined ? 'key without cert' : 'cert without key'}: give both, or leave both out`)
  else if (cert !== undefined) problems.push(...findKeyProblems({ cert, key, passphrase: phrase }))
  if (
    minVersion !== undefined &&
    maxVersion !== undefined &&
    versions.indexOf(minVersion) > versions.indexOf(maxVersion)
  )
    problems.push(`minVersion ${minVersion} is above maxVersion ${maxVersion}: swap them`)
  problems.push(...(given.ca ?? []).flatMap(findCertificateProblem))
  return problems
}

function findKeyProblems({ cert, key, passphrase: phrase }: GivenTls): string[] {
  try {
    createSecureContext({ cert, key, ...(phrase !== undefined && { passphrase: phrase }) })
    return []
  } catch (error) {
    return [`cert, key and passphrase do not fit each other (${codeOf(error)}): give the key of this certificate`]
  }
}

function findCertificateProblem(text: string): string[] {
  try {
    return new X509Certificate(text).raw.length > 0
      ? []
      : ['ca holds an empty certificate: give PEM as openssl writes it']
  } catch (error) {
    return [`ca holds a certificate that cannot be read (${codeOf(error)}): give PEM as openssl writes it`]
  }
}
