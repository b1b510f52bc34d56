import { mixSeed } from '../shared/random.ts'
import { LoadError, throwProblems } from '../shared/errors.ts'
import { nearestName, showValue } from '../shared/text.ts'

/**
 * Which row an iteration gets. `sequential`: one after the other, from the start again at the end. `random`: any,
 * independently. `shuffle`: like `sequential` in an order shuffled once for the run. `unique`: like `sequential`, but
 * no row twice – the run fails when they run out.
 */
export type RowPick = 'sequential' | 'random' | 'shuffle' | 'unique'

/** Which iteration asks for a row. */
export interface RowKey {
  /** Number of the virtual user, from 1. */
  readonly vuId: number
  /** Of this virtual user, from 0. */
  readonly iteration: number
  /** Among all iterations, where the executor numbers them. */
  readonly globalIteration: number | undefined
  /** Of the iteration. */
  readonly seed: number
  /** Of the run and scenario. */
  readonly runSeed: number
  /** How many virtual users there are, over all threads. */
  readonly vus: number
}

/** A source of data rows for a scenario: `data: { user: rows(users) }`. */
export interface Feeder<Row> {
  /** Number of the row for an iteration: the same for the same seed, on any number of threads. */
  readonly rowIndex: (key: RowKey) => number
  readonly row: (index: number) => Row
  /** How many rows there are when none is given twice, so that a longer load is refused before it starts. */
  readonly uniqueRows?: number
}

const picks: readonly RowPick[] = ['sequential', 'random', 'shuffle', 'unique']

/**
 * Feeds the rows of an array to a scenario, one for each iteration, typed as the array's items.
 *
 * @param items - the rows; they are not copied and must be the same in every thread.
 * @param options - `pick` says which row an iteration gets. Default `'sequential'`.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when there are no rows or `pick` is unknown.
 * @example
 * ```ts
 * scenario('login', { data: { user: rows(users, { pick: 'random' }) } }, async ({ data }) => {
 *   await http.post('/auth/login', { json: data.user })
 * })
 * ```
 */
export function rows<const Row>(items: readonly Row[], options: { readonly pick?: RowPick } = {}): Feeder<Row> {
  throwProblems('rows()', findProblems(items, options))
  const { pick = 'sequential' } = options
  return {
    rowIndex: (key) => pickIndex(pick, items.length, key),
    row: (index) => items[index] as Row,
    ...(pick === 'unique' && { uniqueRows: items.length }),
  }
}

function findProblems(items: unknown, options: unknown): string[] {
  const problems: string[] = []
  const expectedRows = 'items: expected an array with at least one row'
  if (!Array.isArray(items)) problems.push(`${expectedRows}; received ${typeName(items)}`)
  else if (items.length === 0) problems.push(`${expectedRows}; received []`)
  if (typeof options !== 'object' || options === null)
    return [...problems, `options: expected an object such as { pick: 'random' }; received ${showValue(options)}`]
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'pick') {
      const advice = nearestName(name, ['pick']) === undefined ? 'known is pick' : "did you mean 'pick'?"
      problems.push(`${name}: unknown option; ${advice}`)
    } else if (value !== undefined && !picks.some((known) => known === value)) {
      problems.push(
        `pick: expected one of ${picks.map((known) => `'${known}'`).join(', ')}; received ${showValue(value)}`,
      )
    }
  }
  return problems
}

/** What was given instead of rows, but not its contents: they may be many, and secret. */
function typeName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return showValue(value)
  const { name } = value.constructor
  return value instanceof Promise ? 'a promise: await it first' : `an object (${name === '' ? 'Object' : name})`
}

function pickIndex(pick: RowPick, length: number, key: RowKey): number {
  const position = key.globalIteration ?? key.vuId - 1 + key.iteration * key.vus
  switch (pick) {
    case 'random':
      return mixSeed(key.seed, 'rows') % length
    case 'sequential':
      return position % length
    case 'shuffle':
      return shuffledIndex(position % length, length, key.runSeed)
    case 'unique':
      if (position < length) return position
      throw new LoadError(
        'ERR_LOAD_DATA_EXHAUSTED',
        // Without the iteration's number, which would make an error row of each occurrence.
        `rows() with pick 'unique' has ${length === 1 ? '1 row' : `${length} rows`}, and more iterations than that want one. Add rows, run fewer iterations, or pick 'sequential'.`,
      )
  }
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
