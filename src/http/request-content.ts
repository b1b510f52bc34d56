import { addDefaults, staysWithOrigin, type DefaultHeaders } from './default-headers.ts'
import { createBody, encodeFields, type RequestBody } from './request-body.ts'
import { isBasic, isBearer, isHeaderValue, isRecord, lowerHeaderName, UnusableOptions } from './request-checks.ts'
import type { Fields, UntypedRequestOptions } from './request-options.ts'
import { StreamedBody } from './streamed-body.ts'
import { traceparentOf } from './trace-context.ts'

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
  const body = createBody(options, headers, hasContentType)
  if (defaults.others !== undefined) addDefaults(defaults.others, own, headers)
  return { headers, cookie, body, options }
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

/** What a request without options sends. */
export function plainContent({ userAgent, others, cookie }: DefaultHeaders): RequestContent {
  const headers = ['user-agent', userAgent, ...(others ?? []).flatMap(({ name, value }) => [name, value])]
  return { headers, cookie, body: null, options: undefined }
}

/** The headers that a request is sent with: what was made from its options, cookies, and a `traceparent` of its own. */
export function sentHeaders(
  { headers, cookie: own }: RequestContent,
  jar: string | undefined,
  traceId: string | undefined,
): string[] {
  if (jar === undefined && own === undefined && traceId === undefined) return headers
  const cookie = own === undefined ? jar : jar === undefined ? own : `${own}; ${jar}`
  const all = cookie === undefined ? [...headers] : [...headers, 'cookie', cookie]
  if (traceId !== undefined) all.push('traceparent', traceparentOf(traceId))
  return all
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
