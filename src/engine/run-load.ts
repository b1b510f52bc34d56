import type { MetricsRegistry } from '../metrics/registry.ts'
import { hookLimitMs, settleLimitMs } from '../options/limits.ts'
import { startWindowMs } from '../options/load-options.ts'
import type { LoadPlan } from '../options/plan.ts'
import type { RunResult } from '../results/run-result.ts'
import type { HookFailures, ThreadReport } from '../results/thread-report.ts'
import type { Frame } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import { Breath } from '../shared/breath.ts'
import { messageOf } from '../shared/errors.ts'
import { mixSeed } from '../shared/random.ts'
import type { Clock } from './clock.ts'
import { runExecutor } from './executors/run-executor.ts'
import { watchHealth } from './health.ts'
import type { RunAssignment, RunHost } from './run-host.ts'
import { globalIndex, segmentSize } from './segment.ts'
import { guardHeap } from './heap-guard.ts'
import { watchTimers } from './leftover-timers.ts'
import { StopControl } from './stop-control.ts'
import { watchStrayErrors } from './stray-errors.ts'
import { VirtualUser, type IterationKey } from './virtual-user.ts'

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
}

const progressIntervalMs = 1000
/** Over less time than this, how busy a thread was says nothing. */
const shortestHealthMs = 100
/** A body that never waits for input or output would run in microtasks only, and the load would never end. */
const longestWithoutTurnMs = 10

/** Runs one thread's segment of a load from the first barrier to the result. */
export async function runLoad(run: LoadRun): Promise<RunResult | undefined> {
  const { plan, host, clock } = run
  for (const { target } of plan.slos) if (target.kind !== 'scenario') run.metrics.reserve(target.kind, target.name)
  const assignment = await host.ready(plan, run.prepared)
  const stop = new StopControl(clock)
  host.onStop(() => stop.stop())
  const vus = createVUs(run, assignment, stop.signal)
  try {
    return await host.result(await runSegment(run, assignment, vus, stop))
  } catch (error) {
    // Nobody may wait for this thread's figures; of a refusal, main knows already.
    host.giveUp(messageOf(error))
    throw error
  } finally {
    await closeSessions(vus)
  }
}

async function runSegment(
  run: LoadRun,
  assignment: RunAssignment,
  vus: readonly VirtualUser[],
  stop: StopControl,
): Promise<ThreadReport> {
  const sessions = new Set(vus.map((vu) => vu.session))
  const endStrayWatch = watchStrayErrors({ owns: (frame) => sessions.has(frame.session), fail: run.program.fail })
  try {
    const figures = await runGuarded(run, assignment, vus, stop)
    return { snapshot: run.metrics.snapshot(), activeVUs: 0, ...figures, stray: endStrayWatch() }
  } catch (error) {
    endStrayWatch()
    throw error
  }
}

/** Everything from set-up to the closing of what virtual users have opened. */
async function runGuarded(
  run: LoadRun,
  assignment: RunAssignment,
  vus: readonly VirtualUser[],
  stop: StopControl,
): Promise<Omit<ThreadReport, 'snapshot' | 'activeVUs' | 'stray'>> {
  const trouble: HookTrouble = { failures: [], hookFailures: [] }
  const countTimersLeft = watchTimers(run.clock)
  let measured: Pick<ThreadReport, 'durationMs' | 'health'>
  let timersLeft = 0
  try {
    await runHooks(run, assignment, vus, 'setup', trouble)
    await run.host.go()
    measured = await runWindow(run, assignment, vus, stop, hasFailed(trouble))
  } finally {
    // Also when the load does not take place after all: what was set up is there.
    run.host.enter('teardown')
    await runHooks(run, assignment, vus, 'teardown', trouble)
    run.host.enter('idle')
    // Before the last snapshot: what a connection counts when it closes belongs to it.
    await closeSessions(vus)
    timersLeft = await countTimersLeft()
  }
  return { ...measured, ...trouble, abandoned: stop.abandoned, timersLeft }
}

/** The load itself: from the moment all threads start to the end of the last iteration. */
async function runWindow(
  run: LoadRun,
  assignment: RunAssignment,
  vus: readonly VirtualUser[],
  stop: StopControl,
  setupFailed: boolean,
): Promise<Pick<ThreadReport, 'durationMs' | 'health'>> {
  const { host, clock } = run
  run.onStart()
  const endHealthWatch = watchHealth()
  const startedAtMs = clock.now()
  const stopReports = reportProgress(run, vus)
  const stopGuard = guardHeap(host.youngHeapBytes, (message) => host.requestStop(message))
  // Without a reason: the report tells, for all threads together.
  if (setupFailed) host.requestStop()
  else await execute(run, assignment, vus, stop, startedAtMs)
  const durationMs = clock.now() - startedAtMs
  stopReports()
  stopGuard()
  const health = endHealthWatch()
  return { durationMs, health: durationMs < shortestHealthMs || vus.length === 0 ? undefined : health }
}

async function closeSessions(vus: readonly VirtualUser[]): Promise<void> {
  await Promise.all(vus.map((vu) => vu.session.close()))
}

function createVUs(run: LoadRun, assignment: RunAssignment, signal: AbortSignal): VirtualUser[] {
  const { plan, program, metrics, clock } = run
  const context = {
    clock,
    breath: new Breath(clock, longestWithoutTurnMs),
    metrics,
    iterations: metrics.series('iteration', plan.scenario),
    seed: mixSeed(assignment.seed, plan.scenario),
    body: (session: Session, key: IterationKey) => program.body(session, key, assignment),
    fail: program.fail,
  }
  return Array.from({ length: segmentSize(assignment.segment, plan.load.vus) }, (_, position) => {
    const vuId = globalIndex(assignment.segment, position) + 1
    return new VirtualUser(vuId, program.createSession({ vuId, runId: assignment.runId, signal }), context)
  })
}

async function execute(
  run: LoadRun,
  assignment: RunAssignment,
  vus: readonly VirtualUser[],
  stop: StopControl,
  startedAtMs: number,
): Promise<void> {
  const { load } = run.plan
  const ended = runExecutor({
    load,
    segment: assignment.segment,
    clock: run.clock,
    startedAtMs,
    vus,
    stopped: () => stop.stopped,
    abandoned: stop.whenAbandoned,
    drop: (iterations) => (run.metrics.counters.iterationsDropped += iterations),
  })
  await stop.supervise({
    ended,
    vus,
    windowMs: startWindowMs(load),
    gracefulStopMs: load.gracefulStopMs,
    settleLimitMs,
  })
}

/** Reports once a second until the returned function is called. */
function reportProgress({ host, metrics, clock }: LoadRun, vus: readonly VirtualUser[]): () => void {
  const ended = new AbortController()
  const repeat = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(progressIntervalMs, ended.signal)
      if (ended.signal.aborted) return
      host.snapshot({ snapshot: metrics.snapshot(), activeVUs: vus.filter((vu) => vu.isRunning).length })
    }
  }
  void repeat()
  return () => ended.abort()
}

/** What went wrong in the hooks of a thread's virtual users. */
interface HookTrouble {
  readonly failures: string[]
  readonly hookFailures: HookFailures[]
}

function hasFailed({ failures, hookFailures }: HookTrouble): boolean {
  return failures.length + hookFailures.length > 0
}

async function runHooks(
  run: LoadRun,
  assignment: RunAssignment,
  vus: readonly VirtualUser[],
  name: 'setup' | 'teardown',
  trouble: HookTrouble,
): Promise<void> {
  const hook = run.program[name]
  if (hook === undefined) return
  const all = Promise.allSettled(vus.map((vu) => hook(vu.session, assignment)))
  const ended = new AbortController()
  const results = await Promise.race([all, run.clock.sleep(hookLimitMs, ended.signal)])
  ended.abort()
  if (results === undefined) {
    trouble.failures.push(`${name} of the virtual users did not end within ${hookLimitMs / 1000} s`)
    return
  }
  const rejected = results.filter((result) => result.status === 'rejected')
  const first: unknown = rejected[0]?.reason
  if (rejected.length === 0) return
  trouble.hookFailures.push({ hook: name, failed: rejected.length, message: messageOf(first) })
}
