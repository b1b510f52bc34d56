import type { CheckCount, Counters } from './counters.ts'
import type { ErrorRow } from './error-table.ts'
import type { Series, SeriesDefinition } from './series.ts'

/** What one thread measured since its last snapshot: plain data, the large part in two transferable arrays. */
export interface MetricsSnapshot {
  /** Series that appeared since the last snapshot. */
  readonly definitions: readonly SeriesDefinition[]
  /** For each recorder that changed: series id, part, number of pairs n, then n pairs of position and count. */
  readonly cells: Uint32Array<ArrayBuffer>
  /** For each recorder in `cells`, in the same order: count, sum, min, max, clamped. */
  readonly totals: Float64Array<ArrayBuffer>
  readonly counters: Counters
  readonly checks: readonly CheckCount[]
  readonly errors: readonly ErrorRow[]
}

const cellHeader = 3
/** Numbers per recorder in `MetricsSnapshot.totals`. */
const totalsPerRecorder = 5

/** Empties the recorders of all series into the two arrays of a snapshot. */
export function encodeSeries(all: readonly Series[]): Pick<MetricsSnapshot, 'cells' | 'totals'> {
  let cellCount = 0
  let recorderCount = 0
  for (const series of all) {
    for (const recorder of series.parts) {
      if (recorder === undefined || recorder.count === 0) continue
      recorderCount += 1
      cellCount += cellHeader + 2 * recorder.touchedCount
    }
  }
  const cells = new Uint32Array(cellCount)
  const totals = new Float64Array(recorderCount * totalsPerRecorder)
  writeRecorders(all, cells, totals)
  return { cells, totals }
}

function writeRecorders(all: readonly Series[], cells: Uint32Array, totals: Float64Array): void {
  let cell = 0
  let total = 0
  for (const series of all) {
    for (let part = 0; part < series.parts.length; part++) {
      const recorder = series.parts[part]
      if (recorder === undefined || recorder.count === 0) continue
      cells[cell++] = series.definition.id
      cells[cell++] = part
      cells[cell++] = recorder.touchedCount
      totals.set([recorder.count, recorder.sum, recorder.min, recorder.max, recorder.clamped], total)
      total += totalsPerRecorder
      recorder.drain((index, count) => {
        cells[cell++] = index
        cells[cell++] = count
      })
    }
  }
}

/** What a snapshot holds of one recorder. */
export interface RecorderDelta {
  readonly seriesId: number
  readonly part: number
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly clamped: number
  /** Pairs of a position and how much it grew. */
  readonly cells: Uint32Array
}

/** Reads a snapshot's arrays back, one recorder at a time. */
export function* decodeSeries(snapshot: Pick<MetricsSnapshot, 'cells' | 'totals'>): Generator<RecorderDelta> {
  const { cells, totals } = snapshot
  let cell = 0
  for (let total = 0; cell < cells.length; total += totalsPerRecorder) {
    const [seriesId = 0, part = 0, pairs = 0] = cells.subarray(cell, cell + cellHeader)
    const [count = 0, sum = 0, min = 0, max = 0, clamped = 0] = totals.subarray(total, total + totalsPerRecorder)
    const first = cell + cellHeader
    cell = first + 2 * pairs
    yield { seriesId, part, count, sum, min, max, clamped, cells: cells.subarray(first, cell) }
  }
}
