import type { RoundPlan } from '../options/plan.ts'
import type { CapacityLevel } from '../results/capacity-result.ts'
import type { RunResult } from '../results/run-result.ts'
import { nextStep, type SearchStep } from '../slo/capacity-search.ts'
import { asSearchResult, concludeSearch, judgeLevel } from '../slo/capacity.ts'

type Ended = Extract<SearchStep, { kind: 'ended' }>

/** What became of a round. */
export interface RoundOutcome {
  readonly level: CapacityLevel
  /** The level to try next; `undefined` when the search has ended. */
  readonly next: number | undefined
  /** Of the whole search once it has ended, of the level before. */
  readonly result: RunResult
}

/** A capacity search as main sees it: decides after each level what comes next, so that all threads agree on it. */
export class CapacityRecord {
  readonly #levels: CapacityLevel[] = []
  /** Of the levels that were met, each the latest. */
  readonly #met: Map<number, RunResult> = new Map()
  #latest: { readonly round: RoundPlan; readonly result: RunResult } | undefined
  #ended: boolean = false

  /** Takes a level's run. `interruption` is why it was ended early, or lacks figures. */
  add(round: RoundPlan, result: RunResult, interruption: string | undefined): RoundOutcome {
    const level = judgeLevel(round.level, result, interruption)
    this.#latest = { round, result }
    this.#levels.push(level)
    if (level.outcome === 'met') this.#met.set(level.level, result)
    const step = nextStep(round.capacity, this.#levels)
    if (step.kind === 'try') return { level, next: step.level, result }
    return { level, next: undefined, result: this.#conclude(step, round, result) }
  }

  /** Ends a search between two levels. Its result, unless it has ended before or nothing was measured. */
  interrupt(reason: string): RunResult | undefined {
    if (this.#ended || this.#latest === undefined) return undefined
    const { round, result } = this.#latest
    const step = nextStep(round.capacity, [...this.#levels, { level: Number.NaN, outcome: 'interrupted' }])
    return step.kind === 'ended' ? this.#conclude(step, round, result, reason) : undefined
  }

  #conclude(step: Ended, { capacity: plan }: RoundPlan, last: RunResult, reason?: string): RunResult {
    this.#ended = true
    const wishes = { above: plan.above, scale: last.scale }
    const capacity = concludeSearch(plan, this.#levels, step, wishes, reason)
    const best = step.highest === undefined ? undefined : this.#met.get(step.highest)
    return asSearchResult(best ?? last, capacity)
  }
}
