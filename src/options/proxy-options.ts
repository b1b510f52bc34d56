import * as z from 'zod'
import type { ProxySettings } from '../shared/transport-settings.ts'

/** Through which proxy requests go. */
export interface ProxyOptions {
  /** `http://` or `https://`, with the credentials for it where it asks for some. */
  readonly url: string
  /** Headers for the proxy only. */
  readonly headers?: Readonly<Record<string, string>>
  /** Hosts that are contacted without the proxy: `'localhost'`, `'10.0.0.1'`, `'*.internal'`, with a port where only that is meant. */
  readonly bypass?: readonly string[]
}

const expectedProxy = "expected the URL of a proxy such as 'http://127.0.0.1:3128', or { url, headers, bypass }"
const expectedHost = "expected a host such as 'localhost' or '*.internal'"
/** RFC 9110, 5.6.2. */
const headerName = /^[!#$%&'*+.^_`|~\da-z-]+$/i
const headerValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/
const takenHeaders = /^(?:host|content-length|transfer-encoding|connection)$/i

/** A URL as it may be shown: what stands before the last `@` may be a password. */
function withoutCredentials(text: string): string {
  return text.replace(/^.*@/s, '[redacted]@').slice(0, 200)
}

const proxyUrl = z.unknown().transform((input, context): URL => {
  const url = typeof input === 'string' ? URL.parse(input) : null
  const isProxy = url !== null && (url.protocol === 'http:' || url.protocol === 'https:')
  if (isProxy && url.pathname === '/' && url.search === '' && url.hash === '' && hasReadableCredentials(url)) return url
  const shown = typeof input === 'string' ? withoutCredentials(input) : typeof input
  context.addIssue({ code: 'custom', message: `${expectedProxy}, without a path`, input: shown })
  return z.NEVER
})

function hasReadableCredentials({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}

const proxyHeaders = z.unknown().transform((input, context): Record<string, string> => {
  const entries =
    typeof input === 'object' && input !== null && !Array.isArray(input) ? Object.entries(input) : undefined
  if (entries?.every(([name, value]) => isHeader(name, value)) === true) return input as Record<string, string>
  const message =
    "expected an object of headers for the proxy such as { 'x-team': 'checkout' }, none that frames a request"
  context.addIssue({ code: 'custom', message, input: '[redacted]' })
  return z.NEVER
})

function isHeader(name: string, value: unknown): boolean {
  return typeof value === 'string' && headerName.test(name) && headerValue.test(value) && !takenHeaders.test(name)
}

const host = z.string(expectedHost).min(1, expectedHost)

/** The option `proxy`. */
export const proxySchema: z.ZodType<ProxySettings> = z
  .unknown()
  .transform((input) => (typeof input === 'string' ? { url: input } : input))
  .pipe(
    z.strictObject(
      { url: proxyUrl, headers: proxyHeaders.optional(), bypass: z.array(host).readonly().optional() },
      expectedProxy,
    ),
  )
  .transform(({ url, headers, bypass }) => ({
    protocol: url.protocol === 'https:' ? ('https:' as const) : ('http:' as const),
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port,
    headers: [...authorization(url), ...Object.entries(headers ?? {}).flat()],
    bypass: bypass ?? [],
  }))

function authorization({ username, password }: URL): string[] {
  if (username === '' && password === '') return []
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return ['proxy-authorization', `Basic ${Buffer.from(credentials).toString('base64')}`]
}
