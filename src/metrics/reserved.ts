import { isWithinStep, keyOfSeries, shortName } from './bounds.ts'
import type { SeriesKind } from './series.ts'

/** What objectives judge: it keeps a place beside the bounds, so that none of its samples is lost to `other`. */
export class ReservedPlaces {
  readonly #keys: Set<string> = new Set()
  /** The longest first: of steps within each other the innermost is found. */
  #steps: string[] = []

  add(kind: SeriesKind, name: string): void {
    const key = keyOfSeries(kind, name)
    if (this.#keys.has(key)) return
    this.#keys.add(key)
    if (kind === 'step') this.#steps = [...this.#steps, name].toSorted((left, right) => right.length - left.length)
  }

  has(kind: SeriesKind, name: string): boolean {
    return this.#keys.has(keyOfSeries(kind, name))
  }

  /** The innermost reserved step that a step is or stands in, as tables keep its name; `undefined` when in none. */
  stepAround(step: string): string | undefined {
    const found = this.#steps.find((name) => isWithinStep(step, name))
    return found === undefined ? undefined : shortName(found)
  }
}
