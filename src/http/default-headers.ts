import { isSecretName } from '../shared/text.ts'
import type { HttpConfig } from './config.ts'
import { lowerHeaderName } from './request-checks.ts'

/** Headers that are sent with every request unless it has its own. */
export interface DefaultHeaders {
  readonly userAgent: string
  /** Besides `user-agent` and `cookie`; `undefined` where there are none. */
  readonly others: readonly DefaultHeader[] | undefined
  readonly cookie: string | undefined
}

interface DefaultHeader {
  readonly lower: string
  readonly name: string
  readonly value: string
}

/** The headers of a configuration. Its own `user-agent` wins over `userAgent`. */
export function defaultHeadersOf({ headers, userAgent }: HttpConfig): DefaultHeaders {
  const all = Object.entries(headers).map(([name, value]) => ({ lower: lowerHeaderName(name) ?? name, name, value }))
  const valueOf = (lower: string): string | undefined => all.find((header) => header.lower === lower)?.value
  const others = all.filter(({ lower }) => lower !== 'user-agent' && lower !== 'cookie')
  return {
    userAgent: valueOf('user-agent') ?? userAgent,
    others: others.length === 0 ? undefined : others,
    cookie: valueOf('cookie'),
  }
}

/** Adds what a request does not say itself: neither in its `headers`, where `undefined` leaves one out, nor otherwise. */
export function addDefaults(
  others: readonly DefaultHeader[],
  own: Readonly<Record<string, unknown>> | undefined,
  headers: string[],
): void {
  const taken = new Set(Object.keys(own ?? {}).map((name) => name.toLowerCase()))
  for (let index = 0; index < headers.length; index += 2) taken.add(headers[index]?.toLowerCase() ?? '')
  for (const { lower, name, value } of others) if (!taken.has(lower)) headers.push(name, value)
}

/** Whether the values of headers of this name stay with the origin that they were meant for, when it redirects. */
export function staysWithOrigin(name: string): boolean {
  return isSecretName(name) || name.toLowerCase() === 'host'
}
