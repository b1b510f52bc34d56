import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { relative } from 'node:path'
import type { TestProject } from 'vitest/node'
import { describeLoad } from '../options/describe-load.ts'
import type { RoundPlan } from '../options/plan.ts'
import { profileLoad } from '../options/profile-load.ts'
import { publishLive } from '../results/live.ts'
import { summariseResult, type RunResult } from '../results/run-result.ts'
import type { ValidityLimits } from '../slo/model.ts'
import { CapacityRecord, type RoundOutcome } from './capacity-record.ts'
import type { MainMessage, ThreadMessage } from './messages.ts'
import { writeResult } from './result-file.ts'
import { ScenarioRun } from './scenario-run.ts'
import type { ThreadWatch } from './thread-watch.ts'

/** What a thread says about runs; the rest is the pool worker's own business. */
type RunMessage = Exclude<ThreadMessage, { type: 'call' | 'pong' | 'replay' | 'task-failed' }>

/** What the runs of a spec file have in common. */
export interface CoordinatorOptions {
  readonly project: TestProject
  readonly threads: number
  readonly runId: string
  readonly seed: number
  readonly baseUrl: string | undefined
  /** Path of the module whose handlers answer in place of the network. */
  readonly offline: string | undefined
  readonly validity: ValidityLimits
  /** What there is to be told with each result, whatever was measured. */
  readonly warnings?: readonly string[]
  readonly watch: Pick<ThreadWatch, 'expect' | 'expects' | 'release'>
  readonly send: (thread: number, message: MainMessage) => void
}

/** How finely reporters are told of a load's shape. */
const profileParts = 60
/** How long all threads wait, each for another, before they are released, beside Vitest's own hooks. */
const stuckAfterMs = 1000
/** How much longer than another a thread may take to load the spec and come to a scenario, beside Vitest's own hooks. */
const arrivalLimitMs = 300_000

/** Brings the threads of one spec file together at each of its scenarios. */
export class RunCoordinator {
  readonly #options: CoordinatorOptions
  readonly #runs: Map<string, ScenarioRun> = new Map()
  /** The capacity searches, by task: each makes one run after another. */
  readonly #searches: Map<string, CapacityRecord> = new Map()
  /** Why a thread takes no part any more, once it does not. */
  readonly #gone: (string | undefined)[] = []
  #file: string = ''
  #cancelled: boolean = false
  /** How often a thread has come to a scenario. */
  #arrivals: number = 0

  constructor(options: CoordinatorOptions) {
    this.#options = options
  }

  /** The threads start on a spec file. */
  beginFile(filepath: string): void {
    this.#file = relative(this.#options.project.config.root, filepath)
    this.#gone.length = 0
    this.#runs.clear()
    this.#searches.clear()
  }

  receive(thread: number, message: RunMessage): void {
    switch (message.type) {
      case 'ready':
        this.#join(thread, message.taskId).ready(thread, message.plan, message.prepared)
        this.#arrivals += 1
        this.#releaseStuck()
        return
      case 'phase':
        if (message.phase === 'before') this.#join(thread, message.taskId).enter(thread, message.phase)
        else this.#runs.get(message.taskId)?.enter(thread, message.phase)
        return
      case 'give-up':
        if (this.#runs.get(message.taskId)?.isOver(thread) !== true)
          this.#join(thread, message.taskId).giveUp(thread, message.reason)
        return
      case 'armed':
        this.#runs.get(message.taskId)?.armed(thread)
        return
      case 'progress':
        this.#runs.get(message.taskId)?.progress(thread, message.progress)
        return
      case 'stop-request':
        this.#runs.get(message.taskId)?.stop(message.reason)
        return
      case 'report':
        void this.#runs.get(message.taskId)?.report(thread, message.report)
        return
      case 'file-failed':
        this.leave(thread, `thread ${thread + 1} could not load the spec: ${message.error.message}`)
    }
  }

  /** A thread has ended, in good order or not: nobody may wait for it. */
  leave(thread: number, reason: string): void {
    const first = (this.#gone[thread] ??= reason)
    for (const run of this.#runs.values()) void run.lose(thread, first)
    this.#releaseStuck()
  }

  /** Ends whatever runs, and starts nothing more: somebody cancelled the test run. */
  cancel(): void {
    this.#cancelled = true
    for (const run of this.#runs.values()) {
      if (run.isGathering || run.isHeld) run.refuse('the test run was cancelled', true)
      else run.stop('the test run was cancelled')
    }
  }

  /** The run of a scenario, if it has come to one. */
  runOf(taskId: string): Pick<ScenarioRun, 'result'> | undefined {
    return this.#runs.get(taskId)
  }

  /** Resolves when no run goes on. */
  async whenIdle(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.whenEnded))
    await Promise.all([...this.#searches.keys()].map((taskId) => this.#endSearch(taskId)))
  }

  #join(thread: number, taskId: string): ScenarioRun {
    const known = this.#runs.get(taskId)
    if (known !== undefined && !known.isOver(thread)) return known
    const { project, threads, runId, seed, baseUrl, offline, validity, warnings = [], send, watch } = this.#options
    const created = new ScenarioRun({
      taskId,
      threads,
      runId,
      seed,
      baseUrl,
      offline,
      validity,
      warnings,
      cores: availableParallelism(),
      send,
      watch,
      arrivalLimitMs: arrivalLimitMs + project.config.hookTimeout,
      file: this.#file,
      project: project.name,
      now: () => performance.now(),
      onStart: ({ scenario, load, round }) => {
        // Of a capacity search, each round is level.
        if (round !== undefined) return
        const profile = profileLoad(load, profileParts)
        const waits = load.startTimeMs !== undefined
        const run = { runId, project: project.name, scenario, load: describeLoad(load), profile, waits }
        publishLive(project.vitest, { type: 'started', ...run })
      },
      onRound: (round, result, interruption) => this.#concludeRound(taskId, round, result, interruption),
      onProgress: (progress) => publishLive(project.vitest, { type: 'progress', progress }),
      onResult: (result) => this.#publish(taskId, result),
    })
    this.#runs.set(taskId, created)
    // Between two levels of a search: those that were not cancelled themselves would start the next one.
    if (this.#cancelled && this.#searches.has(taskId)) created.refuse('the test run was cancelled', true)
    return created
  }

  /** Refuses a run whose missing threads can never arrive: they have ended, or wait at another scenario. */
  #releaseStuck(): void {
    const gathering = [...this.#runs.values()].filter((run) => run.isGathering)
    for (const run of gathering) {
      if (this.#cancelled) run.refuse('the test run was cancelled', true)
      for (const [thread, reason] of this.#gone.entries()) {
        if (reason !== undefined) void run.lose(thread, reason)
      }
    }
    if (this.#apart().length === 0) return
    // Concurrent scenarios are reached one after the other: only when nobody has arrived for a while, nobody will.
    const arrivals = this.#arrivals
    setTimeout(() => {
      if (arrivals !== this.#arrivals) return
      for (const run of this.#apart())
        run.refuse(
          'threads arrived at different scenarios. Which scenarios a spec runs must not depend on the thread, the time or chance.',
        )
    }, stuckAfterMs + this.#options.project.config.hookTimeout).unref()
  }

  /** The runs that wait for threads although every thread waits already, each in some run. */
  #apart(): ScenarioRun[] {
    const waiting = [...this.#runs.values()].filter((run) => run.isGathering)
    if ([...this.#runs.values()].some((run) => run.isPreparing)) return []
    const threads = Array.from({ length: this.#options.threads }, (_, thread) => thread)
    return threads.every((thread) => waiting.some((run) => run.isWaiting(thread))) ? waiting : []
  }

  #concludeRound(taskId: string, round: RoundPlan, result: RunResult, interruption: string | undefined): RoundOutcome {
    const search = this.#searches.get(taskId) ?? new CapacityRecord()
    this.#searches.set(taskId, search)
    const outcome = search.add(round, result, interruption)
    const { unit } = round.capacity
    publishLive(this.#options.project.vitest, { type: 'level', run: result, unit, level: outcome.level })
    return outcome
  }

  /** Tells what a search knows whose next level did not take place any more. */
  async #endSearch(taskId: string): Promise<void> {
    const reason = this.#runs.get(taskId)?.refusal ?? this.#gone.find((gone) => gone !== undefined)
    const result = this.#searches.get(taskId)?.interrupt(reason ?? 'its next level did not take place')
    if (result !== undefined) await this.#publish(taskId, result)
  }

  async #publish(taskId: string, result: RunResult): Promise<void> {
    const { vitest } = this.#options.project
    const task = vitest.state.idMap.get(taskId)
    if (task !== undefined) task.meta = { ...task.meta, load: summariseResult(result) }
    const written = await writeResult(vitest.config.root, result)
    publishLive(vitest, { type: 'result', result, ...written })
  }
}
