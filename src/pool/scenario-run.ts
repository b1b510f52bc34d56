import { abortGraceMs, dataLimitMs, hookLimitMs, settleLimitMs } from '../options/limits.ts'
import { startWindowMs } from '../options/describe-load.ts'
import type { LoadPlan, RoundPlan } from '../options/plan.ts'
import type { LiveProgress } from '../results/live.ts'
import type { RunResult } from '../results/run-result.ts'
import type { RunPhase, ThreadProgress, ThreadReport } from '../results/thread-report.ts'
import { messageOf } from '../shared/errors.ts'
import type { RoundOutcome } from './capacity-record.ts'
import type { BrokenObjective } from '../slo/abort-watch.ts'
import type { MainMessage } from './messages.ts'
import { RunMeasurements, type RunCircumstances } from './run-measurements.ts'
import type { ThreadWatch } from './thread-watch.ts'

/** What a scenario run needs of its surroundings. */
export interface ScenarioRunOptions extends RunCircumstances {
  readonly taskId: string
  /** Ends threads that do not do in time what they must. */
  readonly watch: Pick<ThreadWatch, 'expect' | 'expects' | 'release'>
  /** How long a thread may take to arrive after another. */
  readonly arrivalLimitMs: number
  readonly send: (thread: number, message: MainMessage) => void
  /** Called when the load starts on all threads. */
  readonly onStart?: (plan: LoadPlan) => void
  readonly onProgress: (progress: LiveProgress) => void
  /** Called with the result of a run that is one of several, and why it was ended early, if it was. */
  readonly onRound: (round: RoundPlan, result: RunResult, interruption: string | undefined) => RoundOutcome
  /** Called with the result before the threads get it; of several runs with that of all, after the last. */
  readonly onResult: (result: RunResult) => Promise<void>
}

type ThreadState = 'expected' | 'ready' | 'armed' | 'drained' | 'reported' | 'lost'

/** What a thread is granted beyond the limits it keeps by itself, before it is ended. */
const marginMs = 3500
/** Cutting a request, or ending one that hangs, takes a thread up to 0.25 ms. */
const marginPerVUMs = 0.5

/**
 * One run of one scenario, seen from the main process: gathers the threads at two barriers, sees that each ends in time,
 * and hands the result to the leader. A thread that is lost releases the others.
 */
export class ScenarioRun {
  readonly #options: ScenarioRunOptions
  readonly #states: ThreadState[]
  readonly #measurements: RunMeasurements
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers<void>()
  #plan: LoadPlan | undefined
  #prepared: unknown
  #started: boolean = false
  #preparing: boolean = false
  #held: boolean = false
  #stopping: boolean = false
  #settled: boolean = false
  #result: RunResult | undefined
  /** Told to whoever arrives after the run was refused. */
  #refusal: Extract<MainMessage, { type: 'refused' }> | undefined

  constructor(options: ScenarioRunOptions) {
    this.#options = options
    this.#states = Array.from({ length: options.threads }, () => 'expected')
    this.#measurements = new RunMeasurements(options)
  }

  /** Whether nothing more will come of it for this thread: one that is late still has to hear of a refusal. */
  isOver(thread: number): boolean {
    return this.#settled && this.#states[thread] !== 'expected'
  }

  /** Whether threads wait in it for one that has not arrived. */
  get isGathering(): boolean {
    return !this.#settled && this.#states.includes('expected') && this.#states.includes('ready')
  }

  /** Whether the leader is in `before`, and so on its way. */
  get isPreparing(): boolean {
    return this.#preparing
  }

  /** Whether its threads wait for the end of another load. */
  get isHeld(): boolean {
    return this.#held && !this.#started && !this.#settled
  }

  /** Whether this thread waits at the first barrier. */
  isWaiting(thread: number): boolean {
    return this.isGathering && this.#states[thread] === 'ready'
  }

  /** The result, once there is one. */
  get result(): RunResult | undefined {
    return this.#result
  }

  /** Why the run did not take place, if it was refused. */
  get refusal(): string | undefined {
    return this.#refusal?.reason
  }

  /** Resolves when there is a result, or when there will be none. */
  get whenEnded(): Promise<void> {
    return this.#ended.promise
  }

  /** A thread says what it does outside of the load. */
  enter(thread: number, phase: RunPhase): void {
    if (thread === 0) this.#preparing = phase === 'before' || phase === 'data'
    if (phase === 'waiting') {
      this.#held = true
      this.#release(thread)
      return
    }
    if (phase === 'idle') {
      this.#release(thread)
      const state = this.#states[thread]
      if (!this.#settled && (state === 'armed' || state === 'drained'))
        this.#expect(thread, 'the report', settleLimitMs)
      return
    }
    if (phase === 'teardown' && this.#states[thread] === 'armed') this.#states[thread] = 'drained'
    if (phase === 'data') this.#expect(thread, 'reading the data rows', dataLimitMs)
    else this.#expect(thread, `${phase}()`, hookLimitMs)
  }

  ready(thread: number, plan: LoadPlan, prepared: unknown): void {
    this.#release(thread)
    if (this.#refusal !== undefined && this.#states[thread] === 'expected') {
      this.#states[thread] = 'ready'
      this.#options.send(thread, this.#refusal)
    }
    if (this.#settled) return
    if (this.#plan !== undefined && JSON.stringify(this.#plan) !== JSON.stringify(plan)) {
      this.#states[thread] = 'ready'
      this.refuse(
        `thread ${thread + 1} got another plan for '${plan.scenario}' than the first. Options of a scenario must not depend on the thread, the time or chance.`,
      )
      return
    }
    this.#plan ??= plan
    if (thread === 0) this.#prepared = prepared
    this.#states[thread] = 'ready'
    this.#expectOthers()
    this.#enter(thread, 'ready', () => {
      const { runId, seed, threads, taskId } = this.#options
      for (let index = 0; index < threads; index++) {
        const assignment = { segment: { index, count: threads }, runId, seed, prepared: this.#prepared }
        this.#options.send(index, { type: 'assignment', taskId, assignment })
        this.#expect(index, 'setup()', hookLimitMs)
      }
    })
  }

  /** A thread says that it cannot take part, or go on. */
  giveUp(thread: number, reason: string): void {
    if (this.#started) {
      void this.lose(thread, `thread ${thread + 1} of the load generator failed: ${reason}`)
      return
    }
    this.#states[thread] = 'lost'
    this.#release(thread)
    this.refuse(reason)
  }

  armed(thread: number): void {
    this.#release(thread)
    this.#enter(thread, 'armed', () => {
      this.#started = true
      const startTimeMs = this.#plan?.load.startTimeMs ?? 0
      this.#measurements.start(this.#plan, startTimeMs)
      this.#broadcast({ type: 'go', taskId: this.#options.taskId })
      this.#expectEnd(startTimeMs + (this.#plan === undefined ? 0 : startWindowMs(this.#plan.load)))
      if (this.#plan !== undefined) this.#options.onStart?.(this.#plan)
      if (this.#stopping) this.#sendStop()
    })
  }

  progress(thread: number, progress: ThreadProgress): void {
    if (this.#settled) return
    const broken = this.#measurements.merge(thread, progress)
    if (broken !== undefined && !this.#stopping) this.#endEarly(broken)
    // Once a second, however many threads report: with the first of those that still run.
    if (thread === this.#states.indexOf('armed')) this.#options.onProgress(this.#measurements.describeProgress())
  }

  report(thread: number, report: ThreadReport): Promise<void> | undefined {
    this.#release(thread)
    if (this.#settled) return undefined
    this.#measurements.mergeReport(thread, report)
    this.#states[thread] = 'reported'
    return this.#finishIfComplete()
  }

  /** Ends the load early on all threads; the reason fails it. Without one, what a thread reports will. */
  stop(reason?: string): void {
    if (this.#settled || this.#stopping) return
    if (reason !== undefined) this.#measurements.fail(reason)
    this.#stopping = true
    if (this.#started) this.#sendStop()
  }

  /** An objective ends the load: work that is stuck must not keep it up for as long as a graceful stop may take. */
  #endEarly(broken: BrokenObjective): void {
    this.#measurements.endEarly(broken)
    this.#stopping = true
    this.#sendStop(abortGraceMs)
  }

  /** Goes on without a thread: before the load has started it cannot take place, afterwards it ends early. */
  lose(thread: number, reason: string): Promise<void> | undefined {
    if (this.#settled || this.#states[thread] === 'reported' || this.#states[thread] === 'lost') return undefined
    this.#states[thread] = 'lost'
    this.#release(thread)
    if (!this.#started) {
      this.refuse(reason)
      return undefined
    }
    // Also while the load is being stopped for another reason: without the thread's figures it is not what was asked for.
    this.#measurements.lose(thread, reason)
    this.stop()
    return this.#finishIfComplete()
  }

  /** Releases all threads: the run does not take place. */
  refuse(reason: string, skip: boolean = false): void {
    if (this.#settled) return
    this.#settled = true
    this.#refusal = { type: 'refused', taskId: this.#options.taskId, reason, skip }
    for (const [thread, state] of this.#states.entries()) {
      this.#release(thread)
      if (state === 'ready' || state === 'armed') this.#options.send(thread, this.#refusal)
    }
    this.#ended.resolve()
  }

  #enter(thread: number, state: 'ready' | 'armed', whenAllAre: () => void): void {
    if (this.#settled) return
    this.#states[thread] = state
    if (this.#states.every((candidate) => candidate === state)) whenAllAre()
  }

  #sendStop(gracefulStopMs?: number): void {
    this.#broadcast({ type: 'stop', taskId: this.#options.taskId, gracefulStopMs })
    this.#expectEnd(0)
  }

  /** The load has to end on every thread that runs it, a while after iterations are no longer started. */
  #expectEnd(windowMs: number): void {
    const limitMs = windowMs + (this.#plan?.load.gracefulStopMs ?? 0) + settleLimitMs
    for (const [thread, state] of this.#states.entries()) {
      if (state === 'armed') this.#expect(thread, 'the load', limitMs)
    }
  }

  /** Threads come to a scenario about together; the leader may be in `before()`, which has a limit of its own. */
  #expectOthers(): void {
    const { watch, taskId, arrivalLimitMs } = this.#options
    for (const [thread, state] of this.#states.entries()) {
      if (state === 'expected' && !watch.expects(thread, taskId))
        watch.expect(thread, taskId, 'its way to the scenario', arrivalLimitMs)
    }
  }

  #expect(thread: number, what: string, limitMs: number): void {
    const { watch, taskId } = this.#options
    const scenario = this.#plan === undefined ? '' : ` of '${this.#plan.scenario}'`
    const vus = (this.#plan?.load.vus ?? 0) / this.#options.threads
    watch.expect(thread, taskId, `${what}${scenario}`, limitMs + marginMs + vus * marginPerVUMs)
  }

  #release(thread: number): void {
    this.#options.watch.release(thread, this.#options.taskId)
  }

  async #finishIfComplete(): Promise<void> {
    if (!this.#states.every((state) => state === 'reported' || state === 'lost')) return
    this.#settled = true
    const { taskId, threads, send, onResult } = this.#options
    try {
      const measured = this.#measurements.conclude()
      const round = this.#plan?.round
      const { result, next } =
        round === undefined
          ? { result: measured, next: undefined }
          : this.#options.onRound(round, measured, this.#measurements.interruption)
      this.#result = result
      if (next === undefined) await onResult(result)
      for (let thread = 0; thread < threads; thread++) {
        if (this.#states[thread] !== 'lost')
          send(thread, { type: 'outcome', taskId, result: thread === 0 ? result : undefined, nextLevel: next })
      }
    } catch (error) {
      // Nobody may wait for an outcome that cannot be made.
      const reason = `the result could not be made: ${messageOf(error)}`
      this.#broadcast({ type: 'refused', taskId, reason, skip: false })
    } finally {
      this.#ended.resolve()
    }
  }

  #broadcast(message: MainMessage): void {
    for (let thread = 0; thread < this.#options.threads; thread++) {
      if (this.#states[thread] !== 'lost') this.#options.send(thread, message)
    }
  }
}
