import type { RoundPlan } from '../options/plan.ts'
import type { RunResult } from '../results/run-result.ts'
import type { CapacityDefinition, ScenarioDefinition } from './scenario-definition.ts'

/** What a thread hears when a round has ended. */
export interface EndedRound {
  /** On the leader; after the last round that of the whole search. */
  readonly result: RunResult | undefined
  /** `undefined` after the last round. */
  readonly nextLevel: number | undefined
}

/**
 * Runs one level after another, as main decides, and returns the result of the search. The users of each level are new
 * ones.
 */
export async function runRounds(
  definition: ScenarioDefinition,
  { plan, loadAt }: CapacityDefinition,
  runRound: (definition: ScenarioDefinition, round: RoundPlan) => Promise<EndedRound>,
  rest: () => Promise<void>,
): Promise<RunResult | undefined> {
  const above = (definition.record.expectations ?? []).map(({ limit }) => limit)
  let level = plan.from
  for (let number = 1; ; number++) {
    const resolved = { ...definition.resolved, load: loadAt(level) }
    const { result, nextLevel } = await runRound(
      { ...definition, resolved },
      { number, level, capacity: { ...plan, above } },
    )
    if (nextLevel === undefined) return result
    level = nextLevel
    await rest()
  }
}
