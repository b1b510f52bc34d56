import { isSecretName } from '../shared/text.ts'
import { isRecord } from './request-checks.ts'
import type { Fields, UntypedRequestOptions } from './request-options.ts'

const kept = 16
const deepest = 6
/** Longer bodies are not kept: the requests of many virtual users would fill the memory. */
const longestBody = 4000

/**
 * The requests that a virtual user has sent last, to find their credentials in what comes back. Keeping one is a few
 * assignments; nothing is looked for before something has failed.
 */
export class SentSecrets {
  readonly #urls: string[] = []
  readonly #options: (UntypedRequestOptions | undefined)[] = []
  #next: number = 0

  /** Keeps a request: what its URL and its options say. */
  keep(path: string, options: UntypedRequestOptions | undefined, bodyLength: number): void {
    this.#urls[this.#next] = path
    this.#options[this.#next] = bodyLength > longestBody ? withoutBody(options) : options
    this.#next = (this.#next + 1) % kept
  }

  /** Keeps what a request would have sent; its options may be of any type. */
  keepRefused(options: unknown): void {
    if (isRecord(options)) this.keep('', options, Infinity)
  }

  /** The credentials in them. */
  *secrets(): Iterable<string> {
    for (const [index, path] of this.#urls.entries()) {
      yield* ofQuery(path)
      const options = this.#options[index]
      if (options !== undefined) yield* ofOptions(options)
    }
  }
}

/** The values in a `cookie` header. Any may be a session's, whatever its name. */
export function* ofCookies(header: string): Iterable<string> {
  for (const pair of header.split(';')) yield pair.slice(pair.indexOf('=') + 1).trim()
}

function withoutBody({ bearer, basic, headers }: UntypedRequestOptions = {}): UntypedRequestOptions {
  return { bearer, basic, headers }
}

function* ofOptions({ bearer, basic, headers, json, form, body }: UntypedRequestOptions): Iterable<string> {
  yield* ofValue(bearer, true, 0)
  yield* ofValue(basic?.password, true, 0)
  for (const [name, value] of Object.entries(headers ?? {})) if (value !== undefined) yield* ofHeader(name, value)
  if (form !== undefined) yield* ofFields(form)
  if (json !== undefined) yield* ofValue(json, false, 0)
  if (typeof body === 'string') yield* ofBody(body)
}

/** A scheme (`Bearer`) is no part of the credential. */
function* ofHeader(name: string, value: unknown): Iterable<string> {
  if (!isSecretName(name)) return
  const text = String(value)
  if (/cookie/i.test(name)) yield* ofCookies(text)
  else yield text.replace(/^[\w-]+\s+(?=\S)/, '')
}

function* ofQuery(path: string): Iterable<string> {
  const start = path.indexOf('?')
  if (start !== -1) yield* ofFields(new URLSearchParams(path.slice(start + 1)))
}

function* ofFields(fields: Fields | URLSearchParams): Iterable<string> {
  const entries = fields instanceof URLSearchParams ? fields : Object.entries(fields)
  for (const [name, value] of entries) if (isSecretName(name)) yield* ofValue(value, true, 0)
}

function* ofValue(value: unknown, secret: boolean, depth: number): Iterable<string> {
  if (typeof value === 'string' || typeof value === 'number') {
    if (secret) yield String(value)
    return
  }
  if (typeof value !== 'object' || value === null || depth > deepest) return
  for (const [name, member] of Object.entries(value)) yield* ofValue(member, secret || isSecretName(name), depth + 1)
}

function* ofBody(body: string): Iterable<string> {
  const parsed = parse(body)
  if (parsed !== undefined) yield* ofValue(parsed, false, 0)
  else if (body.includes('=')) yield* ofFields(new URLSearchParams(body))
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
