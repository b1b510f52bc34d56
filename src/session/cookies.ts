import { CookieJar, type Cookie } from 'tough-cookie'

/**
 * A cookie jar (RFC 6265, by tough-cookie) that costs nothing until the first `set-cookie` arrives, and little
 * afterwards: a look-up takes the library 2 to 3 µs, so headers are kept for as long as nothing can change them.
 */
export class SessionCookies {
  /** How many cookies were refused: garbage, a foreign or public-suffix domain, Secure over plain HTTP. */
  rejected: number = 0

  #jar: CookieJar | undefined
  /** Headers by origin. Used only while all cookies are for the path `/`, so that they depend on nothing else. */
  readonly #headers: Map<string, string | undefined> = new Map()
  #allForRoot: boolean = true
  /** When the first of the cookies expires, in milliseconds since the epoch. */
  #firstExpiry: number = Number.POSITIVE_INFINITY

  /** The `cookie` header for an absolute URL, or `undefined` when there is none to send. */
  headerFor(url: string): string | undefined {
    if (this.#jar === undefined) return undefined
    if (!this.#allForRoot || this.#firstExpiry <= Date.now()) return lookUp(this.#jar, url)
    const origin = url.slice(0, url.indexOf('/', schemeLength))
    const known = this.#headers.get(origin)
    if (known !== undefined || this.#headers.has(origin)) return known
    const header = lookUp(this.#jar, url)
    this.#headers.set(origin, header)
    return header
  }

  /** Name and value of every cookie, whatever URL it is for. Slow. */
  all(): [string, string][] {
    const cookies = this.#jar?.serializeSync()?.cookies ?? []
    return cookies.map(({ key, value }) => [String(key), String(value)])
  }

  /** Stores what a response's `set-cookie` headers carry. A cookie that is not acceptable is counted and ignored. */
  store(setCookie: string | readonly string[], url: string): void {
    this.#jar ??= new CookieJar()
    this.#headers.clear()
    for (const line of typeof setCookie === 'string' ? [setCookie] : setCookie) {
      try {
        const cookie = this.#jar.setCookieSync(line, url)
        if (cookie === undefined) this.rejected += 1
        else this.#note(cookie)
      } catch {
        this.rejected += 1
      }
    }
  }

  clear(): void {
    if (this.#jar === undefined) return
    this.#jar = undefined
    this.#headers.clear()
    this.#allForRoot = true
    this.#firstExpiry = Number.POSITIVE_INFINITY
  }

  #note(cookie: Cookie): void {
    if (cookie.path !== '/') this.#allForRoot = false
    const expiry = cookie.expiryTime() ?? Number.POSITIVE_INFINITY
    // One that has expired is how a server deletes a cookie: nothing is left of it to expire.
    if (expiry > Date.now()) this.#firstExpiry = Math.min(this.#firstExpiry, expiry)
  }
}

/** Past the two slashes of `http://` and `https://`, before the host ends. */
const schemeLength = 8

function lookUp(jar: CookieJar, url: string): string | undefined {
  const header = jar.getCookieStringSync(url)
  return header === '' ? undefined : header
}
