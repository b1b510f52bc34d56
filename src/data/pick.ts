import { LoadError } from '../shared/errors.ts'
import { mixSeed } from '../shared/random.ts'
import { nearestName, showValue } from '../shared/text.ts'
import type { Feeder, RowKey } from './feeder.ts'

/**
 * Which row an iteration gets. `sequential`: one after the other. `shuffle`: likewise, in an order shuffled once for the
 * run. `random`: any, independently. `circular`: like `sequential`, and always from the start again. `unique`: like
 * `sequential`, but the run fails when they run out. What happens at the end otherwise is up to `onEnd`.
 */
export type RowPick = 'sequential' | 'random' | 'shuffle' | 'unique' | 'circular'

/**
 * What happens when every row has been given. `recycle`: they are given again. `fail`: the load ends and fails; one that is
 * bound to is refused before it starts. `stop`: the load ends, and is judged by what it has.
 */
export type RowsEnd = 'stop' | 'fail' | 'recycle'

/** How rows are handed out. */
export interface PickOptions {
  /** Which row comes next. @default 'sequential' */
  readonly pick?: RowPick
  /** `'vu'`: a virtual user keeps its row for all its iterations. @default 'iteration' */
  readonly per?: 'vu' | 'iteration'
  /** What happens when every row has been given. @default 'fail' for `pick: 'unique'`, else 'recycle' */
  readonly onEnd?: RowsEnd
}

/** How rows are handed out, with defaults. */
export interface ResolvedPickOptions {
  readonly pick: RowPick
  readonly per: 'vu' | 'iteration'
  readonly onEnd: RowsEnd
}

const choices: Readonly<Record<string, readonly string[]>> = {
  pick: ['sequential', 'random', 'shuffle', 'unique', 'circular'],
  per: ['vu', 'iteration'],
  onEnd: ['stop', 'fail', 'recycle'],
}

/** Names of the options that say how rows are handed out. */
export const pickOptionNames: readonly string[] = Object.keys(choices)

/** Fills in the defaults. */
export function resolvePick({ pick = 'sequential', per = 'iteration', onEnd }: PickOptions): ResolvedPickOptions {
  return { pick, per, onEnd: onEnd ?? (pick === 'unique' ? 'fail' : 'recycle') }
}

/** What is wrong with the options of a feeder. `known`: those it takes, which it checks itself beyond these. */
export function findOptionProblems(options: unknown, known: readonly string[] = pickOptionNames): string[] {
  if (typeof options !== 'object' || options === null)
    return [`options: expected an object such as { pick: 'random' }; received ${showValue(options)}`]
  const problems: string[] = []
  for (const [name, value] of Object.entries(options)) {
    const values = choices[name]
    if (!known.includes(name)) {
      const nearest = nearestName(name, known)
      problems.push(
        `${name}: unknown option; ${nearest === undefined ? `known are ${known.join(', ')}` : `did you mean '${nearest}'?`}`,
      )
    } else if (values !== undefined && value !== undefined && !values.some((one) => one === value)) {
      const expected = values.map((one) => `'${one}'`).join(', ')
      problems.push(`${name}: expected one of ${expected}; received ${showValue(value)}`)
    }
  }
  return [...problems, ...findConflicts(options)]
}

function findConflicts({ pick, per, onEnd }: PickOptions): string[] {
  if (onEnd === undefined || onEnd === 'recycle') return []
  if (pick === 'random' || pick === 'circular')
    return [`onEnd: rows with pick '${pick}' never end. Remove it, or pick 'sequential', 'shuffle' or 'unique'`]
  if (per === 'vu' && onEnd === 'stop')
    return [
      "onEnd: with per 'vu' a virtual user keeps its row, so that no load ends with the rows. Use 'fail' or 'recycle', or per 'iteration'",
    ]
  return []
}

/** The number of whatever asks for a row: dense over all threads where the executor numbers iterations, else striped by virtual user. */
export function positionOf({ globalIteration, vuId, iteration, vus }: RowKey, per: 'vu' | 'iteration'): number {
  return per === 'vu' ? vuId - 1 : (globalIteration ?? vuId - 1 + iteration * vus)
}

/** A feeder of `length` rows that are there. `what` is how errors call it. */
export function pickFrom<Row>(
  what: string,
  options: ResolvedPickOptions,
  length: number,
  row: (index: number) => Row | PromiseLike<Row>,
): Feeder<Row> {
  const { per, onEnd } = options
  return {
    rowIndex: (key) => pickIndex(what, options, length, key),
    row,
    ...(onEnd === 'fail' && { uniqueRows: length, uniquePer: per }),
    ...(onEnd === 'stop' && { provide: (key) => positionOf(key, per) < length }),
  }
}

function pickIndex(what: string, { pick, per, onEnd }: ResolvedPickOptions, length: number, key: RowKey): number {
  if (pick === 'random') return mixSeed(per === 'vu' ? mixSeed(key.runSeed, key.vuId) : key.seed, 'rows') % length
  const position = positionOf(key, per)
  if (position >= length && onEnd !== 'recycle') throw exhausted(what, pick, per, length)
  const index = position % length
  return pick === 'shuffle' ? shuffledIndex(index, length, key.runSeed) : index
}

/** Without the iteration's number, which would make an error row of each occurrence. */
function exhausted(what: string, pick: RowPick, per: 'vu' | 'iteration', length: number): LoadError {
  const has = length === 1 ? '1 row' : `${length} rows`
  const wanting = per === 'vu' ? 'virtual users' : 'iterations'
  const otherwise = pick === 'unique' ? "pick 'sequential'" : "set onEnd: 'recycle'"
  return new LoadError(
    'ERR_LOAD_DATA_EXHAUSTED',
    `${what} with pick '${pick}' has ${has}, and more ${wanting} than that want one. Add rows, run fewer ${wanting}, or ${otherwise}.`,
  )
}

/**
 * The place of `index` in a shuffled order, without keeping the order: a Feistel network over the next power of four,
 * walked until it lands inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
 */
function shuffledIndex(index: number, length: number, seed: number): number {
  const halfBits = Math.max(1, Math.ceil(Math.log2(Math.max(length, 2)) / 2))
  const mask = (1 << halfBits) - 1
  let value = index
  do {
    let left = value >>> halfBits
    let right = value & mask
    for (let round = 0; round < 4; round++) {
      const mixed = left ^ (mixSeed(seed, round, right) & mask)
      left = right
      right = mixed
    }
    value = (left << halfBits) | right
  } while (value >= length)
  return value
}
