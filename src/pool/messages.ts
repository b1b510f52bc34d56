import type { MessagePort } from 'node:worker_threads'
import type { LoadPlan } from '../options/plan.ts'
import type { ThreadOptions } from '../options/thread-options.ts'
import type { ReplayLine } from '../results/replay-line.ts'
import type { RunResult } from '../results/run-result.ts'
import type { RunPhase, ThreadProgress, ThreadReport } from '../results/thread-report.ts'
import type { SerializedLoadError } from '../shared/errors.ts'

/**
 * Everything that crosses from the main process to a thread of the load pool and back. Plain data only: it must survive
 * `structuredClone`. Each thread has a port of its own for it; Vitest's own messages go another way.
 */

/** What a thread is started with. */
export interface ThreadSetup extends ThreadOptions {
  readonly port: MessagePort
}

/** What a thread is told when all have arrived at a scenario. */
export interface AssignmentData {
  readonly segment: { readonly index: number; readonly count: number }
  readonly runId: string
  readonly seed: number
  readonly prepared: unknown
}

/** From a thread to the main process. `taskId` is Vitest's id of the scenario's test, the same in every thread. */
export type ThreadMessage =
  | { readonly type: 'ready'; readonly taskId: string; readonly plan: LoadPlan; readonly prepared: unknown }
  | { readonly type: 'give-up'; readonly taskId: string; readonly reason: string }
  | { readonly type: 'armed'; readonly taskId: string }
  | { readonly type: 'phase'; readonly taskId: string; readonly phase: RunPhase }
  | { readonly type: 'progress'; readonly taskId: string; readonly progress: ThreadProgress }
  | { readonly type: 'stop-request'; readonly taskId: string; readonly reason: string | undefined }
  | { readonly type: 'report'; readonly taskId: string; readonly report: ThreadReport }
  /** A follower could not load the spec. */
  | { readonly type: 'file-failed'; readonly error: SerializedLoadError }
  /** A hook or test of a follower failed, beside what fails the run for all threads. */
  | { readonly type: 'task-failed'; readonly error: SerializedLoadError }
  /** What an iteration does that is run again. */
  | { readonly type: 'replay'; readonly lines: readonly ReplayLine[] }
  /** The answer to `ping`: the thread's event loop turns. */
  | { readonly type: 'pong' }
  /** A follower asks Vitest something, such as for a module. */
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly input: readonly unknown[] }

/** From the main process to a thread. */
export type MainMessage =
  | { readonly type: 'assignment'; readonly taskId: string; readonly assignment: AssignmentData }
  /** The run does not take place; `skip` tells an intended omission from a failure. */
  | { readonly type: 'refused'; readonly taskId: string; readonly reason: string; readonly skip: boolean }
  | { readonly type: 'go'; readonly taskId: string }
  /** `gracefulStopMs`: how long running iterations may go on, at most as long as the plan says. */
  | { readonly type: 'stop'; readonly taskId: string; readonly gracefulStopMs?: number | undefined }
  | { readonly type: 'ping' }
  /** `nextLevel`: where the run was one of several, and another follows. */
  | {
      readonly type: 'outcome'
      readonly taskId: string
      readonly result: RunResult | undefined
      readonly nextLevel?: number | undefined
    }
  | { readonly type: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: SerializedLoadError }
