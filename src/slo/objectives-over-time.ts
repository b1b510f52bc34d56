import { probesOf, type Objectives, type ProbeReport } from '../results/probes.ts'
import { formatDuration } from '../shared/durations.ts'
import { formatRatio } from '../shared/rates.ts'
import { AbortWatch, type BrokenObjective, type JudgedTimes } from './abort-watch.ts'
import { formatFigure, formatPoints, sloTitle, type Slo, type SloOutcome, type SloWindow } from './model.ts'
import { WindowWatch, type WindowsOutcome } from './window-watch.ts'

/** When the objectives of a load can be looked at, in milliseconds since its start. */
export interface LoadTimes {
  /** While iterations are started. */
  readonly window: JudgedTimes
  /** While the load is the highest that is planned. */
  readonly peak: JudgedTimes
}

type Watch = { readonly window: WindowWatch; readonly slo: Slo } | { readonly abort: AbortWatch }

/** Merges what the threads see of objectives over time: ends the load where one asks for it, and judges windows. */
export class ObjectivesOverTime {
  readonly #watches: readonly Watch[]
  /** How far each thread has reported. */
  readonly #reachedMs: number[]

  constructor(objectives: Objectives, threads: number, times: LoadTimes) {
    this.#reachedMs = Array.from({ length: threads }, () => 0)
    this.#watches = probesOf(objectives).map(({ slo, use }): Watch => {
      if (use === 'window' && slo.window !== undefined) return { window: new WindowWatch(slo, slo.window), slo }
      const { brokenForMs = 0, minSamples = 0 } = slo.abort ?? {}
      // While a load grows, and when it shrinks, its throughput is below what is wanted of it at its height.
      const judged = slo.aggregate.kind === 'throughput' ? times.peak : times.window
      return { abort: new AbortWatch(slo, { brokenForMs, minSamples }, judged) }
    })
  }

  /** Takes a thread's report. Why the load has to end now, or `undefined`. */
  add(thread: number, { atMs, deltas }: ProbeReport): BrokenObjective | undefined {
    for (const [position, watch] of this.#watches.entries()) {
      const delta = deltas[position]
      if ('window' in watch) watch.window.add(thread, delta)
      else if (delta !== undefined) watch.abort.add(delta, atMs)
    }
    this.#reachedMs[thread] = atMs
    return this.#judge()
  }

  /** Nothing more comes from a thread: the others are judged without it. */
  leave(thread: number): BrokenObjective | undefined {
    this.#reachedMs[thread] = Number.POSITIVE_INFINITY
    for (const watch of this.#watches) if ('window' in watch) watch.window.leave(thread)
    return this.#judge()
  }

  /**
   * The outcomes of objectives with a window, by their ids.
   *
   * @param endMs - when iterations were no longer started, or the load has ended.
   * @param fromMs - when the warm-up was over.
   */
  conclude(endMs: number, fromMs: number = 0): Map<string, SloOutcome> {
    const outcomes = new Map<string, SloOutcome>()
    for (const watch of this.#watches) {
      if (!('window' in watch) || watch.slo.window === undefined) continue
      const outcome = judgeWindows(watch.slo, watch.slo.window, watch.window.conclude(endMs, fromMs))
      if (outcome !== undefined) outcomes.set(watch.slo.id, outcome)
    }
    return outcomes
  }

  #judge(): BrokenObjective | undefined {
    const completeMs = Math.min(...this.#reachedMs)
    if (completeMs === Number.POSITIVE_INFINITY) return undefined
    let broken: BrokenObjective | undefined
    for (const watch of this.#watches) {
      if ('window' in watch) watch.window.judge(completeMs)
      else broken ??= watch.abort.judge(completeMs)
    }
    return broken
  }
}

/** `undefined` where there was no window to judge: the figure of the whole run says why. */
function judgeWindows(slo: Slo, window: SloWindow, outcome: WindowsOutcome): SloOutcome | undefined {
  const { judged, met } = outcome
  if (judged === 0) return slo.aggregate.kind === 'throughput' ? tooShort(slo, window) : undefined
  const actual = met / judged
  return {
    slo,
    // Less what binary fractions add.
    status: met >= window.share * judged - 1e-9 ? 'pass' : 'fail',
    actual,
    samples: judged,
    message: describe(slo, window, outcome),
    warning: describeFewSamples(slo, outcome),
  }
}

function tooShort(slo: Slo, { windowMs }: SloWindow): SloOutcome {
  const message = `${sloTitle(slo)} could not be judged: the load ended before the first ${formatDuration(windowMs)} were over.`
  return { slo, status: 'fail', actual: undefined, samples: 0, message, warning: undefined }
}

function describe(slo: Slo, { windowMs, share }: SloWindow, { judged, met, firstMissed }: WindowsOutcome): string {
  const { window: _window, ...everyWindow } = slo
  const actual = met / judged
  const [unit, of] = windowMs === 1000 ? ['second', ''] : ['window', ` of ${formatDuration(windowMs)}`]
  const windows = `${judged.toLocaleString('en')} ${unit}${judged === 1 ? '' : 's'}${of}`
  const side = actual === share ? 'exactly' : formatPoints(actual, share)
  if (met === judged && share === 1)
    return `${sloTitle(everyWindow)} was ${describeCondition(slo)} in all of ${windows}`
  const first = firstMissed === undefined ? '' : `; missed first at ${(firstMissed * windowMs) / 1000} s`
  return `${sloTitle(everyWindow)} was ${describeCondition(slo)} in ${formatRatio(actual)} of ${windows}, ${side} the ${formatRatio(share)} wanted${first}`
}

function describeCondition({ aggregate, condition }: Slo): string {
  if (condition.kind === 'between')
    return `from ${formatFigure(aggregate, condition.low)} to ${formatFigure(aggregate, condition.high)}`
  return `${condition.kind} ${formatFigure(aggregate, condition.limit)}`
}

/** With fewer samples than one beyond the percentile it is the maximum. */
function describeFewSamples({ aggregate }: Slo, { samples, judged }: WindowsOutcome): string | undefined {
  if (aggregate.kind !== 'percentile' || aggregate.percentile === 100) return undefined
  const needed = Math.ceil(100 / (100 - aggregate.percentile) - 0.001)
  const average = samples / judged
  if (average >= needed) return undefined
  return `has ${Number(average.toFixed(1))} samples in a window on average; p(${aggregate.percentile}) of fewer than ${needed.toLocaleString('en')} is their maximum`
}
