import type { ProbeDelta } from '../metrics/probe-recorder.ts'
import { isMet, type Slo, type SloWindow } from './model.ts'
import { Tally } from './tally.ts'

/** How the windows of an objective turned out. */
export interface WindowsOutcome {
  readonly judged: number
  readonly met: number
  /** How many samples the judged windows hold together. */
  readonly samples: number
  /** Number of the first window that did not meet the objective. */
  readonly firstMissed: number | undefined
}

/** What is known of a window: a byte each, which is all that is kept of one that has been judged. */
const states = { unused: 0, spanned: 1, met: 2, missed: 3 } as const
type State = (typeof states)[keyof typeof states]

/** So many windows may wait for work that began in them. */
const maxOpen = 1000

/**
 * Judges an objective window by window. Work belongs to the window it began in, so that one is judged only when no such
 * work is under way any more; counts – and throughput – belong to the one they happened in.
 */
export class WindowWatch {
  readonly #slo: Slo
  readonly #windowMs: number
  readonly #open: Map<number, Tally> = new Map()
  /** By thread: the windows in which work that is under way began. */
  readonly #inFlight: Map<number, ReadonlySet<number>> = new Map()
  #states: Uint8Array<ArrayBuffer> = new Uint8Array(64)
  #samples: number = 0

  constructor(slo: Slo, { windowMs }: SloWindow) {
    this.#slo = slo
    this.#windowMs = windowMs
  }

  /** Takes what a thread has seen since its last report. */
  add(thread: number, delta: ProbeDelta | undefined): void {
    this.#inFlight.set(thread, new Set(delta?.inFlight))
    if (delta === undefined) return
    for (const counts of delta.windows) {
      const tally = this.#open.get(counts.window) ?? new Tally()
      this.#open.set(counts.window, tally)
      tally.add(counts)
    }
    const [first, last] = delta.spanned ?? [0, -1]
    for (let window = first; window <= last; window++)
      if (this.#state(window) === states.unused) this.#set(window, states.spanned)
  }

  /** Nothing more comes from a thread. */
  leave(thread: number): void {
    this.#inFlight.delete(thread)
  }

  /** Judges the windows that are over in all threads, and in which no work that began there goes on. */
  judge(completeMs: number): void {
    const waiting: number[] = []
    for (const window of this.#open.keys()) {
      // One more, for what was to begin in it and begins late.
      const isOver = (window + 2) * this.#windowMs <= completeMs
      if (!isOver) continue
      if ([...this.#inFlight.values()].some((windows) => windows.has(window))) waiting.push(window)
      else this.#close(window)
    }
    const excess = waiting.length - maxOpen
    if (excess > 0) for (const window of waiting.toSorted((a, b) => a - b).slice(0, excess)) this.#miss(window)
  }

  /** Judges what is left. Rates are over whole windows: those that began at `fromMs` and ended by `endMs`. */
  conclude(endMs: number, fromMs: number = 0): WindowsOutcome {
    for (const window of this.#open.keys()) this.#close(window)
    return this.#slo.aggregate.kind === 'throughput'
      ? this.#count(this.#wholeWindows(fromMs, endMs))
      : this.#count(this.#states)
  }

  /** A window in which nothing ended has a rate, too. */
  #wholeWindows(fromMs: number, endMs: number): Uint8Array {
    const whole = new Uint8Array(Math.floor(endMs / this.#windowMs))
    const idle = isMet(this.#slo, 0) ? states.met : states.missed
    return whole.map((_, window) => {
      if (window * this.#windowMs < fromMs) return states.unused
      return this.#state(window) === states.unused ? idle : this.#state(window)
    })
  }

  #count(all: Uint8Array): WindowsOutcome {
    let met = 0
    let judged = 0
    let firstMissed: number | undefined
    for (const [window, state] of all.entries()) {
      if (state === states.unused) continue
      judged += 1
      if (state === states.met) met += 1
      else firstMissed ??= window
    }
    return { judged, met, samples: this.#samples, firstMissed }
  }

  #close(window: number): void {
    const tally = this.#open.get(window)
    this.#open.delete(window)
    if (tally === undefined) return
    const { aggregate } = this.#slo
    this.#samples += tally.samples(aggregate)
    const figure = tally.figure(aggregate, this.#windowMs)
    // Without a figure all that began in it has failed fast. What comes to a window that has been judged cannot mend it.
    if (figure === undefined || !isMet(this.#slo, figure)) this.#set(window, states.missed)
    else if (this.#state(window) !== states.missed) this.#set(window, states.met)
  }

  #miss(window: number): void {
    this.#open.delete(window)
    this.#set(window, states.missed)
  }

  #state(window: number): State {
    return (this.#states[window] ?? states.unused) as State
  }

  #set(window: number, state: State): void {
    if (window >= this.#states.length) {
      const grown = new Uint8Array(Math.max(window + 1, this.#states.length * 2))
      grown.set(this.#states)
      this.#states = grown
    }
    this.#states[window] = state
  }
}
