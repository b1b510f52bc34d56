import { requireFrame } from '../session/current.ts'
import { throwProblems } from '../shared/errors.ts'
import { mixSeed, SeededRandom } from '../shared/random.ts'
import { showValue } from '../shared/text.ts'
import type { Feeder } from './feeder.ts'
import { findOptionProblems, positionOf } from './pick.ts'

/** What a row is made from. */
export interface RowContext {
  /** Number of the row, from 0: none comes twice in a run, on any number of threads. */
  readonly index: number
  /** A number from 0 up to 1 from the row's own sequence: the same seed of the run gives the same row. */
  readonly random: () => number
  /** A string that no other call returns, in this run or another: for what must be new each time, such as an order's key. */
  readonly uniqueId: () => string
}

/**
 * Makes a row for each iteration. There is no end to them. Made from `index` and `random()`, a row depends on the seed of the
 * run alone, on any number of threads. Time that an asynchronous function takes is the iteration's.
 *
 * @param make - makes a row; may be asynchronous.
 * @param options - `per: 'vu'` makes each virtual user keep the number and the random sequence of its row.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when an argument is wrong.
 * @example
 * ```ts
 * const customers = generated(({ index, random, uniqueId }) => ({
 *   email: `customer-${uniqueId()}@example.com`,
 *   name: `Customer ${index}`,
 *   age: 18 + Math.floor(random() * 60),
 * }))
 * ```
 */
export function generated<Row>(
  make: (context: RowContext) => Row | PromiseLike<Row>,
  options: { readonly per?: 'vu' | 'iteration' } = {},
): Feeder<Row> {
  throwProblems('generated()', [...findMakeProblems(make), ...findOptionProblems(options, ['per'])])
  const { per = 'iteration' } = options
  return {
    rowIndex: (key) => positionOf(key, per),
    row: (index, { runSeed }) => {
      const sequence = new SeededRandom(mixSeed(runSeed, 'generated', index))
      const uniqueId = (): string => requireFrame('generated()').session.uniqueId()
      return make({ index, random: () => sequence.next(), uniqueId })
    },
  }
}

function findMakeProblems(make: unknown): string[] {
  const expected = 'make: expected a function that returns a row'
  if (typeof make !== 'function') return [`${expected}; received ${showValue(make)}`]
  const isGenerator = ['GeneratorFunction', 'AsyncGeneratorFunction'].includes(make.constructor.name)
  return isGenerator ? [`${expected}; received a generator function: use streamed()`] : []
}
