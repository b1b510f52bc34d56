import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import { catalogue } from './catalogue.ts'
import { type Format, formats } from './formats.ts'
import { parseRange } from './ranges.ts'
import { problem, type Routes } from './respond.ts'

const encodings = {
  identity: (bytes: Uint8Array): Uint8Array => bytes,
  gzip: gzipSync,
  br: brotliCompressSync,
} as const
type Encoding = keyof typeof encodings

const encoder = new TextEncoder()
// Twelve of them at most: the catalogue never changes.
const written = new Map<string, Uint8Array<ArrayBuffer>>()

/** The route that gives the whole catalogue, in the format and the encoding that the client prefers. */
export const exportRoutes: Routes = {
  'GET /catalogue': (context) => {
    const format = prefer(context, 'Accept', formats, 'application/json')
    const encoding = prefer(context, 'Accept-Encoding', encodings, 'identity')
    const bytes = write(format, encoding)
    const headers = { 'content-type': format, vary: 'accept, accept-encoding' }
    // A part of what is compressed is of no use.
    return encoding === 'identity'
      ? ranged(context, bytes, { ...headers, 'accept-ranges': 'bytes' })
      : new Response(bytes, { headers: { ...headers, 'content-encoding': encoding } })
  },
}

function prefer<Name extends string>(
  context: Context,
  header: 'Accept' | 'Accept-Encoding',
  supported: Readonly<Record<Name, unknown>>,
  fallback: NoInfer<Name>,
): Name {
  const supports = Object.keys(supported)
  return accepts(context, { header, supports, default: fallback }) as Name
}

function write(format: Format, encoding: Encoding): Uint8Array<ArrayBuffer> {
  const key = `${format} ${encoding}`
  const known = written.get(key)
  if (known !== undefined) return known
  const bytes = new Uint8Array(encodings[encoding](encoder.encode(formats[format](catalogue))))
  written.set(key, bytes)
  return bytes
}

function ranged(context: Context, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Response {
  const range = parseRange(context.req.header('range'), bytes.length)
  if (range === undefined) return new Response(bytes, { headers })
  if (range === 'unsatisfiable')
    return problem(416, 'There is no such part', undefined, { 'content-range': `bytes */${bytes.length}` })
  const contentRange = `bytes ${range.first}-${range.last}/${bytes.length}`
  const part = bytes.subarray(range.first, range.last + 1)
  return new Response(part, { status: 206, headers: { ...headers, 'content-range': contentRange } })
}
