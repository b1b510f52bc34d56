import type { RequestLabels } from '../metrics/label-watch.ts'
import type { RunMetrics } from '../metrics/run-metrics.ts'
import type { LoadPlan } from '../options/plan.ts'
import type { Frame } from '../session/current.ts'
import type { RowsReport } from '../results/thread-report.ts'
import type { Session } from '../session/session.ts'
import type { Clock } from './clock.ts'
import type { RunAssignment, RunHost } from './run-host.ts'
import type { Segment } from './segment.ts'
import type { IterationKey, Provided } from './virtual-user.ts'

/** A request that has not ended, as far as objectives may ask for it. */
export interface RequestUnderWay {
  readonly name: string
  /** Path of its step; empty outside of steps. */
  readonly step: string
  readonly labels: Pick<RequestLabels, 'method' | 'tags'>
  readonly startedAtMs: number
}

/** What a scenario does, as the engine sees it: whatever made these functions. */
export interface LoadProgram {
  /** Makes what a virtual user owns. */
  readonly createSession: (options: {
    vuId: number
    runId: string
    signal: AbortSignal
    /** Absent for who is no virtual user. */
    segment?: Segment
  }) => Session
  readonly body: (session: Session, key: IterationKey, assignment: RunAssignment) => unknown
  /** Makes data rows available in this thread, before anything else. */
  readonly open?: ((assignment: RunAssignment) => Promise<void>) | undefined
  /** Whether there are data rows for an iteration, asked before it starts; absent where none has to ask, once opened. */
  readonly provide?: ((key: IterationKey, assignment: RunAssignment, signal: AbortSignal) => Provided) | undefined
  /** What became of the data rows; closes what `open` has opened. */
  readonly closeRows?: (() => RowsReport | undefined) | undefined
  /** Runs before the load starts and after it has ended, for each virtual user. */
  readonly setup: ((session: Session, assignment: RunAssignment) => Promise<void>) | undefined
  readonly teardown: ((session: Session, assignment: RunAssignment) => Promise<void>) | undefined
  /** Shows the requests that have not ended, those of hooks excepted. */
  readonly requestsInFlight?: (visit: (request: RequestUnderWay) => void) => void
  /** Puts a failure that no protocol has counted into the error table. */
  readonly fail: (frame: Frame, thrown: unknown) => void
}

/** What the run of a segment works with. */
export interface LoadRun {
  readonly plan: LoadPlan
  readonly program: LoadProgram
  readonly host: RunHost
  readonly metrics: RunMetrics
  readonly clock: Clock
  /** What the leader's `before` hook returned. */
  readonly prepared: unknown
  /** Called when the load starts, so that times can be counted from there. */
  readonly onStart: (assignment: RunAssignment) => void
  /** Resolves when another load has ended, after which this one begins; absent where it waits for none. */
  readonly turn?: (() => Promise<void>) | undefined
  /** Called when the last iteration of this thread has ended, or none will start. */
  readonly onEnd?: () => void
}
