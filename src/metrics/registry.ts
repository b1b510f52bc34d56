import { now } from '../shared/now.ts'
import { isWithinStep, keyOfSeries, maxSeries, otherName, placeOfCheck, shortName } from './bounds.ts'
import { createCounters, type CheckCount, type Counters } from './counters.ts'
import { ErrorTable } from './error-table.ts'
import type { LabelWatch } from './label-watch.ts'
import { ReservedPlaces } from './reserved.ts'
import { outcomes, Series, type SeriesFollower, type SeriesDefinition, type SeriesKind } from './series.ts'
import { encodeSeries, type MetricsSnapshot } from './snapshot.ts'

/** Who follows the checks of a step, or of the scenario. */
interface CheckFollower {
  readonly step: string | undefined
  readonly follower: SeriesFollower
}

/** All that one thread measures of one scenario run. Its size does not depend on the number of samples. */
export class MetricsRegistry {
  readonly errors: ErrorTable = new ErrorTable()
  counters: Counters = createCounters()

  readonly #series: Record<SeriesKind, Map<string, Series>> = {
    iteration: new Map(),
    step: new Map(),
    request: new Map(),
    hook: new Map(),
    labelled: new Map(),
  }
  readonly #all: Series[] = []
  /** By step, then by name: a joined key would be built for every check. */
  readonly #checks: Map<string, Map<string, CheckCount>> = new Map()
  readonly #allChecks: CheckCount[] = []
  readonly #reserved: ReservedPlaces = new ReservedPlaces()
  #sentDefinitions: number = 0
  /** By key of the series, which may not have appeared yet. */
  #followers: Map<string, SeriesFollower[]> | undefined
  #checkFollowers: CheckFollower[] | undefined
  /** Set where objectives read labels. */
  labels: LabelWatch | undefined

  /** Keeps a place for a name beside the bound, a step's for its checks as well. */
  reserve(kind: SeriesKind, name: string): void {
    this.#reserved.add(kind, name)
  }

  /** Has a series followed over time, from its first sample on: call it before there is any. */
  follow(kind: SeriesKind, name: string, follower: SeriesFollower): void {
    const key = keyOfSeries(kind, name)
    const followers = (this.#followers ??= new Map<string, SeriesFollower[]>())
    followers.set(key, [...(followers.get(key) ?? []), follower])
  }

  /** Has the checks of a step followed over time, those of the whole scenario without one. */
  followChecks(step: string | undefined, follower: SeriesFollower): void {
    this.#checkFollowers = [...(this.#checkFollowers ?? []), { step, follower }]
  }

  /** The series of this kind and name, made on first use; over the bound, the one named `other`. */
  series(kind: SeriesKind, name: string, phases: readonly string[] = []): Series {
    return this.#series[kind].get(name) ?? this.#shortlyNamed(kind, shortName(name), phases)
  }

  /** Counts one evaluation of a check. */
  check(name: string, step: string, passed: boolean): void {
    const count = this.#checks.get(step)?.get(name) ?? this.#checkCount(shortName(name), shortName(step))
    if (passed) count.passed += 1
    else count.failed += 1
    if (this.#checkFollowers !== undefined) noteCheck(this.#checkFollowers, step, passed)
  }

  /** What changed since the last snapshot. */
  snapshot(): MetricsSnapshot {
    const definitions = this.#all.slice(this.#sentDefinitions).map((series) => series.definition)
    this.#sentDefinitions = this.#all.length
    this.counters.overflowed += this.errors.overflowed
    this.errors.overflowed = 0
    const snapshot: MetricsSnapshot = {
      definitions,
      ...encodeSeries(this.#all),
      counters: this.counters,
      checks: this.#allChecks.filter((count) => count.passed + count.failed > 0).map((count) => ({ ...count })),
      errors: this.errors.drain(),
    }
    this.counters = createCounters()
    for (const count of this.#allChecks) count.passed = count.failed = 0
    return snapshot
  }

  #shortlyNamed(kind: SeriesKind, name: string, phases: readonly string[]): Series {
    const ofKind = this.#series[kind]
    const known = ofKind.get(name)
    if (known !== undefined) return known
    if (ofKind.size >= maxSeries[kind] && name !== otherName && !this.#reserved.has(kind, name)) {
      this.counters.overflowed += 1
      return this.#shortlyNamed(kind, otherName, phases)
    }
    const definition: SeriesDefinition = { id: this.#all.length, kind, name, phases }
    const created = new Series(definition, this.#followers?.get(keyOfSeries(kind, name)))
    ofKind.set(name, created)
    this.#all.push(created)
    return created
  }

  #checkCount(name: string, step: string): CheckCount {
    const known = this.#checks.get(step)?.get(name)
    if (known !== undefined) return known
    const elsewhere = placeOfCheck(name, step, this.#allChecks.length, this.#reserved.stepAround(step))
    if (elsewhere !== undefined) {
      this.counters.overflowed += 1
      return this.#checkCount(otherName, elsewhere)
    }
    const created: CheckCount = { name, step, passed: 0, failed: 0 }
    const ofStep = this.#checks.get(step) ?? new Map<string, CheckCount>()
    this.#checks.set(step, ofStep.set(name, created))
    this.#allChecks.push(created)
    return created
  }
}

function noteCheck(followers: readonly CheckFollower[], step: string, passed: boolean): void {
  const nowMs = now()
  for (const { step: followed, follower } of followers) {
    if (followed !== undefined && !isWithinStep(shortName(step), followed)) continue
    follower.note(passed ? outcomes.ok : outcomes.failed, -1, -1, nowMs, nowMs)
  }
}
