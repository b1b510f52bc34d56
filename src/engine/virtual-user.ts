import { outcomes, type Outcome } from '../metrics/series.ts'
import {
  createRootFrame,
  createScope,
  frames,
  thinkTimeMs,
  type Frame,
  type IterationScope,
} from '../session/current.ts'
import type { Session } from '../session/session.ts'
import type { Breath } from '../shared/breath.ts'
import { CategorisedError } from '../shared/errors.ts'
import { mixSeed } from '../shared/random.ts'
import { categorise, isCounted, outcomeOf, outcomeOfRequests } from './categorise.ts'
import type { Clock } from './clock.ts'
import type { LoadPart, LoadParts } from './load-parts.ts'
import { settle } from './settle.ts'

/** Which iteration runs: what random sequences and data rows are derived from. */
export interface IterationKey {
  readonly vuId: number
  /** Of this virtual user, from 0. */
  readonly iteration: number
  /** Among all iterations of the run, where the executor numbers them. */
  readonly globalIteration: number | undefined
  readonly seed: number
  /** Numbers of the data rows by feeder, where they are given instead of picked. */
  readonly rows?: Readonly<Record<string, number>>
}

/** Whether there are data rows for an iteration. */
export type Provided = boolean | Promise<boolean>

/** What all virtual users of a thread share. */
export interface VirtualUserContext {
  readonly clock: Clock
  readonly breath: Breath
  readonly parts: LoadParts
  /** Seed of the run and the scenario together. */
  readonly seed: number
  /** Runs the scenario's body once. Called within the iteration's frame. */
  readonly body: (session: Session, key: IterationKey) => unknown
  /** Whether there are data rows for an iteration; absent where none has to ask. */
  readonly provide?: ((key: IterationKey) => Provided) | undefined
  /** Aborted when no further iteration may start. */
  readonly stopping?: AbortSignal | undefined
  /** Puts a failure into the error table. */
  readonly fail: (frame: Frame, thrown: unknown) => void
}

/** A session, and what ends its requests and think time before those of all others. */
export interface OpenSession {
  readonly session: Session
  readonly end: () => void
}

/** An iteration that is under way. */
export interface RunningIteration {
  readonly frame: Frame
  readonly part: LoadPart
  /** When it started; in an open model, when it was to start. */
  readonly startedAtMs: number
}

/** An iteration that has been recorded. */
interface FinishedIteration {
  readonly outcome: Outcome
  readonly endedAtMs: number
}

const unsettled = 'did not end although it was cut'
const fastFailureMs = 10
const toleratedFailures = 3
const longestBackOffMs = 1000

/**
 * One virtual user. Its iterations go through these states, each iteration through exactly one of the last three:
 *
 * - `started`: counted; the body runs.
 * - `ok`: the body returned, what it had left in flight has ended, and no request failed.
 * - `failed`: the body threw, or one of its requests failed. Counted once, whatever it went through.
 * - `aborted`: it was cut. From then on whatever its body still does is recorded as aborted, or not at all when the
 *   body never settles. Neither ok nor failed; its elapsed time counts as a lower bound.
 */
export class VirtualUser {
  readonly id: number

  readonly #context: VirtualUserContext
  readonly #open: () => OpenSession
  #session: OpenSession
  #dismissed: boolean = false
  #iteration: number = 0
  #running: RunningIteration | undefined
  #fastFailures: number = 0
  #isOut: boolean = false
  /** Of the iteration that was started last. */
  #part: LoadPart

  constructor(id: number, open: () => OpenSession, context: VirtualUserContext) {
    this.id = id
    this.#open = open
    this.#session = open()
    this.#context = context
    this.#part = context.parts.measured
  }

  /** What the user owns. */
  get session(): Session {
    return this.#session.session
  }

  /** Whether it was cut for good: it iterates no more until it is renewed. */
  get isDismissed(): boolean {
    return this.#dismissed
  }

  /** Whether there are no data rows for it any more: it iterates no further. */
  get isOut(): boolean {
    return this.#isOut
  }

  /** Whether its iterations wait for data rows before they start. */
  get asksForRows(): boolean {
    return this.#context.provide !== undefined
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /** The iteration that is under way. */
  get running(): RunningIteration | undefined {
    return this.#running
  }

  /**
   * Runs the body once and records how it went. Never rejects.
   *
   * @param plannedAtMs - in an open model, when the iteration was to start: its latency counts from then, and a failure
   * slows nobody down.
   * @param onStart - called when the iteration starts: at once, unless it waits for data rows.
   */
  async runIteration(globalIteration?: number, plannedAtMs?: number, onStart?: () => void): Promise<void> {
    const { clock, parts, body } = this.#context
    const key = this.#nextKey(globalIteration)
    if (this.#context.provide !== undefined) {
      const provided = this.#provide(key)
      // Awaited only where it has to be: an open load sees at once that there is no more.
      if (provided === false || (provided !== true && !(await provided))) return
    }
    onStart?.()
    this.session.beginIteration(key.iteration, key.seed, globalIteration)
    const startedAtMs = plannedAtMs ?? clock.now()
    const part = parts.at(startedAtMs)
    const scope = createScope(false, part.warmup)
    const frame = createRootFrame(this.session, scope)
    part.metrics.counters.iterationsStarted += 1
    const running = { frame, part, startedAtMs }
    this.#part = part
    this.#running = running
    let outcome: Outcome = outcomes.ok
    try {
      await frames.run(frame, body, this.session, key)
    } catch (thrown) {
      outcome = this.#outcomeOfThrown(frame, thrown)
    }
    if (isBusy(scope)) await this.#settle(running)
    if (this.#running !== running) return
    const finished = this.#finish(running, outcome)
    if (plannedAtMs !== undefined) return
    const pause = this.#pause(running, finished)
    // Awaiting nothing would cost every iteration a promise and a turn of the microtask queue.
    if (pause !== undefined) await pause
  }

  /** Counts that the last iteration took longer than the pacing allows for. */
  missPacing(): void {
    // It was the pause after it, which is told of by itself.
    if (this.#fastFailures > toleratedFailures) return
    this.#part.metrics.counters.pacingMissed += 1
  }

  /** Marks the running iteration as cut: what it still does counts as aborted. */
  cut(): void {
    if (this.#running !== undefined) this.#running.frame.scope.cut = true
  }

  /** Cuts this user alone, where its session can be ended by itself. */
  dismiss(): void {
    this.#dismissed = true
    this.cut()
    this.#session.end()
  }

  /** A new user comes in its place, with a session of its own. */
  renew(): void {
    void this.session.close()
    this.#session = this.#open()
    this.#dismissed = false
  }

  /** Gives up an iteration that was cut and does not settle. Returns whether there was one. */
  abandon(): boolean {
    if (this.#running === undefined) return false
    const { frame, part } = this.#running
    this.#context.fail(frame.scope.openStep ?? frame, new CategorisedError('ERR_LOAD_ABORTED', 'aborted', unsettled))
    this.#abandonSteps(frame.scope, part)
    this.#finish(this.#running, outcomes.aborted)
    return true
  }

  #provide(key: IterationKey): Provided {
    const provided = this.#context.provide?.(key) ?? true
    if (provided instanceof Promise) return this.#whenProvided(provided)
    this.#isOut = !provided
    return provided
  }

  async #whenProvided(provided: Promise<boolean>): Promise<boolean> {
    const isProvided = await provided
    // Whoever stopped waiting because the load is over, or its time, has not come to an end of the rows.
    if (this.#context.stopping?.aborted === true || this.#dismissed) return false
    this.#isOut = !isProvided
    return isProvided
  }

  #nextKey(globalIteration: number | undefined): IterationKey {
    const iteration = this.#iteration++
    const seed =
      globalIteration === undefined
        ? mixSeed(this.#context.seed, this.id, iteration)
        : mixSeed(this.#context.seed, globalIteration)
    return { vuId: this.id, iteration, globalIteration, seed }
  }

  #outcomeOfThrown(frame: Frame, thrown: unknown): Outcome {
    const { category } = categorise(thrown)
    const cutByUs = frame.scope.cut || category === 'aborted'
    if (!cutByUs && !isCounted(thrown) && frame.scope.counted?.has(thrown) !== true) this.#context.fail(frame, thrown)
    return cutByUs ? outcomes.aborted : outcomeOf(category, frame)
  }

  /** Waits for what the body has started and left: it belongs to this iteration, not to the next. */
  async #settle(running: RunningIteration): Promise<void> {
    const { scope } = running.frame
    running.part.metrics.counters.requestsNotAwaited += scope.inFlight + scope.held
    await settle(scope, () => isBusy(scope) && this.#running === running, this.#context.clock)
  }

  /** Records the steps that are still open with the time they have taken so far: a lower bound. */
  #abandonSteps(scope: IterationScope, { metrics }: LoadPart): void {
    const nowMs = this.#context.clock.now()
    for (let step = scope.openStep; step !== undefined; step = step.openBefore) {
      if (step.recorded) continue
      step.recorded = true
      const elapsedMs = nowMs - step.startedAtMs - thinkTimeMs(step, nowMs)
      const series = metrics.series('step', step.path)
      series.record(outcomes.aborted, elapsedMs * 1000)
      series.tell(outcomes.aborted, elapsedMs * 1000, -1, step.startedAtMs, nowMs)
    }
  }

  /** Records the iteration. */
  #finish(running: RunningIteration, ended: Outcome): FinishedIteration {
    const { frame, part } = running
    const { counters } = part.metrics
    this.#running = undefined
    const outcome = frame.scope.cut ? outcomes.aborted : ended === outcomes.ok ? outcomeOfRequests(frame) : ended
    const nowMs = this.#context.clock.now()
    const durationUs = (nowMs - running.startedAtMs - thinkTimeMs(frame, nowMs)) * 1000
    part.iterations.record(outcome, durationUs)
    part.iterations.tell(outcome, durationUs, -1, running.startedAtMs, nowMs)
    if (outcome === outcomes.ok) counters.iterationsOk += 1
    else if (outcome === outcomes.aborted) counters.iterationsAborted += 1
    else counters.iterationsFailed += 1
    return { outcome, endedAtMs: nowMs }
  }

  /** A virtual user that fails at once is slowed down, so that it neither spins nor floods the error table. */
  #pause(running: RunningIteration, { outcome, endedAtMs }: FinishedIteration): Promise<void> | undefined {
    const { clock, breath } = this.#context
    const failedFast = outcome === outcomes.failed && endedAtMs - running.startedAtMs < fastFailureMs
    this.#fastFailures = failedFast ? this.#fastFailures + 1 : 0
    if (this.#fastFailures > toleratedFailures) {
      running.part.metrics.counters.backOffs += 1
      const factor = 2 ** Math.min(this.#fastFailures - toleratedFailures, 10)
      return clock.sleep(Math.min(longestBackOffMs, factor * fastFailureMs), this.session.signal)
    }
    return breath.due(endedAtMs)
  }
}

function isBusy(scope: IterationScope): boolean {
  return scope.inFlight > 0 || scope.held > 0 || scope.openStep !== undefined
}
