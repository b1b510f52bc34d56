import {
  describeLoad,
  measuredIterations,
  plannedDurationMs,
  plannedIterations,
  startWindowMs,
} from '../options/describe-load.ts'
import { peakTimes } from '../options/load-times.ts'
import type { LoadPlan } from '../options/plan.ts'
import { describeIntensity } from '../options/profiles.ts'
import { isOpen } from '../options/resolved-load.ts'
import { ConnectionTotals } from '../results/connection-totals.ts'
import { warnOfConnections } from '../results/connection-warnings.ts'
import { describeRows } from './describe-rows.ts'
import { buildResult, type Judgement, type RunDescription } from '../results/build-result.ts'
import type { LiveProgress } from '../results/live.ts'
import type { RunResult, ThreadHealth } from '../results/run-result.ts'
import { RunTotals } from '../results/run-totals.ts'
import type { HookFailures, ThreadProgress, ThreadReport } from '../results/thread-report.ts'
import { Timeline } from '../results/timeline.ts'
import type { BrokenObjective } from '../slo/abort-watch.ts'
import { blame, describeEarlyEnd, type EarlyEnd } from '../slo/early-end.ts'
import { judgeRun, type Circumstances } from '../slo/judge.ts'
import { seriesNameOf, type SloOutcome, type ValidityLimits } from '../slo/model.ts'
import { ObjectivesOverTime } from '../slo/objectives-over-time.ts'
import type { Generator, OpenModel } from '../slo/validity.ts'

/** What is known of a run before anything is measured. */
export interface RunCircumstances {
  readonly threads: number
  readonly runId: string
  readonly seed: number
  readonly file: string
  readonly project: string
  readonly baseUrl: string | undefined
  readonly offline: string | undefined
  readonly validity: ValidityLimits
  /** What there is to be told whatever was measured. */
  readonly warnings?: readonly string[]
  /** How many the machine has. */
  readonly cores: number
  readonly now: () => number
}

/** What the threads of one run have measured, merged, and what is made of it: live progress and the result. */
export class RunMeasurements {
  readonly #circumstances: RunCircumstances
  readonly #totals: RunTotals = new RunTotals()
  /** Of the iterations that started in the warm-up. */
  readonly #warmup: RunTotals = new RunTotals()
  readonly #timeline: Timeline = new Timeline()
  readonly #connections: ConnectionTotals = new ConnectionTotals()
  readonly #activeVUs: number[] = []
  /** When each thread's last snapshot came, in milliseconds since the start. */
  readonly #mergedMs: number[] = []
  readonly #health: ThreadHealth[] = []
  readonly #failures: string[] = []
  readonly #hookFailures: HookFailures[] = []
  readonly #stray: { count: number; message: string } = { count: 0, message: '' }
  readonly #rows: { waits: number; waitedMs: number; ended: Set<string> } = { waits: 0, waitedMs: 0, ended: new Set() }
  #abandoned: number = 0
  #lost: boolean = false
  #timersLeft: number = 0
  #plan: LoadPlan | undefined
  #startedAtMs: number | undefined
  #durationMs: number = 0
  #overTime: ObjectivesOverTime | undefined
  #earlyEnd: EarlyEnd | undefined

  constructor(circumstances: RunCircumstances) {
    this.#circumstances = circumstances
  }

  /** The load starts, so long from now. */
  start(plan: LoadPlan | undefined, inMs: number = 0): void {
    this.#plan = plan
    for (const { target } of plan?.slos ?? [])
      if (target.kind !== 'scenario') this.#totals.reserve(target.kind, seriesNameOf(target) ?? '')
    this.#startedAtMs = this.#circumstances.now() + inMs
    if (plan === undefined) return
    const { load } = plan
    const measured = { fromMs: load.warmupMs ?? 0, toMs: startWindowMs(load) }
    const peak = peakTimes(load).map((time) => ({ ...time, fromMs: Math.max(time.fromMs, measured.fromMs) }))
    this.#overTime = new ObjectivesOverTime(plan, this.#circumstances.threads, { window: [measured], peak })
  }

  /** Notes that an objective has ended the load early. */
  endEarly(broken: BrokenObjective): void {
    this.#earlyEnd ??= { ...broken, atMs: this.#elapsedMs() }
  }

  /** Notes why the run has failed, whatever was measured. */
  fail(reason: string): void {
    this.#failures.push(reason)
  }

  /** Merges what a thread reports while it runs. An objective that wants the load to end now, or `undefined`. */
  merge(thread: number, progress: ThreadProgress): BrokenObjective | undefined {
    this.#mergeSnapshot(thread, progress)
    const { probes } = progress
    if (probes === undefined) return undefined
    this.#totals.addLabels(probes.seen)
    return this.#overTime?.add(thread, probes)
  }

  #mergeSnapshot(thread: number, { snapshot, warmup, activeVUs, connections = [] }: ThreadProgress): void {
    // What a snapshot holds happened since the last one: it belongs to the second around the middle of that time.
    const elapsedMs = this.#elapsedMs()
    const second = Math.floor((elapsedMs + (this.#mergedMs[thread] ?? 0)) / 2000)
    this.#mergedMs[thread] = elapsedMs
    this.#activeVUs[thread] = activeVUs
    this.#totals.add(thread, snapshot, (series, delta) => this.#timeline.observe(second, series, delta))
    this.#timeline.count(second, snapshot, this.#sumActiveVUs())
    const point = this.#connections.add(thread, second, connections)
    // Where there is no network, there is nothing to tell of it.
    if (this.#connections.origins().length > 0) this.#timeline.connect(second, point)
    if (warmup === undefined) return
    this.#warmup.add(thread, warmup, (series, delta) => this.#timeline.observe(second, series, delta))
    this.#timeline.count(second, warmup, this.#sumActiveVUs())
  }

  /** Merges the last that a thread has to say. */
  mergeReport(thread: number, report: ThreadReport): void {
    this.merge(thread, report)
    this.#overTime?.leave(thread)
    this.#connections.leave(thread)
    this.#durationMs = Math.max(this.#durationMs, report.durationMs)
    if (report.health !== undefined) this.#health.push({ thread: thread + 1, ...report.health })
    this.#failures.push(...report.failures)
    this.#hookFailures.push(...report.hookFailures)
    this.#abandoned += report.abandoned
    this.#timersLeft += report.timersLeft
    this.#rows.waits += report.rows?.waits ?? 0
    this.#rows.waitedMs += report.rows?.waitedMs ?? 0
    for (const name of report.rows?.ended ?? []) this.#rows.ended.add(name)
    if (this.#stray.count === 0) this.#stray.message = report.stray.message
    this.#stray.count += report.stray.count
  }

  /** A thread was lost: it takes no part any more, and what it has not reported is missing. */
  lose(thread: number, reason: string): void {
    this.#failures.push(reason)
    this.#activeVUs[thread] = 0
    this.#connections.leave(thread)
    this.#lost = true
    this.#overTime?.leave(thread)
  }

  /**
   * Why the figures are not those of the planned load; `undefined` where they are. An objective that ended the load is no
   * such reason: it says something of the target.
   */
  get interruption(): string | undefined {
    return this.#failures[0] ?? this.#describeHookFailures()[0] ?? this.#describeStray()[0]
  }

  /** Judges the run and makes its result. */
  conclude(): RunResult {
    const durationMs = this.#durationMs === 0 ? this.#elapsedMs() : this.#durationMs
    const load = this.#plan?.load
    const warmupMs = Math.min(load?.warmupMs ?? 0, durationMs)
    const failures = [...new Set(this.#failures), ...this.#describeHookFailures(), ...this.#describeStray()]
    const judgement: Judgement = judgeRun(this.#plan?.slos ?? [], this.#totals, {
      durationMs: durationMs - warmupMs,
      startedInWarmup: this.#warmup.counters.iterationsStarted,
      failures,
      earlyEnd: this.#describeEarlyEnd(),
      warnings: [
        ...(this.#circumstances.warnings ?? []),
        ...this.#describeLeftovers(),
        ...warnOfConnections(this.#connections.origins()),
      ],
      incomplete: this.#lost,
      generator: this.#generator(),
      ...this.#judgeWindows(durationMs),
    })
    const measured = {
      totals: this.#totals,
      timeline: this.#timeline,
      connections: this.#connections,
      durationMs,
      health: this.#health.toSorted((a, b) => a.thread - b.thread),
      warmup: warmupMs === 0 ? undefined : { totals: this.#warmup, durationMs: warmupMs },
      isThrottled: load?.throttlePerSecond !== undefined,
      isPaced: load?.pacing !== undefined,
    }
    const blamed = this.#earlyEnd === undefined ? judgement : blame(judgement, this.#earlyEnd)
    return buildResult(this.#describe(), measured, blamed)
  }

  describeProgress(): LiveProgress {
    const { load, runId, project, scenario } = this.#describe()
    const point = this.#timeline.latest()
    const all = [this.#totals, this.#warmup]
    const requests = all.flatMap((totals) => totals.series('request'))
    const ended = requests.reduce((sum, series) => sum + series.count, 0)
    const failed = requests.reduce((sum, series) => sum + series.failed, 0)
    const planned = this.#plan?.load
    return {
      load,
      runId,
      project,
      scenario,
      elapsedMs: this.#elapsedMs(),
      durationMs: planned === undefined ? undefined : plannedDurationMs(planned),
      plannedIterations: planned === undefined ? undefined : plannedIterations(planned),
      activeVUs: this.#sumActiveVUs(),
      iterations: all.reduce((sum, { counters }) => sum + counters.iterationsOk + counters.iterationsFailed, 0),
      dropped: all.reduce((sum, { counters }) => sum + counters.iterationsDropped, 0),
      requestsPerSecond: point.requests / this.#timeline.secondsPerPoint,
      errorRatio: ended === 0 ? 0 : failed / ended,
      p95: point.p95,
    }
  }

  #generator(): Generator {
    const { offline, validity, threads, cores } = this.#circumstances
    return {
      limits: validity,
      threads,
      cores,
      health: this.#health,
      isOffline: offline !== undefined,
      openModel: this.#openModel(),
    }
  }

  #describeEarlyEnd(): Circumstances['earlyEnd'] {
    if (this.#earlyEnd === undefined || this.#plan === undefined) return undefined
    const { iterationsAborted } = this.#totals.counters
    const message = describeEarlyEnd(this.#earlyEnd, plannedDurationMs(this.#plan.load), iterationsAborted)
    return { broken: this.#earlyEnd, message }
  }

  #judgeWindows(durationMs: number): { windowed?: Map<string, SloOutcome> } {
    if (this.#overTime === undefined || this.#plan === undefined) return {}
    const { load } = this.#plan
    return { windowed: this.#overTime.conclude(Math.min(durationMs, startWindowMs(load)), load.warmupMs) }
  }

  #openModel(): OpenModel | undefined {
    const load = this.#plan?.load
    if (load === undefined || !isOpen(load)) return undefined
    return { maxVUs: load.vus, planned: this.#measuredIterations() }
  }

  #measuredIterations(): number | undefined {
    // Where rows run out, the load is as long as they are.
    if (this.#rows.ended.size > 0) return undefined
    const { iterationsStarted, iterationsDropped } = this.#warmup.counters
    return this.#plan && measuredIterations(this.#plan.load, iterationsStarted + iterationsDropped)
  }

  #describeHookFailures(): string[] {
    const load = this.#plan?.load
    const vus = load?.vus ?? 0
    return (['setup', 'teardown'] as const).flatMap((hook) => {
      const entries = this.#hookFailures.filter((candidate) => candidate.hook === hook)
      const [first] = entries
      if (first === undefined) return []
      const failed = entries.reduce((sum, entry) => sum + entry.failed, 0)
      // Where users are set up as they are needed, nobody knows of how many.
      const all = load !== undefined && (isOpen(load) || load.executor === 'ramping-vus') ? '' : ` of ${vus}`
      const noun = (all === '' ? failed : vus) === 1 ? 'user' : 'users'
      return [`${hook} failed for ${failed}${all} virtual ${noun}: ${first.message}`]
    })
  }

  #describeStray(): string[] {
    const { count, message } = this.#stray
    if (count === 0) return []
    const what = count === 1 ? '1 error was' : `${count.toLocaleString('en')} errors were`
    return [
      `${what} thrown where nobody could catch ${count === 1 ? 'it' : 'them'}: ${message}. Await every promise, and catch what timers throw`,
    ]
  }

  #describeLeftovers(): string[] {
    const warnings: string[] = describeRows(this.#rows)
    if (this.#abandoned > 0) {
      const what = this.#abandoned === 1 ? '1 iteration' : `${this.#abandoned.toLocaleString('en')} iterations`
      warnings.push(
        `${what} did not end although cut: the body waits for something that never comes; the errors of category aborted tell where`,
      )
    }
    if (this.#timersLeft > 0) {
      const what = this.#timersLeft === 1 ? '1 timer' : `${this.#timersLeft.toLocaleString('en')} timers`
      warnings.push(
        `at least ${what} of the bodies still ran when the load had ended; clear them, or the next load pays for them`,
      )
    }
    const { offline, threads } = this.#circumstances
    if (offline !== undefined && threads > 1)
      warnings.push(
        `the handlers keep their state in each of ${threads} threads for itself: what one has stored, the others do not find`,
      )
    if (this.#totals.counters.iterationsOk > 0 && !this.#hasContent())
      warnings.push('the iterations recorded no step, request or check; does the body await what it starts?')
    return warnings
  }

  #hasContent(): boolean {
    const { checks } = this.#totals
    return checks.size > 0 || this.#totals.series().some(({ kind }) => kind === 'step' || kind === 'request')
  }

  #describe(): RunDescription {
    const { runId, seed, threads, file, project, baseUrl, offline } = this.#circumstances
    const load = this.#plan?.load
    return {
      runId,
      seed,
      threads,
      file,
      project,
      baseUrl,
      offline,
      scenario: this.#plan?.scenario ?? '',
      startedAt: new Date(Date.now() - this.#elapsedMs()).toISOString(),
      executor: load?.executor ?? '',
      load: this.#plan === undefined ? '' : describeLoad(this.#plan.load) + describeIntensity(this.#plan.intensity),
      profile: this.#plan?.intensity?.profile,
      scale: this.#plan?.intensity?.scale ?? 1,
      vus: load?.vus ?? 0,
      plannedIterations: this.#measuredIterations(),
    }
  }

  #sumActiveVUs(): number {
    return this.#activeVUs.reduce((sum, count) => sum + count, 0)
  }

  #elapsedMs(): number {
    return this.#startedAtMs === undefined ? 0 : Math.max(0, this.#circumstances.now() - this.#startedAtMs)
  }
}
