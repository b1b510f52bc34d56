import { pipeline } from 'node:stream/promises'
import { LoadError } from '../shared/errors.ts'
import { showValue } from '../shared/text.ts'
import type { RowSink } from './file-feeder.ts'
import { readUtf8 } from './utf8.ts'

/** A quote that is never closed would take the rest of the file for one value. */
const maxRecordBytes = 2 ** 20

interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** How a file is written. */
export interface CsvFormat {
  /** What stands between two values. @default ',' */
  readonly delimiter?: string
  /** Names of the columns, for a file that has no header row. */
  readonly columns?: readonly string[]
}

/** What csv-parse found wrong. Its messages quote values, which may be passwords. */
const explanations: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  INVALID_OPENING_QUOTE:
    'a quote stands within a value that does not begin with one; write the value in quotes, and each quote in it twice',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote; write each quote within quotes twice',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'text follows a closing quote; write each quote within quotes twice',
  CSV_MAX_RECORD_SIZE: 'a row is longer than 1 MiB; a quote may have been left open',
}

/** Reads a CSV file row by row: no more of it is in memory than a piece. */
export async function readCsv(path: string, options: CsvFormat, sink: RowSink): Promise<void> {
  const { parse } = await import('csv-parse')
  const parser = parse({
    bom: true,
    delimiter: options.delimiter ?? ',',
    info: true,
    max_record_size: maxRecordBytes,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
  })
  let lastLine = 0
  try {
    await pipeline(readUtf8(path), parser, async () => {
      let columns: readonly string[] | undefined = options.columns
      if (columns !== undefined) sink.setColumns(columns)
      for await (const first of parser as AsyncIterable<CsvRecord>) {
        // What the parser has ready is taken at once: a promise for each row would cost more than what is done with it.
        for (let next: CsvRecord | null = first; next !== null; next = parser.read() as CsvRecord | null) {
          const { record, info } = next
          lastLine = info.lines
          if (columns === undefined) columns = readHeader(record, options, sink)
          else {
            const added = addRow(columns, record, info.lines, sink)
            if (added !== undefined) await added
          }
        }
      }
    })
  } catch (cause) {
    // What was wrong before comes first.
    sink.problems.throwIfAny()
    throw explain(path, cause, lastLine)
  }
}

function addRow(
  columns: readonly string[],
  record: readonly string[],
  endLine: number,
  sink: RowSink,
): void | Promise<void> {
  const where = (): string => `line ${startLine(record, endLine)}`
  if (record.length !== columns.length) {
    sink.problems.add(where(), `${count(record.length, 'value')} for ${count(columns.length, 'column')}`)
    return undefined
  }
  return sink.add(record, where)
}

/** By their positions: in a file without a header these are values. */
function readHeader(
  header: readonly string[],
  { delimiter }: CsvFormat,
  { problems, setColumns }: RowSink,
): readonly string[] {
  setColumns(header)
  const [other] = header.length === 1 && delimiter === undefined ? (/[;\t|]/.exec(header[0] ?? '') ?? []) : []
  if (other !== undefined)
    problems.add('line 1', `values seem to be separated by ${showValue(other)}: set \`delimiter\``)
  for (const [index, name] of header.entries()) {
    if (name.trim() === '') problems.add('line 1', `column ${index + 1} has no name`)
    const first = header.indexOf(name)
    if (first < index && name.trim() !== '')
      problems.add(
        'line 1',
        `columns ${first + 1} and ${index + 1} have the same name. Without a header row, give \`columns\``,
      )
  }
  return header
}

/** The parser counts the lines up to the end of a row, and values may go over several. */
function startLine(record: readonly string[], endLine: number): number {
  return endLine - record.reduce((sum, value) => sum + (value.match(/\r\n|\n|\r/g)?.length ?? 0), 0)
}

function explain(path: string, cause: unknown, lastLine: number): unknown {
  if (cause instanceof LoadError || !(cause instanceof Error) || !('code' in cause)) return cause
  const code = String(cause.code)
  const isCsv = 'lines' in cause
  const reason = explanations[code] ?? (isCsv ? `it is no CSV (${code})` : `it cannot be read (${code})`)
  // An open quote is found at the end of the file only: it stands after the last row that was read.
  const line =
    isCsv && code !== 'CSV_QUOTE_NOT_CLOSED' && code !== 'CSV_MAX_RECORD_SIZE' ? Number(cause.lines) : lastLine + 1
  return new LoadError('ERR_LOAD_DATA', `${path} cannot be used: line ${line}: ${reason}.`)
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number.toLocaleString('en')} ${noun}s`
}
