import type { Series } from '../metrics/series.ts'

/** The phases of iterations that have a planned start: how late they were, all of them, and those after the first second. */
export const lagPhases: readonly string[] = ['start_lag', 'steady_start_lag']

/** In it, code is compiled and connections are made. */
const unsteadyMs = 1000

/** Records how late iterations start. */
export class StartLag {
  readonly #phasesUs: Float64Array = new Float64Array(lagPhases.length)

  record(iterations: Series, lagMs: number, plannedMs: number): void {
    const lagUs = Math.max(0, lagMs * 1000)
    this.#phasesUs[0] = lagUs
    this.#phasesUs[1] = plannedMs < unsteadyMs ? -1 : lagUs
    iterations.recordPhases(this.#phasesUs)
  }
}
