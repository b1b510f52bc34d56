import type { LoadPlan } from '../options/plan.ts'
import type { ThreadOptions } from '../options/thread-options.ts'
import type { ReplayLine } from '../results/replay-line.ts'
import type { RunResult } from '../results/run-result.ts'
import type { RunPhase, ThreadProgress, ThreadReport } from '../results/thread-report.ts'
import type { Segment } from './segment.ts'

/** What a thread is told when all threads have arrived at a scenario. */
export interface RunAssignment {
  readonly segment: Segment
  /** Shared by all scenarios of one start, on all threads. */
  readonly runId: string
  readonly seed: number
  /** What the leader's `before` hook returned, cloned. */
  readonly prepared: unknown
}

/**
 * All that the engine knows of its surroundings, for one run of one scenario. Calls come in this order: `ready`, `go`,
 * `snapshot` any number of times, `result`. One host talks to the pool, another runs within one process.
 */
export interface RunHost {
  /** How much of this thread's heap is for young objects, of which nothing stays. */
  readonly youngHeapBytes: number
  /** Says that this thread cannot take part, or go on, which fails the run for the others too. */
  giveUp(reason: string): void
  /** Meets the other threads and gets this thread's share. Rejects when the run cannot take place. */
  ready(plan: LoadPlan, prepared: unknown): Promise<RunAssignment>
  /** Meets them again when every virtual user is set up: the load starts everywhere at once. */
  go(): Promise<void>
  /** Says what this thread does outside of the load, so that somebody can see to it that it ends. */
  enter(phase: RunPhase): void
  snapshot(progress: ThreadProgress): void
  /** Asks all threads to end the load gracefully, which fails it for this reason; without one, the report tells why. */
  requestStop(reason?: string): void
  /**
   * Is called at most once, when somebody asked for an early end; with how long running iterations may go on, where that
   * is less than the load's graceful stop.
   */
  onStop(listener: (gracefulStopMs?: number) => void): void
  /** Once `result` has resolved: the level of the next run of this scenario, where another follows. */
  readonly nextLevel: number | undefined
  /** Hands over the thread's last figures; the leader gets the result of all threads, a follower nothing. */
  result(report: ThreadReport): Promise<RunResult | undefined>
}

/** Thrown out of `RunHost.ready` when the load was not asked for or was cancelled: the scenario is skipped. */
export class RunSkipped extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'RunSkipped'
  }
}

/** What a thread of the load pool offers to the scenarios of its spec. */
export interface ThreadHost extends ThreadOptions {
  /** The host for one run of the scenario whose test has this id. */
  openRun(taskId: string): RunHost
  /** Tells what an iteration does that is run again. */
  tellReplay(lines: readonly ReplayLine[]): void
}

const hostKey = Symbol.for('vitest-load.thread-host')
const registry = globalThis as { [hostKey]?: ThreadHost }

/** Makes this thread one of the load pool's. */
export function installThreadHost(host: ThreadHost): void {
  registry[hostKey] = host
}

/** The load pool's thread this code runs in; `undefined` in every other project. */
export function currentThreadHost(): ThreadHost | undefined {
  return registry[hostKey]
}
