import { clientOf } from '../protocols/contract.ts'
import { requireFrame } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import { LoadError } from '../shared/errors.ts'
import { defaultHttpConfig, httpConfigSlot } from './config.ts'
import { httpClientSlot, httpProtocol } from './http-client.ts'
import { plansOf, type RequestPlan } from './request-plan.ts'

/** The cookies of the running virtual user, or test. URLs are resolved as those of requests are. */
export interface HttpCookies {
  /** The value of a cookie that would be sent to a URL; `undefined` where none would. @default url '/' */
  get(name: string, url?: string | URL): string | undefined
  /** Name and value of all that would be sent to a URL. @default url '/' */
  all(url?: string | URL): Record<string, string>
  /**
   * Keeps a cookie as if the host of a URL had set it for all of its paths, until the end of the session.
   *
   * @throws {LoadError} `ERR_LOAD_OPTIONS` for what no cookie can be, and where the scenario keeps none.
   */
  set(name: string, value: string, url?: string | URL): void
  /** Forgets all cookies. */
  clear(): void
}

const root = '/'
/** RFC 6265, 4.1.1. */
const cookieName = /^[\w!#$%&'*+.^`|~-]+$/
const cookieValue = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/

export const httpCookies: HttpCookies = {
  get: (name, url = root) => read('http.cookies.get()', url).get(name),
  all: (url = root) => Object.fromEntries(read('http.cookies.all()', url)),
  set: (name, value, url = root) => set(name, value, url),
  clear: () => requireFrame('http.cookies.clear()').session.cookies.clear(),
}

function read(caller: string, url: string | URL): Map<string, string> {
  const { session } = requireFrame(caller)
  const { origin, path } = locate(session, url)
  const pairs = new Map<string, string>()
  for (const pair of session.cookies.headerFor(origin, path)?.split('; ') ?? []) {
    const end = pair.indexOf('=')
    const name = pair.slice(0, Math.max(end, 0))
    // The most specific path comes first (RFC 6265, 5.4).
    if (!pairs.has(name)) pairs.set(name, pair.slice(end + 1))
  }
  return pairs
}

function set(name: string, value: string, url: string | URL): void {
  const { session } = requireFrame('http.cookies.set()')
  if (!session.keepsCookies) {
    throw refusal("the scenario keeps none, by cookies: 'none'. Send it as the header cookie")
  }
  // Its value may be a credential.
  if (typeof name !== 'string' || !cookieName.test(name))
    throw refusal('its name has characters that a cookie cannot have')
  if (typeof value !== 'string' || !cookieValue.test(value)) {
    throw refusal(`the value of '${name}' is no text that a cookie can have. Encode it with encodeURIComponent()`)
  }
  // It knows the values of cookies, and has them hidden in what is told of the user.
  clientOf(session, httpProtocol, httpClientSlot)
  const { cookies } = session
  const before = cookies.rejected
  cookies.store(`${name}=${value}; Path=/`, locate(session, url).origin, root)
  if (cookies.rejected > before) throw refusal(`'${name}' asks for attributes that it does not have`)
}

function refusal(reason: string): LoadError {
  return new LoadError('ERR_LOAD_OPTIONS', `http.cookies.set() keeps no cookie: ${reason}.`)
}

function locate(session: Session, url: string | URL): Pick<RequestPlan, 'origin' | 'path'> {
  return plansOf(session.get(httpConfigSlot) ?? defaultHttpConfig).find('GET', url)
}
