import { isIPv6 } from 'node:net'
import * as z from 'zod'
import type { Duration } from '../shared/durations.ts'
import type { DnsSettings, HostOverride, HostOverrides } from '../shared/transport-settings.ts'
import { positiveDurationMs } from './problems.ts'

/** How host names become addresses: k6's `dns`. */
export interface DnsOptions {
  /** Which addresses are used. @default 'any', in the order in which the system names them */
  readonly family?: 'ipv4' | 'ipv6' | 'any'
  /**
   * How long a thread keeps an address before it looks it up again. Without it every connection looks it up, as a new
   * visitor would.
   */
  readonly ttl?: Duration
}

const expectedAddress = "expected an address such as '127.0.0.1', '127.0.0.1:8443' or '[::1]:8443'"
const expectedHosts = "expected an object such as { 'api.example.com': '127.0.0.1:8443' }"
const expectedHost = "expected a host such as 'api.example.com', 'api.example.com:443' or '*.example.com'"
const hostPattern = /^(?:\*\.)?[a-z\d_-]+(?:\.[a-z\d_-]+)*(?::\d{1,5})?$/i

function parseAddress(text: string): HostOverride | undefined {
  if (isIPv6(text)) return { hostname: text, port: undefined }
  const [, v6, name, port] = /^(?:\[([\da-f:.]+)\]|([a-z\d_.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const hostname = v6 ?? name
  if (hostname === undefined || (v6 !== undefined && !isIPv6(v6)) || !isPort(port)) return undefined
  return { hostname, port }
}

function isPort(text: string | undefined): boolean {
  return text === undefined || (Number(text) >= 1 && Number(text) <= 65_535)
}

/** The option `hosts`. */
export const hostsSchema: z.ZodType<HostOverrides> = z
  .record(z.string(), z.unknown(), expectedHosts)
  .transform((hosts, context) => {
    const resolved: Record<string, HostOverride> = {}
    for (const [name, value] of Object.entries(hosts)) {
      if (!hostPattern.test(name)) context.addIssue({ code: 'custom', message: expectedHost, input: name })
      const found = typeof value === 'string' ? parseAddress(value) : undefined
      if (found === undefined)
        context.addIssue({ code: 'custom', message: expectedAddress, input: value, path: [name] })
      else resolved[name.toLowerCase()] = found
    }
    return resolved
  })

/** The option `dns`. */
export const dnsSchema: z.ZodType<DnsSettings> = z
  .strictObject(
    {
      family: z.enum(['ipv4', 'ipv6', 'any'], "expected 'ipv4', 'ipv6' or 'any'").optional(),
      ttl: positiveDurationMs.optional(),
    },
    "expected an object such as { family: 'ipv4', ttl: '5m' }",
  )
  .transform(({ family, ttl }) => ({ family: family === 'ipv4' ? 4 : family === 'ipv6' ? 6 : 0, ttlMs: ttl ?? 0 }))
