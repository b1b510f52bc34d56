import type { RunResult } from './run-result.ts'

/**
 * Why the test case `load` of a scenario fails: for whatever is not the business of a declared objective's own test
 * case. `undefined` where it passes.
 */
export function describeLoadFailure({ scenario, slos, reasons, verdict }: RunResult): string | undefined {
  const implicit = slos.filter((outcome) => outcome.slo.implicit && outcome.status === 'fail')
  const all = [...reasons, ...implicit.map((outcome) => outcome.message)]
  if (all.length === 0) return undefined
  const prefix = verdict === 'invalid' ? `The load of '${scenario}' is invalid` : `The load of '${scenario}' failed`
  const list = all.length === 1 ? ` ${all[0] ?? ''}` : all.map((reason) => `\n  - ${reason}`).join('')
  return `${prefix}:${list}`
}
