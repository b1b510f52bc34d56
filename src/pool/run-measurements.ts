import { describeLoad, plannedDurationMs, plannedIterations } from '../options/describe-load.ts'
import type { LoadPlan } from '../options/plan.ts'
import { isOpen } from '../options/resolved-load.ts'
import { buildResult, type Judgement, type RunDescription } from '../results/build-result.ts'
import type { LiveProgress } from '../results/live.ts'
import type { RunResult, ThreadHealth } from '../results/run-result.ts'
import { RunTotals } from '../results/run-totals.ts'
import type { HookFailures, ThreadProgress, ThreadReport } from '../results/thread-report.ts'
import { Timeline } from '../results/timeline.ts'
import { judgeRun } from '../slo/judge.ts'
import type { OpenModel } from '../slo/open-model.ts'

/** What is known of a run before anything is measured. */
export interface RunCircumstances {
  readonly threads: number
  readonly runId: string
  readonly seed: number
  readonly file: string
  readonly project: string
  readonly baseUrl: string | undefined
  readonly offline: string | undefined
  readonly now: () => number
}

/** What the threads of one run have measured, merged, and what is made of it: live progress and the result. */
export class RunMeasurements {
  readonly #circumstances: RunCircumstances
  readonly #totals: RunTotals = new RunTotals()
  readonly #timeline: Timeline = new Timeline()
  readonly #activeVUs: number[] = []
  /** When each thread's last snapshot came, in milliseconds since the start. */
  readonly #mergedMs: number[] = []
  readonly #health: ThreadHealth[] = []
  readonly #failures: string[] = []
  readonly #hookFailures: HookFailures[] = []
  readonly #stray: { count: number; message: string } = { count: 0, message: '' }
  #abandoned: number = 0
  #lost: boolean = false
  #timersLeft: number = 0
  #plan: LoadPlan | undefined
  #startedAtMs: number | undefined
  #durationMs: number = 0

  constructor(circumstances: RunCircumstances) {
    this.#circumstances = circumstances
  }

  /** The load starts, so long from now. */
  start(plan: LoadPlan | undefined, inMs: number): void {
    this.#plan = plan
    for (const { target } of plan?.slos ?? [])
      if (target.kind !== 'scenario') this.#totals.reserve(target.kind, target.name)
    this.#startedAtMs = this.#circumstances.now() + inMs
  }

  /** Notes why the run has failed, whatever was measured. */
  fail(reason: string): void {
    this.#failures.push(reason)
  }

  merge(thread: number, { snapshot, activeVUs }: ThreadProgress): void {
    // What a snapshot holds happened since the last one: it belongs to the second around the middle of that time.
    const elapsedMs = this.#elapsedMs()
    const second = Math.floor((elapsedMs + (this.#mergedMs[thread] ?? 0)) / 2000)
    this.#mergedMs[thread] = elapsedMs
    this.#activeVUs[thread] = activeVUs
    this.#totals.add(thread, snapshot, (series, delta) => this.#timeline.observe(second, series, delta))
    this.#timeline.count(second, snapshot, this.#sumActiveVUs())
  }

  /** Merges the last that a thread has to say. */
  mergeReport(thread: number, report: ThreadReport): void {
    this.merge(thread, report)
    this.#durationMs = Math.max(this.#durationMs, report.durationMs)
    if (report.health !== undefined) this.#health.push({ thread: thread + 1, ...report.health })
    this.#failures.push(...report.failures)
    this.#hookFailures.push(...report.hookFailures)
    this.#abandoned += report.abandoned
    this.#timersLeft += report.timersLeft
    if (this.#stray.count === 0) this.#stray.message = report.stray.message
    this.#stray.count += report.stray.count
  }

  /** A thread was lost: it takes no part any more, and what it has not reported is missing. */
  lose(thread: number, reason: string): void {
    this.#failures.push(reason)
    this.#activeVUs[thread] = 0
    this.#lost = true
  }

  /** Judges the run and makes its result. */
  conclude(): RunResult {
    const durationMs = this.#durationMs === 0 ? this.#elapsedMs() : this.#durationMs
    const failures = [...new Set(this.#failures), ...this.#describeHookFailures(), ...this.#describeStray()]
    const judgement: Judgement = judgeRun(this.#plan?.slos ?? [], this.#totals, {
      durationMs,
      failures,
      warnings: this.#describeLeftovers(),
      incomplete: this.#lost,
      openModel: this.#openModel(),
    })
    const measured = {
      totals: this.#totals,
      timeline: this.#timeline,
      durationMs,
      health: this.#health.toSorted((a, b) => a.thread - b.thread),
    }
    return buildResult(this.#describe(), measured, judgement)
  }

  describeProgress(): LiveProgress {
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
      durationMs: planned === undefined ? undefined : plannedDurationMs(planned),
      plannedIterations: planned === undefined ? undefined : plannedIterations(planned),
      activeVUs: this.#sumActiveVUs(),
      iterations: this.#totals.counters.iterationsOk + this.#totals.counters.iterationsFailed,
      dropped: this.#totals.counters.iterationsDropped,
      requestsPerSecond: point.requests / this.#timeline.secondsPerPoint,
      errorRatio: ended === 0 ? 0 : failed / ended,
      p95: point.p95,
    }
  }

  #openModel(): OpenModel | undefined {
    const load = this.#plan?.load
    if (load === undefined || !isOpen(load)) return undefined
    const { offline } = this.#circumstances
    return { maxVUs: load.vus, planned: plannedIterations(load), isOffline: offline !== undefined }
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
    const warnings: string[] = []
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
      load: load === undefined ? '' : describeLoad(load),
      vus: load?.vus ?? 0,
      plannedIterations: load === undefined ? undefined : plannedIterations(load),
    }
  }

  #sumActiveVUs(): number {
    return this.#activeVUs.reduce((sum, count) => sum + count, 0)
  }

  #elapsedMs(): number {
    return this.#startedAtMs === undefined ? 0 : Math.max(0, this.#circumstances.now() - this.#startedAtMs)
  }
}
