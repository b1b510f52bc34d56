import type { StandardSchemaV1 } from '@standard-schema/spec'
import { showValue } from '../shared/text.ts'
import type { Feeder } from './feeder.ts'
import { fileFeeder, type DataFile, type FileFeederOptions } from './file-feeder.ts'
import { findOptionProblems, pickOptionNames } from './pick.ts'
import { readCsv, type CsvFormat } from './read-csv.ts'

/** Options of `csv()`. */
export interface CsvOptions<Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined>
  extends FileFeederOptions<Schema>, CsvFormat {}

/**
 * Feeds the rows of a CSV file (RFC 4180) to a scenario. The file is read once before the first request, and one copy of it
 * serves all threads. The first row names the columns. With a `schema` every row is checked before the load, and what the
 * schema makes of it is what the body gets, typed; without one all values are strings.
 *
 * @param file - path relative to the project's root, or `new URL('./users.csv', import.meta.url)`. UTF-8, with or without BOM.
 * @param options - schema, how rows are handed out, and how the file is written.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when an option is wrong.
 * @throws {LoadError} `ERR_LOAD_DATA` in the test, before the first request, when the file or its rows cannot be used.
 * @example
 * ```ts
 * const users = csv(new URL('./users.csv', import.meta.url), { schema: User, pick: 'unique' })
 * scenario('login', { data: { user: users } }, ({ data }) => http.post('/auth/login', { json: data.user }).expect(200))
 * ```
 */
export function csv<const Column extends string>(
  file: DataFile,
  options: CsvOptions<undefined> & { readonly columns: readonly Column[] },
): Feeder<Readonly<Record<Column, string>>>
export function csv(file: DataFile, options?: CsvOptions<undefined>): Feeder<Readonly<Record<string, string>>>
export function csv<Schema extends StandardSchemaV1>(
  file: DataFile,
  options: CsvOptions<Schema> & { readonly schema: Schema },
): Feeder<StandardSchemaV1.InferOutput<Schema>>
export function csv(file: DataFile, options: CsvOptions = {}): Feeder<unknown> {
  const problems = [
    ...findOptionProblems(options, [...pickOptionNames, 'schema', 'delimiter', 'columns']),
    ...findCsvProblems(options),
  ]
  return fileFeeder({ name: 'csv', file, options, problems, read: (path, sink) => readCsv(path, options, sink) })
}

function findCsvProblems(options: unknown): string[] {
  const { delimiter, columns } = (options ?? {}) as { readonly delimiter?: unknown; readonly columns?: unknown }
  const problems: string[] = []
  if (delimiter !== undefined && (typeof delimiter !== 'string' || delimiter === '' || /["\r\n]/.test(delimiter)))
    problems.push(
      `delimiter: expected a text such as ';' without quotes and line breaks; received ${showValue(delimiter)}`,
    )
  if (columns === undefined) return problems
  const isList =
    Array.isArray(columns) && columns.length > 0 && columns.every((name) => typeof name === 'string' && name !== '')
  if (!isList) problems.push(`columns: expected an array of names; received ${showValue(columns)}`)
  else if (new Set(columns).size < columns.length)
    problems.push(`columns: expected each name once; received ${showValue(columns)}`)
  return problems
}
