import * as z from 'zod'
import type { Duration } from '../shared/durations.ts'
import { isSecretName, printable, showValue } from '../shared/text.ts'
import { positiveDurationMs, type IssueParams } from './problems.ts'

/** What the requests of a project have in common, unless they say otherwise. */
export interface RequestDefaults {
  /**
   * How long a request may take in all, from the call to the last byte; or several times: `total`, `headers` from the
   * start of a request to the headers of its answer, `body` for the longest silence within the body.
   *
   * @default '60s'
   */
  readonly timeout?: Duration | { readonly total?: Duration; readonly headers?: Duration; readonly body?: Duration }
  /** Longest body of an answer in bytes, as sent and decompressed; a longer one is a failed request. @default 67108864 (64 MiB) */
  readonly maxResponseBytes?: number
  /** Counts the bodies of answers without keeping them; a request that is read says `discardBody: false`. @default false */
  readonly discardBodies?: boolean
  /**
   * Sent with every request that does not set them itself. Those with the name of a credential are shown in no output, and
   * not sent on to another origin.
   */
  readonly headers?: Readonly<Record<string, string>>
  /** The `user-agent` of all requests. @default 'vitest-load/<version>' */
  readonly userAgent?: string
  /** Sends a `traceparent` (W3C Trace Context) with every request. @default false */
  readonly traceparent?: boolean
}

/** What was given of them: where nothing was, the defaults of the HTTP client hold. */
export interface ResolvedRequestDefaults {
  readonly timeoutMs?: number
  readonly headersTimeoutMs?: number
  readonly bodyTimeoutMs?: number
  readonly maxResponseBytes?: number
  readonly discardBodies?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly userAgent?: string
  readonly traceparent?: boolean
}

interface CheckedTimeouts {
  readonly total?: number | undefined
  readonly headers?: number | undefined
  readonly body?: number | undefined
}

/** Options as they come out of `requestDefaultsShape`. */
export interface CheckedRequestDefaults {
  timeout?: number | CheckedTimeouts | undefined
  maxResponseBytes?: number | undefined
  discardBodies?: boolean | undefined
  headers?: Readonly<Record<string, string>> | undefined
  userAgent?: string | undefined
  traceparent?: boolean | undefined
}

const timeoutMembers = z.strictObject({
  total: positiveDurationMs.optional(),
  headers: positiveDurationMs.optional(),
  body: positiveDurationMs.optional(),
})

const timeoutNames: IssueParams = { known: Object.keys(timeoutMembers.shape) }

/** Not a union, which would tell of two problems. */
const timeout = z.unknown().transform((input, context): number | CheckedTimeouts => {
  const schema = typeof input === 'object' && input !== null ? timeoutMembers : positiveDurationMs
  const { data, error } = schema.safeParse(input, { reportInput: true })
  for (const issue of error?.issues ?? []) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : []
    for (const name of unknown) context.addIssue({ code: 'custom', params: timeoutNames, path: [name] })
    if (unknown.length === 0)
      context.addIssue({ code: 'custom', message: issue.message, input: issue.input, path: [...issue.path] })
  }
  return data ?? z.NEVER
})

const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const headerValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/
/** What the client decides itself (RFC 9110, 7.6.1; RFC 9112, 6 and 7.2). */
const ownHeader = /^(?:connection|content-length|expect|keep-alive|transfer-encoding|upgrade)$/i

/** Values are not shown: they may be credentials. */
const headers = z.unknown().transform((input, context): Readonly<Record<string, string>> => {
  if (typeof input !== 'object' || input === null || Symbol.iterator in input) {
    context.addIssue({
      code: 'custom',
      message: "expected an object such as { 'x-env': 'perf' }",
      params: listAdvice(input),
    })
    return z.NEVER
  }
  for (const [name, value] of Object.entries(input)) {
    const problem = headerProblem(name, value)
    if (problem !== undefined) context.addIssue({ code: 'custom', ...problem, path: [printable(name, 40)] })
  }
  return { ...input }
})

function listAdvice(input: unknown): IssueParams {
  const isList = typeof input === 'object' && input !== null
  return { received: isList ? 'a list; write Object.fromEntries(headers)' : `a value of type ${typeof input}` }
}

function headerProblem(name: string, value: unknown): { message: string; params: IssueParams } | undefined {
  if (!headerName.test(name))
    return { message: 'expected a name of letters, digits and hyphens', params: { received: 'another' } }
  if (ownHeader.test(name))
    return { message: 'the client sets this header itself; leave it out', params: { received: '' } }
  if (typeof value !== 'string') {
    const received = isSecretName(name) ? `a value of type ${typeof value}` : showValue(value)
    return { message: 'expected a text', params: { received } }
  }
  return headerValue.test(value)
    ? undefined
    : { message: 'expected characters that a header may have', params: { received: 'a text with another' } }
}

const userAgent = z
  .string('expected a text')
  .min(1, 'expected a text that is not empty')
  .regex(headerValue, 'expected characters that a header may have')

const bytes = 'expected a whole number of bytes above zero'

/** The part of a project's options that requests may say otherwise. */
export const requestDefaultsShape: {
  readonly [Name in keyof CheckedRequestDefaults]-?: z.ZodOptional<
    z.ZodType<Exclude<CheckedRequestDefaults[Name], undefined>>
  >
} = {
  timeout: timeout.optional(),
  maxResponseBytes: z.int(bytes).min(1, bytes).optional(),
  discardBodies: z.boolean('expected true or false').optional(),
  headers: headers.optional(),
  userAgent: userAgent.optional(),
  traceparent: z.boolean('expected true or false').optional(),
}

/** What was given, and nothing else. */
export function resolveRequestDefaults(given: CheckedRequestDefaults): ResolvedRequestDefaults {
  const { timeout: time, maxResponseBytes, discardBodies, headers: sent, userAgent: agent, traceparent } = given
  const times: CheckedTimeouts = typeof time === 'number' ? { total: time } : (time ?? {})
  const all = {
    timeoutMs: times.total,
    headersTimeoutMs: times.headers,
    bodyTimeoutMs: times.body,
    maxResponseBytes,
    discardBodies,
    headers: sent,
    userAgent: agent,
    traceparent,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
