import type { MetricsRegistry } from '../metrics/registry.ts'
import type { LoadPlan } from '../options/plan.ts'
import type { Frame } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import type { Clock } from './clock.ts'
import type { RunAssignment, RunHost } from './run-host.ts'
import type { IterationKey } from './virtual-user.ts'

/** What a scenario does, as the engine sees it: whatever made these functions. */
export interface LoadProgram {
  /** Makes what a virtual user owns. */
  readonly createSession: (options: { vuId: number; runId: string; signal: AbortSignal }) => Session
  readonly body: (session: Session, key: IterationKey, assignment: RunAssignment) => unknown
  /** Runs before the load starts and after it has ended, for each virtual user. */
  readonly setup: ((session: Session, assignment: RunAssignment) => Promise<void>) | undefined
  readonly teardown: ((session: Session, assignment: RunAssignment) => Promise<void>) | undefined
  /** Puts a failure that no protocol has counted into the error table. */
  readonly fail: (frame: Frame, thrown: unknown) => void
}

/** What the run of a segment works with. */
export interface LoadRun {
  readonly plan: LoadPlan
  readonly program: LoadProgram
  readonly host: RunHost
  readonly metrics: MetricsRegistry
  readonly clock: Clock
  /** What the leader's `before` hook returned. */
  readonly prepared: unknown
  /** Called when the load starts, so that times can be counted from there. */
  readonly onStart: () => void
  /** Resolves when another load has ended, after which this one begins; absent where it waits for none. */
  readonly turn?: (() => Promise<void>) | undefined
  /** Called when the last iteration of this thread has ended, or none will start. */
  readonly onEnd?: () => void
}
