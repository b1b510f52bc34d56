import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { LoadError, messageOf, throwProblems } from '../shared/errors.ts'
import { showValue } from '../shared/text.ts'
import type { Feeder } from './feeder.ts'
import { pickFrom, resolvePick, type PickOptions, type ResolvedPickOptions } from './pick.ts'
import { RowProblems } from './row-problems.ts'
import { describeIssues, findSchemaProblems, parseRow, valuesIn } from './row-schema.ts'
import { nameRow, readRow, SharedRowsBuilder, type SharedRows } from './row-table.ts'

/** A file: an absolute path or one relative to the project's root, or a URL such as `new URL('./users.csv', import.meta.url)`. */
export type DataFile = string | URL

/** Options of every feeder that reads a file. */
export interface FileFeederOptions<Schema extends StandardSchemaV1 | undefined> extends PickOptions {
  /** What each row must fit, and what makes it typed: any Standard Schema (zod, valibot, arktype…). */
  readonly schema?: Schema
}

/** Where a reader of a file puts the rows it finds. */
export interface RowSink {
  /** `where` says for errors which row of the file it is. */
  readonly add: (row: unknown, where: () => string) => void | Promise<void>
  /** From now on rows are lists of values, which are called so. */
  readonly setColumns: (columns: readonly string[]) => void
  readonly problems: RowProblems
}

/** What makes the feeders of files different. */
interface FileFormat {
  /** The function's name. */
  readonly name: string
  readonly file: DataFile
  readonly options: FileFeederOptions<StandardSchemaV1 | undefined>
  /** What is wrong with the options. */
  readonly problems: readonly string[]
  readonly read: (path: string, sink: RowSink) => Promise<void>
}

/** A feeder whose rows are read from a file before the first request, once for all threads. */
export function fileFeeder(format: FileFormat): Feeder<unknown> {
  const { name, file, options } = format
  throwProblems(`${name}()`, [...findFileProblems(file), ...findSchemaProblemsOf(options), ...format.problems])
  const what = `${name}('${shortName(file)}')`
  const pick = resolvePick(options)
  /** By the leader of each run anew, unless it has them: rounds of a search and other scenarios want the same rows. */
  let loading: Promise<SharedRows> | undefined
  return {
    rowIndex: () => failUnopened(what),
    row: () => failUnopened(what),
    load: ({ root }) => (loading ??= load(format, what, root)),
    open: ({ loaded }) => openRows(what, pick, options.schema, loaded as SharedRows),
  }
}

function openRows(
  what: string,
  pick: ResolvedPickOptions,
  schema: StandardSchemaV1 | undefined,
  rows: SharedRows,
): Feeder<unknown> {
  const read = (index: number): unknown => {
    const row = readRow(rows, index)
    return schema === undefined ? row : parseRow(what, schema, row)
  }
  return pickFrom(what, pick, rows.count, read)
}

async function load(format: FileFormat, what: string, root: string): Promise<SharedRows> {
  const { file, options } = format
  const path = typeof file === 'string' ? resolve(root, file) : fileURLToPath(file)
  const problems = new RowProblems(what)
  const builder = new SharedRowsBuilder()
  await findFile(what, path)
  await format.read(path, {
    add: checkedBy(options.schema, builder, problems),
    setColumns: (columns) => {
      builder.columns = columns
    },
    problems,
  })
  problems.throwIfAny()
  if (builder.count > 0) return builder.build()
  throw new LoadError('ERR_LOAD_DATA', `${what} cannot be used: ${path} has no rows. Add at least one.`)
}

/** Adds a row when it fits. What the schema makes of it is made anew where it is used: that need not survive `postMessage`. */
function checkedBy(
  schema: StandardSchemaV1 | undefined,
  builder: SharedRowsBuilder,
  problems: RowProblems,
): RowSink['add'] {
  if (schema === undefined) return (row) => builder.add(row)
  const settle = (row: unknown, where: () => string, result: StandardSchemaV1.Result<unknown>): void => {
    const issues = describeIssues(result)
    if (issues.length === 0) builder.add(row)
    else problems.add(where(), issues.join('; '), valuesIn(row))
  }
  return (row, where) => {
    const result = schema['~standard'].validate(nameRow(builder.columns, row))
    if (result instanceof Promise) return result.then((settled) => settle(row, where, settled))
    settle(row, where, result)
    return undefined
  }
}

async function findFile(what: string, path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new LoadError('ERR_LOAD_DATA', `${what} cannot be used: ${messageOf(cause)}. Correct the path.`, { cause })
  })
  if (!found.isFile()) throw new LoadError('ERR_LOAD_DATA', `${what} cannot be used: ${path} is no file.`)
}

function findFileProblems(file: unknown): string[] {
  const isUsable = file instanceof URL ? file.protocol === 'file:' : typeof file === 'string' && file !== ''
  const shown = file instanceof URL ? `a URL of ${file.protocol}` : showValue(file)
  return isUsable ? [] : [`file: expected a path or a file: URL; received ${shown}`]
}

function findSchemaProblemsOf(options: unknown): string[] {
  return typeof options === 'object' && options !== null && 'schema' in options
    ? findSchemaProblems(options.schema)
    : []
}

function shortName(file: DataFile): string {
  return String(file).split(/[/\\]/).at(-1) ?? ''
}

function failUnopened(what: string): never {
  throw new LoadError(
    'ERR_LOAD_CONTEXT',
    `${what} has no rows outside of a scenario: its file is read when one runs. Put it into the scenario's \`data\`.`,
  )
}
