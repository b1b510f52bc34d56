import { CookieJar, type Cookie } from 'tough-cookie'
import { PlainCookies } from './plain-cookies.ts'

/**
 * The cookies of a virtual user (RFC 6265, by tough-cookie), which cost nothing until the first `set-cookie` arrives, and
 * little afterwards: no jar is made before a cookie needs one, and as a look-up takes the library 2 to 3 µs, headers are
 * kept for as long as nothing can change them.
 */
export class SessionCookies {
  /** How many cookies were refused: garbage, a foreign or public-suffix domain, Secure over plain HTTP. */
  rejected: number = 0

  /** Holds all cookies until there is a jar. */
  #plain: PlainCookies | undefined
  #jar: CookieJar | undefined
  /** Headers by origin. Used only while all cookies are for the path `/`, so that they depend on nothing else. */
  #headers: Map<string, string | undefined> | undefined
  #allForRoot: boolean = true
  /** When the first of the cookies expires, in milliseconds since the epoch. */
  #firstExpiry: number = Number.POSITIVE_INFINITY

  /** The `cookie` header for a path of an origin, or `undefined` when there is none to send. */
  headerFor(origin: string, path: string): string | undefined {
    if (this.#jar === undefined) {
      if (this.#plain === undefined) return undefined
      if (this.#plain.areFor(origin)) return this.#plain.header()
    }
    const jar = this.#openJar()
    if (!this.#allForRoot || this.#firstExpiry <= Date.now()) return lookUp(jar, origin + path)
    const headers = (this.#headers ??= new Map<string, string | undefined>())
    const known = headers.get(origin)
    if (known !== undefined || headers.has(origin)) return known
    const header = lookUp(jar, origin + path)
    headers.set(origin, header)
    return header
  }

  /** Name and value of every cookie, whatever URL it is for. Slow. */
  all(): [string, string][] {
    if (this.#jar === undefined) return this.#plain?.all() ?? []
    const cookies = this.#jar.serializeSync()?.cookies ?? []
    return cookies.map(({ key, value }) => [String(key), String(value)])
  }

  /** Stores what a response's `set-cookie` headers carry. A cookie that is not acceptable is counted and ignored. */
  store(setCookie: string | readonly string[], origin: string, path: string): void {
    if (typeof setCookie === 'string') this.#store(setCookie, origin, path)
    else for (const line of setCookie) this.#store(line, origin, path)
  }

  clear(): void {
    this.#plain?.clear()
    if (this.#jar === undefined) return
    this.#jar = undefined
    this.#headers?.clear()
    this.#allForRoot = true
    this.#firstExpiry = Number.POSITIVE_INFINITY
  }

  #store(line: string, origin: string, path: string): void {
    if (this.#jar === undefined && (this.#plain ??= new PlainCookies()).take(line, origin)) return
    const jar = this.#openJar()
    this.#headers?.clear()
    this.#put(jar, line, origin + path)
  }

  /** The jar, with the cookies that have done without one. */
  #openJar(): CookieJar {
    if (this.#jar !== undefined) return this.#jar
    const jar = new CookieJar()
    this.#jar = jar
    for (const line of this.#plain?.lines ?? []) this.#put(jar, line, `${this.#plain?.origin}/`)
    this.#plain?.clear()
    return jar
  }

  #put(jar: CookieJar, line: string, url: string): void {
    try {
      const cookie = jar.setCookieSync(line, url)
      if (cookie === undefined) this.rejected += 1
      else this.#note(cookie)
    } catch {
      this.rejected += 1
    }
  }

  #note(cookie: Cookie): void {
    if (cookie.path !== '/') this.#allForRoot = false
    const expiry = cookie.expiryTime() ?? Number.POSITIVE_INFINITY
    // One that has expired is how a server deletes a cookie: nothing is left of it to expire.
    if (expiry > Date.now()) this.#firstExpiry = Math.min(this.#firstExpiry, expiry)
  }
}

/** The library throws for hosts whose whole name is a domain kept for special use, such as `test`: it stores none of theirs. */
function lookUp(jar: CookieJar, url: string): string | undefined {
  try {
    const header = jar.getCookieStringSync(url)
    return header === '' ? undefined : header
  } catch {
    return undefined
  }
}
