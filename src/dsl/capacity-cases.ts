import { test, type TestOptions } from 'vitest'
import { formatLevel, type CapacityResult } from '../results/capacity-result.ts'
import type { RunResult } from '../results/run-result.ts'
import { SloAssertionError } from './assertion-error.ts'
import type { ScenarioRecord } from './handle.ts'

/** Registers a test case for each expectation of a capacity, beside that of the search. */
export function registerExpectations(
  { expectations = [], unit = 'rate' }: ScenarioRecord,
  options: TestOptions,
  isFollower: boolean,
  resultOf: () => RunResult | undefined,
): void {
  for (const { limit, site } of expectations) {
    const wanted = formatLevel(unit, limit)
    test(`capacity above ${wanted}`, options, (context) => {
      if (isFollower) return
      const result = resultOf()
      if (result === undefined) context.skip('the search gave no result')
      else if (result.capacity === undefined)
        context.skip('no capacity was looked for: LOAD_* variables or a profile have replaced the search by one load')
      const found = result?.capacity?.expectations.find((expectation) => expectation.limit === limit)
      if (found === undefined || found.status === 'pass') return
      if (found.status === 'skipped') context.skip(found.message)
      const actual = describeActual(result?.capacity)
      throw new SloAssertionError(found.message, site, { expected: `capacity > ${wanted}`, actual })
    })
  }
}

function describeActual(capacity: CapacityResult | undefined): string {
  if (capacity === undefined) return 'capacity unknown'
  const { unit, from, highest, ended } = capacity
  if (highest !== undefined) return `capacity ${ended === 'found' ? '=' : '≥'} ${formatLevel(unit, highest)}`
  return ended === 'below-from' ? `capacity < ${formatLevel(unit, from)}` : 'capacity unknown'
}
