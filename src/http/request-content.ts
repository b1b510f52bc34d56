import {
  isBasic,
  isBearer,
  isBody,
  isFieldItem,
  isHeaderValue,
  isRecord,
  lowerHeaderName,
  UnusableOptions,
} from './request-checks.ts'
import type { Fields, UntypedRequestOptions } from './request-options.ts'

/** What a request sends besides its method and path. */
export interface RequestContent {
  /** Names and values in turn, as undici takes them; without `cookie`. */
  readonly headers: string[]
  /** The caller's own `cookie` header. */
  readonly cookie: string | undefined
  readonly body: string | Uint8Array | null
  /** What it was made from; `undefined` after a redirect. */
  readonly options: UntypedRequestOptions | undefined
}

/**
 * Puts headers and body of a request together.
 *
 * @throws {UnusableOptions} when it cannot.
 */
export function createContent(options: UntypedRequestOptions, userAgent: string): RequestContent {
  checkConflicts(options)
  const headers: string[] = []
  const own = options.headers
  let cookie: string | undefined
  let hasUserAgent = false
  let hasContentType = false
  if (own !== undefined) {
    if (!isRecord(own)) throw new UnusableOptions()
    for (const key in own) {
      const given = own[key]
      if (given === undefined) continue
      const lower = lowerHeaderName(key)
      if (lower === undefined || !isHeaderValue(given)) throw new UnusableOptions()
      const value = typeof given === 'string' ? given : String(given)
      if (lower === 'cookie') {
        cookie = value
        continue
      }
      if (lower === 'user-agent') hasUserAgent = true
      else if (lower === 'content-type') hasContentType = true
      else if (lower === 'authorization') refuseTwoCredentials(options)
      headers.push(key, value)
    }
  }
  if (!hasUserAgent) headers.push('user-agent', userAgent)
  addCredentials(options, headers)
  if (!hasContentType) addContentType(options, headers)
  return { headers, cookie, body: createBody(options), options }
}

function addCredentials({ bearer, basic }: UntypedRequestOptions, headers: string[]): void {
  if (bearer !== undefined) {
    if (!isBearer(bearer)) throw new UnusableOptions()
    headers.push('authorization', `Bearer ${bearer}`)
  } else if (basic !== undefined) {
    if (!isBasic(basic)) throw new UnusableOptions()
    const pair = Buffer.from(`${basic.username}:${basic.password}`).toString('base64')
    headers.push('authorization', `Basic ${pair}`)
  }
}

function createBody(options: UntypedRequestOptions): string | Uint8Array | null {
  if (options.json !== undefined) return encodeJson(options.json)
  const { body, form } = options
  if (body === undefined) return form === undefined ? null : encodeFields(form)
  if (!isBody(body)) throw new UnusableOptions()
  return body
}

/** Whatever the type of `stringify` says, some values have no JSON, such as functions. */
function encodeJson(value: unknown): string {
  const text: unknown = JSON.stringify(value)
  if (typeof text !== 'string') throw new UnusableOptions()
  return text
}

function addContentType(options: UntypedRequestOptions, headers: string[]): void {
  if (options.json !== undefined) headers.push('content-type', 'application/json')
  else if (options.form !== undefined) headers.push('content-type', 'application/x-www-form-urlencoded')
}

/** Encodes fields as a query or form (application/x-www-form-urlencoded). */
function encodeFields(fields: Fields | URLSearchParams): string {
  if (fields instanceof URLSearchParams) return fields.toString()
  if (!isRecord(fields)) throw new UnusableOptions()
  let text = ''
  for (const key in fields) {
    const value = fields[key]
    if (value === undefined) continue
    for (const item of Array.isArray(value) ? value : [value]) {
      if (!isFieldItem(item)) throw new UnusableOptions()
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

function checkConflicts(options: UntypedRequestOptions): void {
  const contents =
    Number(options.json !== undefined) + Number(options.form !== undefined) + Number(options.body !== undefined)
  if (contents > 1) throw new UnusableOptions()
  if (options.bearer !== undefined && options.basic !== undefined) throw new UnusableOptions()
}

function refuseTwoCredentials(options: UntypedRequestOptions): void {
  if (options.bearer !== undefined || options.basic !== undefined) throw new UnusableOptions()
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
  return {
    headers,
    cookie: sameOrigin ? content.cookie : undefined,
    body: keepsBody ? content.body : null,
    options: undefined,
  }
}
