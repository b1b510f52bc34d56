import type { Context } from 'hono'
import type { z } from 'zod'
import type { Problem } from './schemas.ts'

/** Answers one request. It may answer at once: the server sends that without waiting for a promise. */
export type Handler = (context: Context) => Response | Promise<Response>

/** Handlers by `METHOD /path/:pattern`, which is also the name that `/__stats` counts them under. */
export type Routes = Readonly<Record<string, Handler>>

type Parsed<Value> = { ok: true; value: Value } | { ok: false; response: Response }

/** Answers with `value` as JSON. */
export function json(value: unknown, status = 200, headers?: Record<string, string>): Response {
  return jsonText(JSON.stringify(value), status, headers)
}

/**
 * Answers with text that is JSON already.
 *
 * The headers stay a plain object, because `@hono/node-server` writes one to the socket as it is: a `Headers` costs
 * more than everything else that a route does.
 */
export function jsonText(text: string, status = 200, headers?: Record<string, string>): Response {
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } })
}

/** Answers that it is done, without a body. */
export function noContent(headers?: Record<string, string>): Response {
  return new Response(null, { status: 204, ...(headers && { headers }) })
}

/** Answers with an error, in the one shape that all errors of the store have. */
export function problem(
  status: number,
  error: string,
  issues?: Problem['issues'],
  headers?: Record<string, string>,
): Response {
  return json({ error, issues } satisfies Problem, status, headers)
}

/** Checks `input` against `schema`; the other outcome is the answer 400. */
export function parse<Value>(schema: z.ZodType<Value>, input: unknown): Parsed<Value> {
  const result = schema.safeParse(input)
  if (result.success) return { ok: true, value: result.data }
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return { ok: false, response: problem(400, 'The request is invalid', issues) }
}

/** Reads the body as JSON and checks it against `schema`. */
export async function parseBody<Value>(context: Context, schema: z.ZodType<Value>): Promise<Parsed<Value>> {
  let body: unknown
  try {
    body = await context.req.raw.json()
  } catch {
    return { ok: false, response: problem(400, 'The body is not valid JSON', []) }
  }
  return parse(schema, body)
}
