import {
  isBlob,
  isBodySource,
  isRepeatable,
  isSpent,
  openSource,
  disposeSource,
  watchSource,
  type BodySource,
} from './body-source.ts'
import { compressBody, isCompression } from './compression.ts'
import { addDefaults, staysWithOrigin, type DefaultHeaders } from './default-headers.ts'
import { encodeMultipart, multipartSources } from './multipart.ts'
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
import { StreamedBody } from './streamed-body.ts'

/** What a body is sent from. */
export type RequestBody = string | Uint8Array | StreamedBody

/** What a request sends besides its method and path. */
export interface RequestContent {
  /** Names and values in turn, as undici takes them; without `cookie`. */
  readonly headers: string[]
  /** The caller's own `cookie` header. */
  readonly cookie: string | undefined
  readonly body: RequestBody | null
  /** What it was made from; `undefined` after a redirect. */
  readonly options: UntypedRequestOptions | undefined
}

/**
 * Puts headers and body of a request together.
 *
 * @throws {UnusableOptions} when it cannot.
 */
export function createContent(options: UntypedRequestOptions, defaults: DefaultHeaders): RequestContent {
  checkConflicts(options)
  const headers: string[] = []
  const own = options.headers
  let cookie = defaults.cookie
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
  if (!hasUserAgent) headers.push('user-agent', defaults.userAgent)
  addCredentials(options, headers)
  const body = isUncommon(options)
    ? createUncommonBody(options, headers, hasContentType)
    : createCommonBody(options, headers, hasContentType)
  if (defaults.others !== undefined) addDefaults(defaults.others, own, headers)
  return { headers, cookie, body, options }
}

/** Whether a body takes more than to encode fields, or JSON. */
function isUncommon({ body, multipart, compress }: UntypedRequestOptions): boolean {
  return multipart !== undefined || compress !== undefined || (body !== undefined && !isBody(body))
}

function createCommonBody(
  options: UntypedRequestOptions,
  headers: string[],
  hasContentType: boolean,
): string | Uint8Array | null {
  if (!hasContentType) addContentType(options, headers)
  return createBody(options)
}

function createUncommonBody(
  options: UntypedRequestOptions,
  headers: string[],
  hasContentType: boolean,
): RequestBody | null {
  const plain = createPlainBody(options, headers, hasContentType)
  const { compress } = options
  const body = compress === undefined ? plain : compressed(plain, compress, headers)
  const length = body instanceof StreamedBody ? body.lengthBytes : undefined
  if (length !== undefined && !hasHeader(headers, 'content-length')) headers.push('content-length', String(length))
  return body
}

function createPlainBody(
  options: UntypedRequestOptions,
  headers: string[],
  hasContentType: boolean,
): RequestBody | null {
  const { multipart, body } = options
  if (multipart !== undefined) {
    if (hasContentType || multipartSources(multipart).some(isSpent)) throw new UnusableOptions()
    const encoded = encodeMultipart(multipart)
    headers.push('content-type', encoded.contentType)
    return encoded.body
  }
  if (body === undefined || isBody(body)) return createCommonBody(options, headers, hasContentType)
  if (!isBodySource(body) || isSpent(body)) throw new UnusableOptions()
  if (!hasContentType && isBlob(body) && body.type !== '') headers.push('content-type', body.type)
  watchSource(body)
  return streamOf(body)
}

function streamOf(source: BodySource): StreamedBody {
  return new StreamedBody({
    lengthBytes: isBlob(source) ? source.size : undefined,
    isRepeatable: isRepeatable(source),
    open: () => openSource(source),
    dispose: () => disposeSource(source),
  })
}

function compressed(plain: RequestBody | null, compress: unknown, headers: string[]): RequestBody | null {
  const isEncoded = hasHeader(headers, 'content-encoding') || hasHeader(headers, 'content-length')
  if (!isCompression(compress) || plain === null || isEncoded) throw new UnusableOptions()
  headers.push('content-encoding', compress)
  return compressBody(plain, compress)
}

function hasHeader(headers: readonly string[], lower: string): boolean {
  return headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === lower)
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
    Number(options.json !== undefined) +
    Number(options.form !== undefined) +
    Number(options.body !== undefined) +
    Number(options.multipart !== undefined)
  if (contents > 1) throw new UnusableOptions()
  if (options.bearer !== undefined && options.basic !== undefined) throw new UnusableOptions()
}

function refuseTwoCredentials(options: UntypedRequestOptions): void {
  if (options.bearer !== undefined || options.basic !== undefined) throw new UnusableOptions()
}

const contentHeader = /^content-/i

/**
 * What remains of a request after a redirect (RFC 9110, 15.4, and the Fetch standard): another method loses the body,
 * another origin the credentials.
 */
export function redirectContent(content: RequestContent, keepsBody: boolean, sameOrigin: boolean): RequestContent {
  if (keepsBody && sameOrigin) return content
  if (!keepsBody && content.body instanceof StreamedBody) content.body.close()
  const headers: string[] = []
  for (let index = 0; index < content.headers.length; index += 2) {
    const key = content.headers[index] ?? ''
    if (!keepsBody && contentHeader.test(key)) continue
    if (!sameOrigin && staysWithOrigin(key)) continue
    headers.push(key, content.headers[index + 1] ?? '')
  }
  return {
    headers,
    cookie: sameOrigin ? content.cookie : undefined,
    body: keepsBody ? content.body : null,
    options: undefined,
  }
}

/** Lets go of the streams in options that cannot be used. */
export function releaseSources(options: unknown): void {
  if (!isRecord(options)) return
  const { body, multipart } = options
  const sources = multipart === undefined ? [] : multipartSources(multipart)
  if (body !== undefined && !isBody(body) && isBodySource(body)) sources.push(body)
  for (const source of sources) {
    watchSource(source)
    disposeSource(source)
  }
}
