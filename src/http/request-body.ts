import {
  disposeSource,
  isBlob,
  isBodySource,
  isRepeatable,
  isSpent,
  openSource,
  watchSource,
  type BodySource,
} from './body-source.ts'
import { compressBody, isCompression } from './compression.ts'
import { encodeMultipart, multipartSources } from './multipart.ts'
import { isBody, isFieldItem, isRecord, UnusableOptions } from './request-checks.ts'
import type { Fields, UntypedRequestOptions } from './request-options.ts'
import { StreamedBody } from './streamed-body.ts'

/** What is sent as a body. */
export type RequestBody = string | Uint8Array | StreamedBody

/**
 * Makes the body of a request, and adds the headers that go with it.
 *
 * @throws {UnusableOptions} when it cannot.
 */
export function createBody(
  options: UntypedRequestOptions,
  headers: string[],
  hasContentType: boolean,
): RequestBody | null {
  const { body, multipart, compress } = options
  const isCommon = multipart === undefined && compress === undefined && (body === undefined || isBody(body))
  return isCommon
    ? createCommonBody(options, headers, hasContentType)
    : createUncommonBody(options, headers, hasContentType)
}

function createCommonBody(
  { json, form, body }: UntypedRequestOptions,
  headers: string[],
  hasContentType: boolean,
): string | Uint8Array | null {
  if (json !== undefined) {
    if (!hasContentType) headers.push('content-type', 'application/json')
    return encodeJson(json)
  }
  if (form !== undefined) {
    if (!hasContentType) headers.push('content-type', 'application/x-www-form-urlencoded')
    return encodeFields(form)
  }
  return isBody(body) ? body : null
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

/** Whatever the type of `stringify` says, some values have no JSON, such as functions. */
function encodeJson(value: unknown): string {
  const text: unknown = JSON.stringify(value)
  if (typeof text !== 'string') throw new UnusableOptions()
  return text
}

/** Encodes fields as a query or form (application/x-www-form-urlencoded). */
export function encodeFields(fields: Fields | URLSearchParams): string {
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

/** Lets go of the streams in options that cannot be used; these may be of any type. */
export function releaseSources(options: unknown): void {
  if (!isRecord(options)) return
  try {
    const { body, multipart } = options
    const sources = multipart === undefined ? [] : multipartSources(multipart)
    if (body !== undefined && !isBody(body) && isBodySource(body)) sources.push(body)
    sources.forEach(watchSource)
    sources.forEach(disposeSource)
  } catch {
    // What throws as it is looked at, or closed, is told by the problems of the request.
  }
}
