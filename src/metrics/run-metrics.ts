import { ConnectionTable } from './connection-table.ts'
import { MetricsRegistry } from './registry.ts'
import type { SeriesKind } from './series.ts'

/** What one thread measures of a scenario run: what is judged, and apart from it the warm-up. */
export class RunMetrics {
  readonly measured: MetricsRegistry
  readonly warmup: MetricsRegistry = new MetricsRegistry()
  readonly connections: ConnectionTable = new ConnectionTable(this)
  /** Gets what belongs to no iteration, such as the bytes of a connection: the part that the load is in at present. */
  present: MetricsRegistry

  constructor(measured: MetricsRegistry = new MetricsRegistry()) {
    this.measured = measured
    this.present = measured
  }

  /** Whether the load is in its warm-up at present. */
  get isWarmup(): boolean {
    return this.present === this.warmup
  }

  /** The part that an iteration belongs to, and all that is done in it, whenever it ends. */
  of(scope: { readonly warmup: boolean }): MetricsRegistry {
    return scope.warmup ? this.warmup : this.measured
  }

  /** Keeps a place for a name beside the bounds. */
  reserve(kind: SeriesKind, name: string): void {
    this.measured.reserve(kind, name)
    this.warmup.reserve(kind, name)
  }
}
