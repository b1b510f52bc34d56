import type { CapacityResult } from './capacity-result.ts'
import type { RunResult } from './run-result.ts'
import { describeTopFailures } from './top-failures.ts'

/**
 * Why the test case `load` of a scenario fails: for whatever is not the business of a declared objective's own test
 * case. `undefined` where it passes.
 */
export function describeLoadFailure(result: RunResult): string | undefined {
  const { scenario, slos, reasons, verdict, capacity } = result
  if (capacity !== undefined) return describeSearchFailure(scenario, capacity)
  const implicit = slos.filter((outcome) => outcome.slo.implicit && outcome.status === 'fail')
  const all = [...reasons, ...implicit.map((outcome) => outcome.message)]
  if (all.length === 0) return undefined
  const prefix = verdict === 'invalid' ? `The load of '${scenario}' is invalid` : `The load of '${scenario}' failed`
  const list = all.length === 1 ? ` ${all[0] ?? ''}` : all.map((reason) => `\n  - ${reason}`).join('')
  return `${prefix}:${list}${describeTopFailures(result)}`
}

/** A lower bound is a result as well; whether it is enough, expectations of the capacity tell. */
function describeSearchFailure(scenario: string, { ended, highest, summary }: CapacityResult): string | undefined {
  if (ended === 'found' || ended === 'reached-to' || (ended === 'generator' && highest !== undefined)) return undefined
  return `The search '${scenario}' failed: ${summary}`
}
