import { z } from 'zod'
import { latencyForms, parseLatency } from './latency.ts'
import type { Random } from './random.ts'
import { type Handler, json, parse, problem, type Routes } from './respond.ts'

/** Waits for so many milliseconds. */
export type Sleep = (delayMs: number) => Promise<unknown>

const maxDelayMs = 10_000
const maxBytes = 1_048_576
const withoutBody = [204, 205, 304]
const comeBack = [429, 503]
const filler = new Uint8Array(maxBytes).fill('x'.charCodeAt(0))

const number = z.coerce.number<string>('Expected a number')
const latency = z.string().transform((text, context) => {
  const parsed = parseLatency(text)
  if (parsed) return parsed
  context.addIssue(`Expected ${latencyForms.join(', ')} with parameters of 0 to 10000`)
  return z.NEVER
})

/** The query of `/vary`. */
const VaryQuery = z.strictObject({
  status: number.int().min(200).max(599).default(200),
  delayMs: number.min(0).max(maxDelayMs).default(0),
  bytes: number.int().min(0).max(maxBytes).optional(),
  errorRate: number.min(0).max(1).default(0),
  latency: latency.optional(),
  // Of this store only: it shall send nobody elsewhere. Clients read a backslash as a slash, and leave out tabs and line ends.
  location: z
    .string()
    .regex(/^\/(?![/\\])[!-~]*$/, 'Expected a path of visible ASCII characters')
    .optional(),
})
type VaryQuery = z.infer<typeof VaryQuery>

/** The routes that answer as they are asked to: how slowly, how much, and how often with an error. */
export function varyRoutes(random: Random, sleep: Sleep): Routes {
  const answerAsAsked: Handler = (context) => {
    const query = parse(VaryQuery, context.req.query())
    return query.ok ? vary(query.value, random, sleep) : query.response
  }
  return { 'GET /vary': answerAsAsked, 'POST /vary': answerAsAsked }
}

async function vary(query: VaryQuery, random: Random, sleep: Sleep): Promise<Response> {
  // Drawn only where they are asked for, so that other requests do not disturb the sequence.
  const fails = query.errorRate > 0 && random.next() < query.errorRate
  const delayMs = Math.min(query.delayMs + (query.latency?.(random) ?? 0), maxDelayMs)
  if (delayMs > 0) await sleep(delayMs)
  return fails
    ? problem(503, 'The store fails as often as it was asked to', undefined, extraHeaders({ status: 503 }))
    : answer(query, delayMs)
}

function answer(query: VaryQuery, delayMs: number): Response {
  const { status, bytes } = query
  const headers = extraHeaders(query)
  if (withoutBody.includes(status)) return new Response(null, { status, headers })
  if (bytes === undefined) return json({ status, delayMs }, status, headers)
  return new Response(filler.subarray(0, bytes), {
    status,
    headers: { 'content-type': 'application/octet-stream', ...headers },
  })
}

function extraHeaders({ status, location }: Pick<VaryQuery, 'status' | 'location'>): Record<string, string> {
  return {
    ...(location !== undefined && { location }),
    ...(comeBack.includes(status) && { 'retry-after': '1' }),
  }
}
