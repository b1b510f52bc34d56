import { LoadError, throwProblems } from '../shared/errors.ts'
import { showValue } from '../shared/text.ts'
import type { Feeder, FeederRun } from './feeder.ts'
import { findOptionProblems, type RowsEnd } from './pick.ts'
import { RowStream, type NumberedRow } from './row-stream.ts'

/** What a source of rows is called with, in each thread. */
export interface SourceContext {
  /** Number of this thread, from 0. */
  readonly thread: number
  /** How many threads run the load. */
  readonly threads: number
  /** Aborted when no more rows are wanted: pass it to whatever the source waits for. */
  readonly signal: AbortSignal
}

/** Options of `streamed()`. */
export interface StreamedOptions {
  /**
   * Which rows of its source a thread uses. `'share'`: every thread goes through the same source and uses every n-th row,
   * which is right for what reads a table or a file. `'all'`: the source gives each thread rows of its own, because it takes
   * them from a queue or cuts them by `thread` and `threads`. @default 'share'
   */
  readonly use?: 'share' | 'all'
  /** How many rows are held ready in each thread. @default 100 */
  readonly prefetch?: number
  /** What happens when the source ends; `recycle` calls it again. @default 'fail' */
  readonly onEnd?: RowsEnd
}

/** How long the first row may take: nothing is measured meanwhile, and whoever waits for ever should know. */
const firstRowLimitMs = 30_000

/**
 * Feeds what an asynchronous source gives, such as rows of a database or pages of an API, one for each iteration. The source
 * runs in each thread, ahead of the load by `prefetch` rows, and no further. An iteration that finds no row ready waits before
 * it starts: in a closed model that is none of its time, in an open one a late start, of which too many make the run invalid.
 * Who gets which row depends on who asks first; no row is given twice.
 *
 * @param source - is called once in each thread; gives rows in the same order each time, unless `use` is `'all'`.
 * @param options - how threads share the source, how far it runs ahead, and what happens at its end.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when an argument is wrong.
 * @example
 * ```ts
 * const orders = streamed(async function* ({ signal }) {
 *   for (let page = 0; ; page++) {
 *     const answer = await fetch(`http://127.0.0.1:8080/orders?page=${page}`, { signal })
 *     yield* (await answer.json()) as { id: string }[]
 *   }
 * })
 * ```
 */
export function streamed<Row>(
  source: (context: SourceContext) => AsyncIterable<Row> | Iterable<Row>,
  options: StreamedOptions = {},
): Feeder<Row> {
  throwProblems('streamed()', findProblems(source, options))
  const { use = 'share', prefetch = 100, onEnd = 'fail' } = options
  return {
    rowIndex: () => failUnopened(),
    row: () => failUnopened(),
    open: (run) => openStream(source, { use, prefetch, onEnd }, run),
  }
}

async function openStream<Row>(
  source: (context: SourceContext) => AsyncIterable<Row> | Iterable<Row>,
  { use, prefetch, onEnd }: Required<StreamedOptions>,
  { thread, threads }: FeederRun,
): Promise<Feeder<Row>> {
  const ended = new AbortController()
  const begin = (): AsyncIterable<Row> | Iterable<Row> => source({ thread, threads, signal: ended.signal })
  const stream = new RowStream(begin, {
    first: thread,
    step: threads,
    takesAll: use === 'all',
    prefetch,
    recycles: onEnd === 'recycle',
  })
  const feeder = feedFrom(stream, onEnd, () => ended.abort())
  try {
    await stream.whenReady(firstRowLimitMs)
  } catch (error) {
    feeder.close?.()
    throw error
  }
  return feeder
}

/** A row is reserved before its iteration starts, and handed over in it. */
function feedFrom<Row>(stream: RowStream<Row>, onEnd: RowsEnd, end: () => void): Feeder<Row> {
  const reserved = new Map<number, NumberedRow<Row>>()
  const reserve = (
    { vuId }: { readonly vuId: number },
    row: NumberedRow<Row> | undefined,
    signal: AbortSignal,
  ): boolean => {
    if (row === undefined) {
      if (onEnd === 'fail' && !signal.aborted) throw exhausted()
      return false
    }
    reserved.set(vuId, row)
    return true
  }
  return {
    provide: (key, signal) => {
      const row = stream.take(signal)
      return row instanceof Promise ? row.then((taken) => reserve(key, taken, signal)) : reserve(key, row, signal)
    },
    rowIndex: ({ vuId }) => reserved.get(vuId)?.index ?? 0,
    row: (index, { vuId }) => {
      const own = reserved.get(vuId)
      reserved.delete(vuId)
      // Another than the reserved one is asked for where an iteration is run again.
      return own?.index === index ? own.row : stream.find(index)
    },
    close: () => {
      end()
      stream.close()
    },
  }
}

function exhausted(): LoadError {
  return new LoadError(
    'ERR_LOAD_DATA_EXHAUSTED',
    "The source of streamed() has ended, and more iterations want a row. Let it give more, run fewer iterations, or set onEnd: 'stop' or 'recycle'.",
  )
}

function findProblems(source: unknown, options: unknown): string[] {
  const problems: string[] = []
  if (typeof source !== 'function')
    problems.push(
      `source: expected a function that returns rows, such as async function* () {…}; received ${showValue(source)}`,
    )
  problems.push(...findOptionProblems(options, ['onEnd', 'use', 'prefetch']))
  const { use, prefetch } = (options ?? {}) as { readonly use?: unknown; readonly prefetch?: unknown }
  if (use !== undefined && use !== 'share' && use !== 'all')
    problems.push(`use: expected 'share' or 'all'; received ${showValue(use)}`)
  if (prefetch !== undefined && !(Number.isSafeInteger(prefetch) && Number(prefetch) >= 1))
    problems.push(`prefetch: expected an integer of at least 1; received ${showValue(prefetch)}`)
  return problems
}

function failUnopened(): never {
  throw new LoadError(
    'ERR_LOAD_CONTEXT',
    "streamed() has no rows outside of a scenario: its source runs with one. Put it into the scenario's `data`.",
  )
}
