import type { ResolvedScenarioOptions } from '../options/scenario-options.ts'
import type { ResolvedAbortOptions } from '../options/slo-options.ts'
import { sloId, type Slo, type SloAggregate, type SloCondition } from '../slo/model.ts'
import type { ScenarioRecord } from './handle.ts'

const target = { kind: 'scenario' } as const

/** What ends a scenario's load and yields no test case. */
export function abortingSlo(scenario: string, options: ResolvedAbortOptions | false | undefined): Slo | undefined {
  if (options === undefined || options === false) return undefined
  const { errorRate, ...abort } = options
  const aggregate = { kind: 'errorRate' } as const
  const condition = { kind: 'below', limit: errorRate } as const
  return {
    id: `${sloId(scenario, target, aggregate)}|abort`,
    scenario,
    target,
    aggregate,
    condition,
    implicit: true,
    abort,
  }
}

/** The objectives that hold for a scenario because the user declared none of their kind. */
export function implicitSlos(scenario: ScenarioRecord, options: ResolvedScenarioOptions): Slo[] {
  const slos: Slo[] = []
  const add = (aggregate: SloAggregate, condition: SloCondition): void => {
    const id = sloId(scenario.name, target, aggregate)
    if (scenario.declarations.some((declaration) => declaration.slo.id === id)) return
    slos.push({ id, scenario: scenario.name, target, aggregate, condition, implicit: true })
  }
  if (options.errorRate !== undefined) add({ kind: 'errorRate' }, { kind: 'below', limit: options.errorRate })
  if (options.checks !== undefined) add({ kind: 'checks' }, { kind: 'above', limit: options.checks })
  return slos
}
