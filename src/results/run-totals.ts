import { keyOfSeries, maxErrorRows, maxSeries, otherName, placeOfCheck } from '../metrics/bounds.ts'
import { latencyLayout, phaseLayout } from '../metrics/buckets.ts'
import { addCounters, createCounters, type CheckCount, type Counters } from '../metrics/counters.ts'
import type { ErrorRow } from '../metrics/error-table.ts'
import { LatencyHistogram } from '../metrics/histogram.ts'
import { ReservedPlaces } from '../metrics/reserved.ts'
import { firstPhasePart, seriesParts, type SeriesDefinition, type SeriesKind } from '../metrics/series.ts'
import { decodeSeries, type MetricsSnapshot, type RecorderDelta } from '../metrics/snapshot.ts'

/** The merged measurements of one series over all threads. */
export class SeriesTotals {
  readonly kind: SeriesKind
  readonly name: string
  readonly phaseNames: readonly string[]
  ok: number = 0
  /** Timeouts included. */
  failed: number = 0
  aborted: number = 0
  clamped: number = 0
  /** Successes, timeouts and cut work: what objectives read. */
  readonly latency: LatencyHistogram = new LatencyHistogram(latencyLayout)
  failedLatency: LatencyHistogram | undefined
  service: LatencyHistogram | undefined
  readonly phases: (LatencyHistogram | undefined)[] = []

  constructor(definition: SeriesDefinition) {
    this.kind = definition.kind
    this.name = definition.name
    this.phaseNames = definition.phases
  }

  /** All that ended, whatever way. */
  get count(): number {
    return this.ok + this.failed + this.aborted
  }

  add(delta: RecorderDelta): void {
    this.#histogramOf(delta.part).add(delta)
    this.clamped += delta.clamped
    if (delta.part === seriesParts.ok) this.ok += delta.count
    else if (delta.part === seriesParts.failed || delta.part === seriesParts.timeout) this.failed += delta.count
    else if (delta.part === seriesParts.aborted) this.aborted += delta.count
  }

  #histogramOf(part: number): LatencyHistogram {
    if (part >= firstPhasePart) return (this.phases[part - firstPhasePart] ??= new LatencyHistogram(phaseLayout))
    if (part === seriesParts.failed) return (this.failedLatency ??= new LatencyHistogram(latencyLayout))
    if (part === seriesParts.service) return (this.service ??= new LatencyHistogram(latencyLayout))
    return this.latency
  }
}

/**
 * Everything measured so far, merged over all threads. Its size depends neither on the number of samples nor on that of
 * the threads: each of them keeps to the bounds, but they need not keep the same names.
 */
export class RunTotals {
  readonly counters: Counters = createCounters()
  readonly checks: Map<string, CheckCount> = new Map()
  readonly errors: Map<string, ErrorRow> = new Map()

  /** Values met of the labels that objectives ask for. */
  readonly seenLabels: Map<string, Set<string>> = new Map()

  readonly #series: Map<string, SeriesTotals> = new Map()
  readonly #reserved: ReservedPlaces = new ReservedPlaces()
  /** Ids are numbered by each thread for itself. */
  readonly #byThread: SeriesTotals[][] = []

  /** Keeps a place for a name beside the bound, as each thread does. */
  reserve(kind: SeriesKind, name: string): void {
    this.#reserved.add(kind, name)
  }

  /** Adds what a thread measured since its last snapshot. `observe` sees each part before it is merged. */
  add(thread: number, snapshot: MetricsSnapshot, observe?: (series: SeriesTotals, delta: RecorderDelta) => void): void {
    const ids = (this.#byThread[thread] ??= [])
    for (const definition of snapshot.definitions) ids[definition.id] = this.#seriesFor(definition)
    for (const delta of decodeSeries(snapshot)) {
      const series = ids[delta.seriesId]
      if (series === undefined) continue
      observe?.(series, delta)
      series.add(delta)
    }
    addCounters(this.counters, snapshot.counters)
    for (const check of snapshot.checks) this.#addCheck(check)
    for (const row of snapshot.errors) this.#addError(row)
  }

  /** Notes values of labels, each after its label. */
  addLabels(seen: readonly (readonly [string, string])[]): void {
    for (const [label, value] of seen)
      this.seenLabels.set(label, (this.seenLabels.get(label) ?? new Set<string>()).add(value))
  }

  /** All series of one kind, in order of appearance; of every kind without one. */
  series(kind?: SeriesKind): SeriesTotals[] {
    const all = [...this.#series.values()]
    return kind === undefined ? all : all.filter((series) => series.kind === kind)
  }

  find(kind: SeriesKind, name: string): SeriesTotals | undefined {
    return this.#series.get(keyOfSeries(kind, name))
  }

  #seriesFor(definition: SeriesDefinition): SeriesTotals {
    const { kind, name } = definition
    const key = keyOfSeries(kind, name)
    const known = this.#series.get(key)
    if (known !== undefined) return known
    if (name !== otherName && !this.#reserved.has(kind, name) && this.series(kind).length >= maxSeries[kind]) {
      this.counters.overflowed += 1
      return this.#seriesFor({ ...definition, name: otherName })
    }
    const created = new SeriesTotals(definition)
    this.#series.set(key, created)
    return created
  }

  #addCheck(check: CheckCount): void {
    const key = `${check.step}\n${check.name}`
    const known = this.checks.get(key)
    if (known !== undefined) {
      known.passed += check.passed
      known.failed += check.failed
      return
    }
    const elsewhere = placeOfCheck(check.name, check.step, this.checks.size, this.#reserved.stepAround(check.step))
    if (elsewhere === undefined) {
      this.checks.set(key, { ...check })
    } else {
      this.counters.overflowed += 1
      this.#addCheck({ ...check, name: otherName, step: elsewhere })
    }
  }

  #addError(row: ErrorRow): void {
    const key = `${row.category}\n${row.message}\n${row.step}\n${row.request}`
    const otherKey = `${row.category}\n${otherName}\n\n`
    const known = this.errors.get(key)
    if (known !== undefined) {
      known.count += row.count
      if (isBetterExemplar(row, known)) known.exemplar = row.exemplar
      known.firstSeenMs = Math.min(known.firstSeenMs, row.firstSeenMs)
      known.lastSeenMs = Math.max(known.lastSeenMs, row.lastSeenMs)
    } else if (this.errors.size >= maxErrorRows && key !== otherKey) {
      this.counters.overflowed += 1
      this.#addError({ ...row, message: otherName, step: '', request: '' })
    } else {
      this.errors.set(key, { ...row })
    }
  }
}

/** An iteration can be run again, a hook cannot; of two that are alike, the one that was met first. */
function isBetterExemplar(row: ErrorRow, known: ErrorRow): boolean {
  if (row.exemplar === undefined || known.exemplar === undefined) return row.exemplar !== undefined
  const isHook = row.exemplar.inHook === true
  const wasHook = known.exemplar.inHook === true
  return isHook === wasHook ? row.firstSeenMs < known.firstSeenMs : wasHook
}
