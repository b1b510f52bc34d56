import type { StandardSchemaV1 } from '@standard-schema/spec'
import { showValue } from '../shared/text.ts'
import type { Feeder } from './feeder.ts'
import { fileFeeder, type DataFile, type FileFeederOptions } from './file-feeder.ts'
import { findOptionProblems, pickOptionNames } from './pick.ts'
import { readJson, readJsonLines } from './read-json.ts'

/** Options of `json()`. */
export interface JsonOptions<
  Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
> extends FileFeederOptions<Schema> {
  /** Where the array of rows stands in the document: `'users'`, `'data.items'`. Without it, the document is the array. */
  readonly path?: string
  /** `'lines'`: a JSON value on each line. @default 'lines' for files named *.ndjson and *.jsonl, else 'document' */
  readonly format?: 'document' | 'lines'
}

/**
 * Feeds the rows of a JSON file to a scenario: an array, or a value on each line (NDJSON, JSON lines), which is read piece by
 * piece. The file is read once before the first request, and one copy of it serves all threads. With a `schema` every row
 * is checked before the load, and what the schema makes of it is what the body gets, typed.
 *
 * @param file - path relative to the project's root, or `new URL('./users.json', import.meta.url)`.
 * @param options - schema, how rows are handed out, and where they stand.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when an option is wrong.
 * @throws {LoadError} `ERR_LOAD_DATA` in the test, before the first request, when the file or its rows cannot be used.
 * @example
 * ```ts
 * const products = json('fixtures/catalogue.json', { path: 'products', schema: Product, pick: 'random' })
 * ```
 */
export function json(file: DataFile, options?: JsonOptions<undefined>): Feeder<unknown>
export function json<Schema extends StandardSchemaV1>(
  file: DataFile,
  options: JsonOptions<Schema> & { readonly schema: Schema },
): Feeder<StandardSchemaV1.InferOutput<Schema>>
export function json(file: DataFile, options: JsonOptions = {}): Feeder<unknown> {
  const problems = [
    ...findOptionProblems(options, [...pickOptionNames, 'schema', 'path', 'format']),
    ...findJsonProblems(file, options),
  ]
  const read = isLines(file, options) ? readJsonLines : readJson
  return fileFeeder({ name: 'json', file, options, problems, read: (path, sink) => read(path, sink, options.path) })
}

function isLines(file: unknown, options: unknown): boolean {
  const { format } = (options ?? {}) as { readonly format?: unknown }
  return format === undefined ? /\.(?:ndjson|jsonl)$/i.test(String(file)) : format === 'lines'
}

function findJsonProblems(file: unknown, options: unknown): string[] {
  const { path, format } = (options ?? {}) as { readonly path?: unknown; readonly format?: unknown }
  const problems: string[] = []
  if (format !== undefined && format !== 'document' && format !== 'lines')
    problems.push(`format: expected 'document' or 'lines'; received ${showValue(format)}`)
  if (path === undefined) return problems
  if (typeof path !== 'string' || path === '')
    problems.push(`path: expected a path such as 'data.users'; received ${showValue(path)}`)
  else if (isLines(file, options))
    problems.push("path: a file with a row on each line has none. Remove it, or set format: 'document'")
  return problems
}
