import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { LoadError } from '../shared/errors.ts'
import type { RowSink } from './file-feeder.ts'
import { readUtf8 } from './utf8.ts'

/** Reads a file that is one JSON document: it is in memory as a whole for a moment. */
export async function readJson(file: string, sink: RowSink, path?: string): Promise<void> {
  const rows = find(await parseDocument(file), path)
  if (!Array.isArray(rows)) {
    const where = path === undefined ? 'the document' : `what stands at '${path}'`
    const advice = path === undefined ? 'Say where the array stands with `path`' : 'Correct the path'
    throw new LoadError('ERR_LOAD_DATA', `${file} cannot be used: ${where} is no array. ${advice}.`)
  }
  for (const [index, row] of rows.entries()) {
    const added = sink.add(row, () => `row ${index + 1}`)
    if (added !== undefined) await added
  }
}

/** Reads a file with a JSON value on each line, of which no more is in memory than a piece. */
export async function readJsonLines(file: string, sink: RowSink): Promise<void> {
  let line = 0
  const input = Readable.from(readUtf8(file))
  let failure: Error | undefined
  // The interface ends with its input, but does not tell how that has ended.
  input.once('error', (error: Error) => (failure = error))
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    const content = line === 1 ? text.replace(/^\uFEFF/, '') : text
    if (content.trim() === '') continue
    const number = line
    const where = (): string => `line ${number}`
    const row = parse(content)
    if (row === undefined) {
      sink.problems.add(where(), 'is no JSON')
      continue
    }
    const added = sink.add(row.value, where)
    if (added !== undefined) await added
  }
  if (failure !== undefined) throw failure
}

async function parseDocument(file: string): Promise<unknown> {
  const document = parse((await buffer(readUtf8(file))).toString('utf8').replace(/^\uFEFF/, ''))
  if (document !== undefined) return document.value
  // The parser's own message quotes the text.
  throw new LoadError(
    'ERR_LOAD_DATA',
    `${file} cannot be used: it is no JSON. For a value on each line set format: 'lines'.`,
  )
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function find(document: unknown, path: string | undefined): unknown {
  const keys = path?.replace(/^\$\.?/, '').split('.') ?? []
  return keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    document,
  )
}
