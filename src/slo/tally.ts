import { highestAt, latencyLayout, rankOf } from '../metrics/buckets.ts'
import type { WindowCounts } from '../metrics/probe-recorder.ts'
import type { SloAggregate } from './model.ts'

/** What was counted in one window over all threads: as many numbers as there were different latencies. */
export class Tally {
  ok: number = 0
  failed: number = 0
  aborted: number = 0
  #count: number = 0
  #sum: number = 0
  #max: number = 0
  readonly #cells: Map<number, number> = new Map()

  add(counts: WindowCounts): void {
    const { cells } = counts
    this.ok += counts.ok
    this.failed += counts.failed
    this.aborted += counts.aborted
    this.#count += counts.count
    this.#sum += counts.sum
    this.#max = Math.max(this.#max, counts.max)
    for (let position = 0; position < cells.length; position += 2) {
      const index = cells[position] ?? 0
      this.#cells.set(index, (this.#cells.get(index) ?? 0) + (cells[position + 1] ?? 0))
    }
  }

  /** The figure, in the aggregate's unit; `undefined` where there is nothing to make one of. */
  figure(aggregate: SloAggregate, windowMs: number): number | undefined {
    switch (aggregate.kind) {
      case 'throughput':
        return (this.ok * 1000) / windowMs
      case 'errorRate':
        return part(this.failed, this.ok + this.failed + this.aborted)
      case 'checks':
        return part(this.ok, this.ok + this.failed)
      case 'mean':
        return part(this.#sum, this.#count)
      case 'max':
        return this.#count === 0 ? undefined : this.#max
      case 'percentile':
        return this.#percentile(aggregate.percentile)
    }
  }

  /** How many samples the figure rests on. */
  samples(aggregate: SloAggregate): number {
    return 'of' in aggregate ? this.#count : this.ok + this.failed + (aggregate.kind === 'checks' ? 0 : this.aborted)
  }

  /** HdrHistogram's: the highest value of the position at which so many values are reached, the maximum at most. */
  #percentile(percentile: number): number | undefined {
    if (this.#count === 0) return undefined
    const wanted = rankOf(percentile, this.#count)
    const sorted = [...this.#cells].toSorted(([left], [right]) => left - right)
    let reached = 0
    for (const [index, count] of sorted) {
      reached += count
      if (reached >= wanted) return Math.min(this.#max, highestAt(latencyLayout, index))
    }
    return this.#max
  }
}

function part(some: number, all: number): number | undefined {
  return all === 0 ? undefined : some / all
}
