import { bucketIndex, highestLatencyUs, latencyLayout } from './buckets.ts'
import { outcomes, type Outcome, type SeriesFollower } from './series.ts'

/** How a probe sorts and reads the work it follows. */
export interface ProbeOptions {
  readonly windowMs: number
  /** By which of its times work belongs to a window. */
  readonly by: 'start' | 'end'
  readonly of: 'response' | 'service'
  /**
   * From which duration on, in microseconds, a single piece of work is worse than what the objective asks for; `undefined`
   * where durations do not matter.
   */
  readonly limitUs: number | undefined
}

/** What was counted in one window; latencies in microseconds, as pairs of position and count. */
export interface WindowCounts {
  /** Number of the window, from 0 at the start of the load. */
  readonly window: number
  readonly ok: number
  /** Timeouts included. */
  readonly failed: number
  readonly aborted: number
  readonly count: number
  readonly sum: number
  readonly max: number
  readonly cells: readonly number[]
}

/** What a probe has seen since its last report: plain data. */
export interface ProbeDelta {
  readonly windows: readonly WindowCounts[]
  /** The windows in which work that is still under way began. */
  readonly inFlight: readonly number[]
  /** Work under way for longer than the limit, at the time it has taken so far. */
  readonly overdue: WindowCounts | undefined
  /** The first and the last window that passed while bad work went on from before to after them. */
  readonly spanned: readonly [number, number] | undefined
}

class OpenWindow {
  ok: number = 0
  failed: number = 0
  aborted: number = 0
  count: number = 0
  sum: number = 0
  max: number = 0
  readonly cells: Map<number, number> = new Map()

  add(durationUs: number): void {
    const rounded = Math.min(highestLatencyUs, Math.max(1, Math.round(durationUs)))
    const index = bucketIndex(latencyLayout, rounded)
    this.cells.set(index, (this.cells.get(index) ?? 0) + 1)
    this.count += 1
    this.sum += rounded
    if (rounded > this.max) this.max = rounded
  }

  counts(window: number): WindowCounts {
    const { ok, failed, aborted, count, sum, max } = this
    return { window, ok, failed, aborted, count, sum, max, cells: [...this.cells].flat() }
  }
}

/**
 * Follows one kind of work over time, for an objective that needs it. Only what happened since the last report is kept,
 * so that its size does not grow with the run.
 */
export class ProbeRecorder implements SeriesFollower {
  readonly #options: ProbeOptions
  #originMs: number = Number.POSITIVE_INFINITY
  #windows: Map<number, OpenWindow> = new Map()
  #inFlight: Set<number> = new Set()
  #overdue: OpenWindow | undefined
  #spanned: [number, number] | undefined

  constructor(options: ProbeOptions) {
    this.#options = options
  }

  /** The load has started: windows count from here. */
  begin(originMs: number): void {
    this.#originMs = originMs
  }

  /** Notes work that has ended. A negative duration is not one. */
  note(outcome: Outcome, durationUs: number, serviceUs: number, startedAtMs: number, endedAtMs: number): void {
    const { by, of, limitUs } = this.#options
    const window = this.#windowAt(by === 'start' ? startedAtMs : endedAtMs)
    if (window < 0) return
    const counts = this.#windows.get(window) ?? this.#open(window)
    if (outcome === outcomes.ok) counts.ok += 1
    else if (outcome === outcomes.aborted) counts.aborted += 1
    else counts.failed += 1
    const isFailure = outcome === outcomes.failed
    const readUs = of === 'service' ? serviceUs : durationUs
    if (!isFailure && readUs >= 0) counts.add(readUs)
    const isBad = limitUs === undefined ? isFailure || outcome === outcomes.timeout : !isFailure && readUs >= limitUs
    if (isBad && by === 'start') this.#span(window + 1, this.#windowAt(endedAtMs) - 1)
  }

  /** Notes work that goes on, and has taken so long. */
  noteInFlight(startedAtMs: number, elapsedUs: number): void {
    const { by, limitUs } = this.#options
    const window = this.#windowAt(startedAtMs)
    if (window < 0) return
    if (by === 'start') this.#inFlight.add(window)
    else if (limitUs !== undefined && elapsedUs >= limitUs) (this.#overdue ??= new OpenWindow()).add(elapsedUs)
  }

  /** Hands over what there is and starts anew; `undefined` when there is nothing. */
  drain(): ProbeDelta | undefined {
    if (this.#windows.size + this.#inFlight.size === 0 && this.#overdue === undefined) return undefined
    const delta: ProbeDelta = {
      windows: Array.from(this.#windows, ([window, counts]) => counts.counts(window)),
      inFlight: [...this.#inFlight],
      overdue: this.#overdue?.counts(0),
      spanned: this.#spanned,
    }
    this.#windows = new Map()
    this.#inFlight = new Set()
    this.#overdue = undefined
    this.#spanned = undefined
    return delta
  }

  /** Negative before the load has begun. */
  #windowAt(atMs: number): number {
    return Math.floor((atMs - this.#originMs) / this.#options.windowMs)
  }

  #open(window: number): OpenWindow {
    const created = new OpenWindow()
    this.#windows.set(window, created)
    return created
  }

  #span(from: number, to: number): void {
    if (to < from) return
    const [first, last] = this.#spanned ?? [from, to]
    this.#spanned = [Math.min(first, from), Math.max(last, to)]
  }
}
