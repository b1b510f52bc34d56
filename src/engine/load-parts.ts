import type { MetricsRegistry } from '../metrics/registry.ts'
import type { RunMetrics } from '../metrics/run-metrics.ts'
import type { Series } from '../metrics/series.ts'
import type { Clock } from './clock.ts'

/** Where the iterations of one part of a load are counted. */
export interface LoadPart {
  readonly warmup: boolean
  readonly metrics: MetricsRegistry
  readonly iterations: Series
}

/** The parts of a load: its warm-up, if it has one, and what is measured. Each iteration belongs to the one it starts in. */
export class LoadParts {
  readonly #metrics: RunMetrics
  readonly #measured: LoadPart
  readonly #warmup: LoadPart
  /** When the warm-up ends, on the clock of the run. */
  #warmupEndMs: number = Number.NEGATIVE_INFINITY

  constructor(metrics: RunMetrics, seriesOf: (registry: MetricsRegistry) => Series) {
    const { measured, warmup } = metrics
    this.#metrics = metrics
    this.#measured = { warmup: false, metrics: measured, iterations: seriesOf(measured) }
    this.#warmup = { warmup: true, metrics: warmup, iterations: seriesOf(warmup) }
  }

  /** The part of an iteration that starts at a time; in an open model, that is planned for it. */
  at(startMs: number): LoadPart {
    return startMs < this.#warmupEndMs ? this.#warmup : this.#measured
  }

  /** The part that is measured. */
  get measured(): LoadPart {
    return this.#measured
  }

  /** The load starts with its warm-up. What belongs to no iteration counts where it happens. */
  start(startedAtMs: number, warmupMs: number, clock: Clock, ended: AbortSignal): void {
    this.#warmupEndMs = startedAtMs + warmupMs
    this.#metrics.present = this.#metrics.warmup
    void clock.sleep(warmupMs, ended).then(() => {
      this.#metrics.present = this.#metrics.measured
    })
  }
}
