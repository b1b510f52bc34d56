import type { LoadPlan } from '../options/plan.ts'
import { RunTotals } from '../results/run-totals.ts'
import type { ThreadProgress, ThreadReport } from '../results/thread-report.ts'
import type { RunAssignment, RunHost } from './run-host.ts'
import type { Segment } from './segment.ts'

/** The run host within one process, without a pool: the whole plan is one segment. */
export class LocalHost implements RunHost {
  readonly youngHeapBytes: number = 0
  readonly nextLevel: number | undefined = undefined
  readonly totals: RunTotals = new RunTotals()
  readonly warmup: RunTotals = new RunTotals()
  report: ThreadReport | undefined
  stopReasons: string[] = []
  /** How often an early end was asked for. */
  stops: number = 0

  readonly #assignment: RunAssignment
  #listener: (() => void) | undefined

  constructor(options: { seed?: number; runId?: string; segment?: Segment } = {}) {
    const { seed = 1, runId = 'local', segment = { index: 0, count: 1 } } = options
    this.#assignment = { segment, runId, seed, prepared: undefined }
  }

  ready(_plan: LoadPlan, prepared: unknown): Promise<RunAssignment> {
    return Promise.resolve({ ...this.#assignment, prepared })
  }

  giveUp(reason: string): void {
    this.stopReasons.push(reason)
  }

  go(): Promise<void> {
    return Promise.resolve()
  }

  enter(): void {}

  snapshot(progress: ThreadProgress): void {
    this.#merge(progress)
  }

  requestStop(reason?: string): void {
    this.stops += 1
    if (reason !== undefined) this.stopReasons.push(reason)
    this.#listener?.()
  }

  onStop(listener: () => void): void {
    this.#listener = listener
  }

  result(report: ThreadReport): Promise<undefined> {
    this.#merge(report)
    this.report = report
    return Promise.resolve(undefined)
  }

  #merge({ snapshot, warmup }: ThreadProgress): void {
    const { index } = this.#assignment.segment
    this.totals.add(index, snapshot)
    if (warmup !== undefined) this.warmup.add(index, warmup)
  }
}
