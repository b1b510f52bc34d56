import { isSecretName } from '../shared/text.ts'
import { multipartEntries } from './multipart.ts'
import { isRecord } from './request-checks.ts'
import type { RequestBody } from './request-body.ts'
import type { UntypedRequestOptions } from './request-options.ts'
import { StreamedBody } from './streamed-body.ts'

const kept = 16
const maxFound = 32
const deepest = 6
/** More members of a body than this are not looked through: it may hold itself. */
const maxMembers = 1000
/** Of longer bodies the credentials are kept, not the bodies: those of many virtual users would fill the memory. */
const longestKept = 512
const longestRead = 65_536
const shortestCookie = 8

/**
 * The requests that a virtual user has sent last, to find their credentials in what comes back. Keeping one is a few
 * assignments; nothing is looked for before something has failed, but in long bodies that have a field of such a name.
 */
export class SentSecrets {
  readonly #urls: string[] = []
  readonly #options: (UntypedRequestOptions | undefined)[] = []
  /** Those of long bodies, the newest last. */
  readonly #found: Set<string> = new Set()
  #next: number = 0

  /** Keeps a request: what its URL and its options say, and the body it has sent. */
  keep(path: string, options: UntypedRequestOptions | undefined, body: RequestBody | null | undefined): void {
    if (options !== undefined && (options.multipart !== undefined || options.compress !== undefined)) {
      this.#keepEncoded(path, options)
      return
    }
    const length = body === null || body === undefined || body instanceof StreamedBody ? 0 : body.length
    if (body instanceof StreamedBody) options = withoutBody(options)
    this.#urls[this.#next] = path
    this.#options[this.#next] = length > longestKept ? withoutBody(options) : options
    this.#next = (this.#next + 1) % kept
    if (length > longestKept && length <= longestRead) this.#read(body as string | Uint8Array)
  }

  /** Of a body that does not tell what is in it, the credentials of its fields are kept. */
  #keepEncoded(path: string, options: UntypedRequestOptions): void {
    const { multipart, json, form, body } = options
    this.keep(path, withoutBody(options), undefined)
    if (multipart !== undefined) this.#remember(ofFields(multipartEntries(multipart)))
    const plain = isRecord(json) ? { json } : form === undefined ? { body } : { form }
    this.#remember(ofOptions(plain))
  }

  #remember(secrets: Iterable<string>): void {
    for (const secret of secrets) {
      this.#found.delete(secret)
      this.#found.add(secret)
    }
    for (const oldest of this.#found) {
      if (this.#found.size <= maxFound) return
      this.#found.delete(oldest)
    }
  }

  /** Keeps what a request would have sent; its options may be of any type. */
  keepRefused(options: unknown): void {
    if (isRecord(options)) this.keep('', withoutBody(options), undefined)
  }

  /** The credentials in them. */
  *secrets(): Iterable<string> {
    yield* this.#found
    for (const [index, path] of this.#urls.entries()) {
      yield* ofQuery(path)
      const options = this.#options[index]
      if (options !== undefined) yield* ofOptions(options)
    }
  }

  #read(body: string | Uint8Array): void {
    const text = typeof body === 'string' ? body : Buffer.from(body).toString('latin1')
    if (!isSecretName(text)) return
    this.#remember(ofBody(body))
  }
}

/** The values in a `cookie` header that may be a session's. */
function* ofCookies(header: string): Iterable<string> {
  for (const pair of header.split(';')) {
    const [name = '', ...value] = pair.split('=')
    yield* ofCookie(name.trim(), value.join('=').trim())
  }
}

/** The value of a cookie, unless it is a setting such as `theme=dark`. */
export function* ofCookie(name: string, value: string): Iterable<string> {
  if (value.length >= shortestCookie || isSecretName(name)) yield value
}

function withoutBody({ bearer, basic, headers, params }: UntypedRequestOptions = {}): UntypedRequestOptions {
  return { bearer, basic, headers, params }
}

function* ofOptions(options: UntypedRequestOptions): Iterable<string> {
  const { bearer, basic, headers, params, json, form, body } = options
  if (typeof bearer === 'string') yield bearer
  // Those of a refused request may be of any type.
  const credentials: readonly unknown[] = [basic?.password, basic?.username]
  const credential = credentials[basic?.password === '' ? 1 : 0]
  if (typeof credential === 'string') yield credential
  for (const [name, value] of Object.entries(headers ?? {})) if (typeof value === 'string') yield* ofHeader(name, value)
  yield* ofFields(Object.entries(params ?? {}))
  if (form !== undefined) yield* ofFields(form instanceof URLSearchParams ? form : Object.entries(form))
  if (json !== undefined) yield* ofJson(json)
  if (typeof body === 'string' || body instanceof Uint8Array) yield* ofBody(body)
}

/** The credential in a header. A scheme (`Bearer`) is no part of it. */
export function* ofHeader(name: string, value: string): Iterable<string> {
  if (!isSecretName(name)) return
  if (/cookie/i.test(name)) yield* ofCookies(value)
  else yield value.replace(/^[\w-]+\s+(?=\S)/, '')
}

function* ofQuery(path: string): Iterable<string> {
  const start = path.indexOf('?')
  if (start !== -1) yield* ofFields(new URLSearchParams(path.slice(start + 1)))
}

function* ofFields(fields: Iterable<[string, unknown]>): Iterable<string> {
  for (const [name, value] of fields) if (isSecretName(name)) yield* ofJson(value, true)
}

/** The texts and numbers below members with such a name. */
function* ofJson(whole: unknown, secret: boolean = false): Iterable<string> {
  let members = 0
  function* walk(value: unknown, isSecret: boolean, depth: number): Iterable<string> {
    if (typeof value === 'string' || typeof value === 'number') {
      if (isSecret) yield String(value)
      return
    }
    if (typeof value !== 'object' || value === null || depth > deepest) return
    for (const [name, member] of Object.entries(value)) {
      if (members++ > maxMembers) return
      yield* walk(member, isSecret || isSecretName(name), depth + 1)
    }
  }
  yield* walk(whole, secret, 0)
}

function* ofBody(body: string | Uint8Array): Iterable<string> {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
  const parsed = parse(text)
  if (parsed !== undefined) yield* ofJson(parsed)
  else if (text.includes('=')) yield* ofFields(new URLSearchParams(text))
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
