import { describeLoad, plannedIterations } from '../options/load-options.ts'
import type { LoadPlan } from '../options/plan.ts'
import { buildResult, type Judgement, type RunDescription } from '../results/build-result.ts'
import type { LiveProgress } from '../results/live.ts'
import type { RunResult, ThreadHealth } from '../results/run-result.ts'
import { RunTotals } from '../results/run-totals.ts'
import { Timeline } from '../results/timeline.ts'
import { judgeRun } from '../slo/judge.ts'
import type { HookFailures, ThreadProgress, ThreadReport } from '../results/thread-report.ts'
import type { MainMessage } from './messages.ts'

/** What a scenario run needs of its surroundings. */
export interface ScenarioRunOptions {
  readonly taskId: string
  /** How many threads take part; the first one leads. */
  readonly threads: number
  readonly runId: string
  readonly seed: number
  readonly file: string
  readonly project: string
  readonly baseUrl: string | undefined
  readonly now: () => number
  readonly send: (thread: number, message: MainMessage) => void
  readonly onProgress: (progress: LiveProgress) => void
  /** Called with the result before the threads get it. */
  readonly onResult: (result: RunResult) => Promise<void>
}

type ThreadState = 'expected' | 'ready' | 'armed' | 'reported' | 'lost'

/**
 * One run of one scenario, seen from the main process: gathers the threads at two barriers, merges what they measure,
 * judges it, and hands the result to the leader. A thread that is lost releases the others.
 */
export class ScenarioRun {
  readonly #options: ScenarioRunOptions
  readonly #states: ThreadState[]
  readonly #totals: RunTotals = new RunTotals()
  readonly #timeline: Timeline = new Timeline()
  readonly #activeVUs: number[] = []
  /** When each thread's last snapshot came, in milliseconds since the start. */
  readonly #mergedMs: number[] = []
  readonly #health: ThreadHealth[] = []
  readonly #failures: string[] = []
  readonly #hookFailures: HookFailures[] = []
  #abandoned: number = 0
  #plan: LoadPlan | undefined
  #prepared: unknown
  #startedAtMs: number | undefined
  #durationMs: number = 0
  #stopping: boolean = false
  #settled: boolean = false
  /** Told to whoever arrives after the run was refused. */
  #refusal: Extract<MainMessage, { type: 'refused' }> | undefined

  constructor(options: ScenarioRunOptions) {
    this.#options = options
    this.#states = Array.from({ length: options.threads }, () => 'expected')
  }

  /** Whether nothing more will come of it for this thread: one that is late still has to hear of a refusal. */
  isOver(thread: number): boolean {
    return this.#settled && this.#states[thread] !== 'expected'
  }

  /** Whether threads wait in it for one that has not arrived. */
  get isGathering(): boolean {
    return !this.#settled && this.#states.includes('expected') && this.#states.includes('ready')
  }

  /** Whether this thread waits at the first barrier. */
  isWaiting(thread: number): boolean {
    return this.isGathering && this.#states[thread] === 'ready'
  }

  ready(thread: number, plan: LoadPlan, prepared: unknown): void {
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
    this.#enter(thread, 'ready', () => {
      const { runId, seed, threads, taskId } = this.#options
      for (let index = 0; index < threads; index++) {
        const assignment = { segment: { index, count: threads }, runId, seed, prepared: this.#prepared }
        this.#options.send(index, { type: 'assignment', taskId, assignment })
      }
    })
  }

  /** A thread says instead of `ready` that it cannot take part. */
  giveUp(thread: number, reason: string): void {
    this.#states[thread] = 'lost'
    this.refuse(reason)
  }

  armed(thread: number): void {
    this.#enter(thread, 'armed', () => {
      this.#startedAtMs = this.#options.now()
      this.#broadcast({ type: 'go', taskId: this.#options.taskId })
      if (this.#stopping) this.#broadcast({ type: 'stop', taskId: this.#options.taskId })
    })
  }

  progress(thread: number, { snapshot, activeVUs }: ThreadProgress): void {
    if (this.#settled) return
    this.#merge(thread, { snapshot, activeVUs })
    // Once a second, however many threads report: with the first of those that still run.
    if (thread === this.#states.indexOf('armed')) this.#options.onProgress(this.#describeProgress())
  }

  report(thread: number, report: ThreadReport): Promise<void> | undefined {
    if (this.#settled) return undefined
    this.#merge(thread, report)
    this.#durationMs = Math.max(this.#durationMs, report.durationMs)
    if (report.health !== undefined) this.#health.push({ thread: thread + 1, ...report.health })
    this.#failures.push(...report.failures)
    this.#hookFailures.push(...report.hookFailures)
    this.#abandoned += report.abandoned
    this.#states[thread] = 'reported'
    return this.#finishIfComplete()
  }

  /** Ends the load early on all threads; the reason fails it. Without one, what a thread reports will. */
  stop(reason?: string): void {
    if (this.#settled || this.#stopping) return
    if (reason !== undefined) this.#failures.push(reason)
    this.#stopping = true
    if (this.#startedAtMs !== undefined) this.#broadcast({ type: 'stop', taskId: this.#options.taskId })
  }

  /** Goes on without a thread: before the load has started it cannot take place, afterwards it ends early. */
  lose(thread: number, reason: string): Promise<void> | undefined {
    if (this.#settled || this.#states[thread] === 'reported' || this.#states[thread] === 'lost') return undefined
    this.#states[thread] = 'lost'
    if (this.#startedAtMs === undefined) {
      this.refuse(reason)
      return undefined
    }
    // Also while the load is being stopped for another reason: without the thread's figures it is not what was asked for.
    this.#failures.push(reason)
    this.stop()
    return this.#finishIfComplete()
  }

  /** Releases all threads: the run does not take place. */
  refuse(reason: string, skip: boolean = false): void {
    if (this.#settled) return
    this.#settled = true
    this.#refusal = { type: 'refused', taskId: this.#options.taskId, reason, skip }
    for (const [thread, state] of this.#states.entries()) {
      if (state === 'ready' || state === 'armed') this.#options.send(thread, this.#refusal)
    }
  }

  #enter(thread: number, state: 'ready' | 'armed', whenAllAre: () => void): void {
    if (this.#settled) return
    this.#states[thread] = state
    if (this.#states.every((candidate) => candidate === state)) whenAllAre()
  }

  #merge(thread: number, { snapshot, activeVUs }: ThreadProgress): void {
    // What a snapshot holds happened since the last one: it belongs to the second around the middle of that time.
    const elapsedMs = this.#elapsedMs()
    const second = Math.floor((elapsedMs + (this.#mergedMs[thread] ?? 0)) / 2000)
    this.#mergedMs[thread] = elapsedMs
    this.#activeVUs[thread] = activeVUs
    this.#totals.add(thread, snapshot, (series, delta) => this.#timeline.observe(second, series, delta))
    this.#timeline.count(second, snapshot, this.#sumActiveVUs())
  }

  async #finishIfComplete(): Promise<void> {
    if (!this.#states.every((state) => state === 'reported' || state === 'lost')) return
    this.#settled = true
    const { taskId, threads, send, onResult } = this.#options
    try {
      const result = this.#buildResult()
      await onResult(result)
      for (let thread = 0; thread < threads; thread++) {
        if (this.#states[thread] !== 'lost')
          send(thread, { type: 'outcome', taskId, result: thread === 0 ? result : undefined })
      }
    } catch (error) {
      // Nobody may wait for an outcome that cannot be made.
      const reason = `the result could not be made: ${error instanceof Error ? error.message : String(error)}`
      this.#broadcast({ type: 'refused', taskId, reason, skip: false })
    }
  }

  #buildResult(): RunResult {
    const durationMs = this.#durationMs === 0 ? this.#elapsedMs() : this.#durationMs
    const failures = [...new Set(this.#failures), ...this.#describeHookFailures()]
    const warnings = this.#abandoned === 0 ? [] : [describeAbandoned(this.#abandoned)]
    const circumstances = { durationMs, failures, warnings }
    const judgement: Judgement = judgeRun(this.#plan?.slos ?? [], this.#totals, circumstances)
    const measured = {
      totals: this.#totals,
      timeline: this.#timeline,
      durationMs,
      health: this.#health.toSorted((a, b) => a.thread - b.thread),
    }
    return buildResult(this.#describe(), measured, judgement)
  }

  #describeHookFailures(): string[] {
    const vus = this.#plan?.load.vus ?? 0
    return (['setup', 'teardown'] as const).flatMap((hook) => {
      const entries = this.#hookFailures.filter((candidate) => candidate.hook === hook)
      const [first] = entries
      if (first === undefined) return []
      const failed = entries.reduce((sum, entry) => sum + entry.failed, 0)
      return [`${hook} failed for ${failed} of ${vus} virtual ${vus === 1 ? 'user' : 'users'}: ${first.message}`]
    })
  }

  #describe(): RunDescription {
    const { runId, seed, threads, file, project, baseUrl } = this.#options
    const load = this.#plan?.load
    return {
      runId,
      seed,
      threads,
      file,
      project,
      baseUrl,
      scenario: this.#plan?.scenario ?? '',
      startedAt: new Date(Date.now() - this.#elapsedMs()).toISOString(),
      executor: load?.executor ?? '',
      load: load === undefined ? '' : describeLoad(load),
      vus: load?.vus ?? 0,
    }
  }

  #describeProgress(): LiveProgress {
    const { load, runId, project, scenario } = this.#describe()
    const point = this.#timeline.latest()
    const requests = this.#totals.series('request')
    const ended = requests.reduce((sum, series) => sum + series.count, 0)
    const failed = requests.reduce((sum, series) => sum + series.failed, 0)
    const planned = this.#plan?.load
    return {
      load,
      runId,
      project,
      scenario,
      elapsedMs: this.#elapsedMs(),
      durationMs: planned?.executor === 'constant-vus' ? planned.durationMs : undefined,
      plannedIterations: planned === undefined ? undefined : plannedIterations(planned),
      activeVUs: this.#sumActiveVUs(),
      iterations: this.#totals.counters.iterationsOk + this.#totals.counters.iterationsFailed,
      requestsPerSecond: point.requests / this.#timeline.secondsPerPoint,
      errorRatio: ended === 0 ? 0 : failed / ended,
      p95: point.p95,
    }
  }

  #broadcast(message: MainMessage): void {
    for (let thread = 0; thread < this.#options.threads; thread++) {
      if (this.#states[thread] !== 'lost') this.#options.send(thread, message)
    }
  }

  #sumActiveVUs(): number {
    return this.#activeVUs.reduce((sum, count) => sum + count, 0)
  }

  #elapsedMs(): number {
    return this.#startedAtMs === undefined ? 0 : this.#options.now() - this.#startedAtMs
  }
}

function describeAbandoned(count: number): string {
  return count === 1
    ? '1 iteration did not end although it was cut; its body waits for something that never comes'
    : `${count.toLocaleString('en')} iterations did not end although they were cut; their body waits for something that never comes`
}
