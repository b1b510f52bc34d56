import { hash } from 'node:crypto'
import type { Context } from 'hono'
import { jsonText } from './respond.ts'

/** Answers with text that is JSON already; with 304 when the client has just this text (RFC 9110, section 13.1.2). */
export function revalidated(context: Context, text: string, headers?: Record<string, string>): Response {
  const etag = `"${hash('sha1', text, 'base64url')}"`
  const caching = { etag, 'cache-control': 'no-cache', ...headers }
  const known = context.req.header('if-none-match')
  if (known === undefined || !includes(known, etag)) return jsonText(text, 200, caching)
  return new Response(null, { status: 304, headers: caching })
}

// A weak tag is as good as a strong one here; and no tag of ours has a comma in it.
function includes(known: string, etag: string): boolean {
  return known.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
