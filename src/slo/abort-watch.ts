import type { ProbeDelta } from '../metrics/probe-recorder.ts'
import { abortWindowMs } from '../results/probes.ts'
import { formatMicroseconds } from '../shared/durations.ts'
import { formatCondition, formatFigure, isMet, type Slo, type SloAbort } from './model.ts'
import { Tally } from './tally.ts'

/** Between which times a second is looked at, in milliseconds since the start of the load. */
export type JudgedTimes = readonly { readonly fromMs: number; readonly toMs: number }[]

/** An objective that has been broken for as long as it takes to end the load. */
export interface BrokenObjective {
  readonly slo: Slo
  /** Of the last second, in the aggregate's unit. */
  readonly figure: number
  /** For how long, its figure, and what was wanted. */
  readonly reason: string
}

/**
 * Watches an objective that may end the load, second by second. A second in which nothing ended, and nothing was under way
 * for longer than the limit, says nothing: it neither breaks the objective nor mends it.
 */
export class AbortWatch {
  readonly #slo: Slo
  readonly #abort: SloAbort
  readonly #times: JudgedTimes
  readonly #seconds: Map<number, Tally> = new Map()
  #nextSecond: number = 0
  #brokenSince: number | undefined
  #samples: number = 0

  constructor(slo: Slo, abort: SloAbort, times: JudgedTimes) {
    this.#slo = slo
    this.#abort = abort
    this.#times = times
  }

  /** Takes what a thread has seen up to a time. What is under way then counts for the second before. */
  add(delta: ProbeDelta, atMs: number): void {
    for (const counts of delta.windows) this.#tallyOf(counts.window).add(counts)
    if (delta.overdue !== undefined) this.#tallyOf(Math.floor(atMs / abortWindowMs) - 1).add(delta.overdue)
  }

  /** Judges the seconds that are over in all threads. Why the load has to end, or `undefined`. */
  judge(completeMs: number): BrokenObjective | undefined {
    let broken: BrokenObjective | undefined
    for (; (this.#nextSecond + 1) * abortWindowMs <= completeMs; this.#nextSecond++) {
      const tally = this.#seconds.get(this.#nextSecond)
      this.#seconds.delete(this.#nextSecond)
      broken ??= this.#judgeSecond(this.#nextSecond, tally ?? new Tally())
    }
    return broken
  }

  #judgeSecond(second: number, tally: Tally): BrokenObjective | undefined {
    const { aggregate } = this.#slo
    const figure = this.#isWatched(second) ? tally.figure(aggregate, abortWindowMs) : undefined
    if (figure === undefined) return undefined
    if (isMet(this.#slo, figure)) {
      this.#brokenSince = undefined
      this.#samples = 0
      return undefined
    }
    this.#brokenSince ??= second
    this.#samples += tally.samples(aggregate)
    const brokenMs = (second + 1 - this.#brokenSince) * abortWindowMs
    const isEnough = aggregate.kind === 'throughput' || this.#samples >= this.#abort.minSamples
    if (brokenMs < this.#abort.brokenForMs || !isEnough) return undefined
    return { slo: this.#slo, figure, reason: this.#describe(brokenMs, figure) }
  }

  #isWatched(second: number): boolean {
    const fromMs = second * abortWindowMs
    return this.#times.some((time) => time.fromMs <= fromMs && fromMs + abortWindowMs <= time.toMs)
  }

  #describe(brokenMs: number, figure: number): string {
    const { aggregate } = this.#slo
    const last = formatFigure(aggregate, figure)
    const counted = aggregate.kind === 'throughput' ? '' : ` (${this.#samples.toLocaleString('en')} samples)`
    const { window: _window, ...everySecond } = this.#slo
    const wanted = formatCondition(everySecond)
    return `broken for ${formatMicroseconds(brokenMs * 1000)}: ${last} in the last second, wanted ${wanted}${counted}`
  }

  /** Of a second that has been judged nothing is kept: who comes so late belongs to the next one. */
  #tallyOf(second: number): Tally {
    const open = Math.max(second, this.#nextSecond)
    const known = this.#seconds.get(open)
    if (known !== undefined) return known
    const created = new Tally()
    this.#seconds.set(open, created)
    return created
  }
}
