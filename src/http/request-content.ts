import { LoadError } from '../shared/errors.ts'
import type { Fields, UntypedRequestOptions } from './request-options.ts'

/** What a request sends besides its method and path. */
export interface RequestContent {
  /** Names and values in turn, as undici takes them; without `cookie`. */
  readonly headers: string[]
  /** The caller's own `cookie` header. */
  readonly cookie: string | undefined
  readonly body: string | Uint8Array | null
}

/** Puts headers and body of a request together. */
export function createContent(options: UntypedRequestOptions, userAgent: string, name: string): RequestContent {
  checkConflicts(options, name)
  const headers: string[] = []
  const own = options.headers
  let cookie: string | undefined
  let hasUserAgent = false
  let hasContentType = false
  if (own !== undefined) {
    for (const key in own) {
      const value = own[key]
      if (value === undefined) continue
      const lower = key.toLowerCase()
      if (lower === 'cookie') {
        cookie = value
        continue
      }
      if (lower === 'user-agent') hasUserAgent = true
      else if (lower === 'content-type') hasContentType = true
      else if (lower === 'authorization') refuseTwoCredentials(options, name)
      headers.push(key, value)
    }
  }
  if (!hasUserAgent) headers.push('user-agent', userAgent)
  if (options.bearer !== undefined) headers.push('authorization', `Bearer ${options.bearer}`)
  else if (options.basic !== undefined) headers.push('authorization', basicCredentials(options.basic))
  if (!hasContentType) addContentType(options, headers)
  return { headers, cookie, body: createBody(options) }
}

function createBody(options: UntypedRequestOptions): string | Uint8Array | null {
  if (options.json !== undefined) return encodeJson(options.json)
  if (options.body !== undefined) return options.body
  return options.form === undefined ? null : encodeFields(options.form)
}

/** `null` for what has no JSON, such as a function, whatever the type of `stringify` says. */
function encodeJson(value: unknown): string | null {
  const text: unknown = JSON.stringify(value)
  return typeof text === 'string' ? text : null
}

function addContentType(options: UntypedRequestOptions, headers: string[]): void {
  if (options.json !== undefined) headers.push('content-type', 'application/json')
  else if (options.form !== undefined) headers.push('content-type', 'application/x-www-form-urlencoded')
}

function basicCredentials(basic: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`
}

/** Encodes fields as a query or form (application/x-www-form-urlencoded). */
function encodeFields(fields: Fields | URLSearchParams): string {
  if (fields instanceof URLSearchParams) return fields.toString()
  let text = ''
  for (const key in fields) {
    const value = fields[key]
    if (value === undefined) continue
    for (const item of Array.isArray(value) ? value : [value]) {
      text += `${text === '' ? '' : '&'}${encodeField(key)}=${encodeField(String(item))}`
    }
  }
  return text
}

const plain = /^[\w.*-]*$/

function encodeField(text: string): string {
  return plain.test(text) ? text : encodeURIComponent(text).replaceAll('%20', '+')
}

/** Appends fields to a path that may have a query already. */
export function withQuery(path: string, query: Fields | URLSearchParams): string {
  const encoded = encodeFields(query)
  if (encoded === '') return path
  return `${path}${path.includes('?') ? '&' : '?'}${encoded}`
}

function checkConflicts(options: UntypedRequestOptions, name: string): void {
  const contents =
    Number(options.json !== undefined) + Number(options.form !== undefined) + Number(options.body !== undefined)
  if (contents > 1) {
    throw new LoadError('ERR_LOAD_REQUEST', `${name}: json, form and body exclude each other. Give one of them.`)
  }
  if (options.bearer !== undefined && options.basic !== undefined) {
    throw new LoadError('ERR_LOAD_REQUEST', `${name}: bearer and basic exclude each other. Give one of them.`)
  }
}

function refuseTwoCredentials(options: UntypedRequestOptions, name: string): void {
  if (options.bearer === undefined && options.basic === undefined) return
  throw new LoadError(
    'ERR_LOAD_REQUEST',
    `${name}: an authorization header and ${options.bearer === undefined ? 'basic' : 'bearer'} exclude each other. Give one of them.`,
  )
}

const contentHeader = /^content-/i
const credentialHeader = /^(?:authorization|proxy-authorization|cookie|host)$/i

/**
 * What remains of a request after a redirect (RFC 9110, 15.4, and the Fetch standard): another method loses the body,
 * another origin the credentials.
 */
export function redirectContent(content: RequestContent, keepsBody: boolean, sameOrigin: boolean): RequestContent {
  if (keepsBody && sameOrigin) return content
  const headers: string[] = []
  for (let index = 0; index < content.headers.length; index += 2) {
    const key = content.headers[index] ?? ''
    if (!keepsBody && contentHeader.test(key)) continue
    if (!sameOrigin && credentialHeader.test(key)) continue
    headers.push(key, content.headers[index + 1] ?? '')
  }
  return { headers, cookie: sameOrigin ? content.cookie : undefined, body: keepsBody ? content.body : null }
}
