import { throwProblems } from '../shared/errors.ts'
import { showValue } from '../shared/text.ts'
import type { Feeder } from './feeder.ts'
import { findOptionProblems, pickFrom, resolvePick, type PickOptions } from './pick.ts'

/**
 * Feeds the rows of an array to a scenario, one for each iteration, typed as the array's items.
 *
 * @param items - the rows; they are not copied and must be the same in every thread.
 * @param options - which row an iteration gets, and what happens when they run out.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when there are no rows or an option is wrong.
 * @example
 * ```ts
 * scenario('login', { data: { user: rows(users, { pick: 'random' }) } }, async ({ data }) => {
 *   await http.post('/auth/login', { json: data.user })
 * })
 * ```
 */
export function rows<const Row>(items: readonly Row[], options: PickOptions = {}): Feeder<Row> {
  throwProblems('rows()', [...findItemProblems(items), ...findOptionProblems(options)])
  return pickFrom('rows()', resolvePick(options), items.length, (index) => items[index] as Row)
}

function findItemProblems(items: unknown): string[] {
  const expectedRows = 'items: expected an array with at least one row'
  if (!Array.isArray(items)) return [`${expectedRows}; received ${typeName(items)}`]
  return items.length === 0 ? [`${expectedRows}; received []`] : []
}

/** What was given instead of rows, but not its contents: they may be many, and secret. */
function typeName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return showValue(value)
  const { name } = value.constructor
  return value instanceof Promise ? 'a promise: await it first' : `an object (${name === '' ? 'Object' : name})`
}
