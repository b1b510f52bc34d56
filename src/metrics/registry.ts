import { createCounters, type CheckCount, type Counters } from './counters.ts'
import { ErrorTable } from './error-table.ts'
import { Series, type SeriesDefinition, type SeriesKind } from './series.ts'
import { encodeSeries, type MetricsSnapshot } from './snapshot.ts'

const maxSeries = 500
const maxChecks = 200
/** Name of the series or check that takes what is over the bound. */
export const otherName = 'other'

/** All that one thread measures of one scenario run. Its size does not depend on the number of samples. */
export class MetricsRegistry {
  readonly errors: ErrorTable = new ErrorTable()
  counters: Counters = createCounters()

  readonly #series: Record<SeriesKind, Map<string, Series>> = {
    iteration: new Map(),
    step: new Map(),
    request: new Map(),
    hook: new Map(),
  }
  readonly #all: Series[] = []
  /** By step, then by name: a joined key would be built for every check. */
  readonly #checks: Map<string, Map<string, CheckCount>> = new Map()
  readonly #allChecks: CheckCount[] = []
  #sentDefinitions: number = 0

  /** The series of this kind and name, made on first use; over the bound, the one named `other`. */
  series(kind: SeriesKind, name: string, phases: readonly string[] = []): Series {
    const known = this.#series[kind].get(name)
    if (known !== undefined) return known
    if (this.#all.length >= maxSeries && name !== otherName) {
      this.counters.overflowed += 1
      return this.series(kind, otherName, phases)
    }
    const definition: SeriesDefinition = { id: this.#all.length, kind, name, phases }
    const created = new Series(definition)
    this.#series[kind].set(name, created)
    this.#all.push(created)
    return created
  }

  /** Counts one evaluation of a check. */
  check(name: string, step: string, passed: boolean): void {
    const count = this.#checkCount(name, step)
    if (passed) count.passed += 1
    else count.failed += 1
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

  #checkCount(name: string, step: string): CheckCount {
    const known = this.#checks.get(step)?.get(name)
    if (known !== undefined) return known
    if (this.#allChecks.length >= maxChecks && name !== otherName) {
      this.counters.overflowed += 1
      return this.#checkCount(otherName, '')
    }
    const created: CheckCount = { name, step, passed: 0, failed: 0 }
    const ofStep = this.#checks.get(step) ?? new Map<string, CheckCount>()
    this.#checks.set(step, ofStep.set(name, created))
    this.#allChecks.push(created)
    return created
  }
}
