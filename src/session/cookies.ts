import { CookieJar } from 'tough-cookie'

/**
 * A cookie jar (RFC 6265, by tough-cookie) that costs nothing until the first `set-cookie` arrives.
 */
export class SessionCookies {
  /** How many cookies were refused: garbage, a foreign or public-suffix domain, Secure over plain HTTP. */
  rejected: number = 0

  #jar: CookieJar | undefined

  /** The `cookie` header for a URL, or `undefined` when there is none to send. */
  headerFor(url: string): string | undefined {
    if (this.#jar === undefined) return undefined
    const header = this.#jar.getCookieStringSync(url)
    return header === '' ? undefined : header
  }

  /** Stores what a response's `set-cookie` headers carry. A cookie that is not acceptable is counted and ignored. */
  store(setCookie: string | readonly string[], url: string): void {
    this.#jar ??= new CookieJar()
    for (const line of typeof setCookie === 'string' ? [setCookie] : setCookie) {
      try {
        if (this.#jar.setCookieSync(line, url) === undefined) this.rejected += 1
      } catch {
        this.rejected += 1
      }
    }
  }

  clear(): void {
    this.#jar = undefined
  }
}
