const pair = /^([\w!#$%&'*+.^`|~-]+)=[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/
const attributes = /^(?:; ?(?:path=\/|httponly|secure|samesite=(?:lax|strict|none)))+$/i
const rootPath = /path=/i
const secure = /secure/i

/**
 * Cookies as most servers set them: for one whole origin, until the end of the session. All that is plain about them is
 * decided by a look at the line. tough-cookie takes 10 µs to store one and to look it up, as much as half a request; this
 * takes less than one.
 */
export class PlainCookies {
  /** Of all of them. */
  #origin: string = ''
  /** `set-cookie` lines by the name of the cookie. One that is set again keeps its place (RFC 6265, 5.3). */
  readonly #lines: Map<string, string> = new Map()
  #header: string | undefined

  /** What they were made from, for a jar that takes their place. */
  get lines(): Iterable<string> {
    return this.#lines.values()
  }

  get origin(): string {
    return this.#origin
  }

  /** Whether these cookies alone decide what is sent to an origin. */
  areFor(origin: string): boolean {
    return this.#lines.size === 0 || origin === this.#origin
  }

  /** Stores a cookie, unless it is not plain, or of another origin than those before it. */
  take(line: string, origin: string): boolean {
    if (!this.areFor(origin)) return false
    const end = line.indexOf(';')
    const name = end === -1 ? undefined : pair.exec(line.slice(0, end))?.[1]
    // The prefixes `__Host-` and `__Secure-` ask for attributes (RFC 6265bis, 4.1.3).
    if (name === undefined || name.startsWith('__')) return false
    const rest = line.slice(end)
    if (!attributes.test(rest) || !rootPath.test(rest)) return false
    if (secure.test(rest) && !origin.startsWith('https:')) return false
    this.#origin = origin
    this.#lines.set(name, line)
    this.#header = undefined
    return true
  }

  /** The `cookie` header, in the order of their creation (RFC 6265, 5.4); `undefined` without a cookie. */
  header(): string | undefined {
    if (this.#header === undefined) for (const line of this.#lines.values()) this.#append(pairOf(line))
    return this.#header
  }

  /** Name and value of every cookie. */
  all(): [string, string][] {
    return Array.from(this.#lines, ([name, line]) => [name, pairOf(line).slice(name.length + 1)])
  }

  clear(): void {
    this.#lines.clear()
    this.#header = undefined
  }

  #append(text: string): void {
    this.#header = this.#header === undefined ? text : `${this.#header}; ${text}`
  }
}

function pairOf(line: string): string {
  return line.slice(0, line.indexOf(';'))
}
