import type { MetricsRegistry } from '../metrics/registry.ts'
import { startWindowMs } from '../options/load-options.ts'
import type { LoadPlan } from '../options/plan.ts'
import type { RunResult } from '../results/run-result.ts'
import type { Frame } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import { mixSeed } from '../shared/random.ts'
import { Breath } from './breath.ts'
import type { Clock } from './clock.ts'
import { runExecutor } from './executors/run-executor.ts'
import { watchHealth } from './health.ts'
import type { RunAssignment, RunHost, ThreadReport } from './run-host.ts'
import { globalIndex, segmentSize } from './segment.ts'
import { StopControl } from './stop-control.ts'
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
/** How long set-up, tear-down and the settling of what was cut may take at most. */
const hookLimitMs = 60_000
const settleLimitMs = 1000

/** Runs one thread's segment of a load from the first barrier to the result. */
export async function runLoad(run: LoadRun): Promise<RunResult | undefined> {
  const { plan, host, clock } = run
  const assignment = await host.ready(plan, run.prepared)
  const stop = new StopControl(clock)
  host.onStop(() => stop.stop())
  const vus = createVUs(run, assignment, stop.signal)
  try {
    return await host.result(await runSegment(run, assignment, vus, stop))
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
  const { host, clock } = run
  const failures: string[] = []
  await runHooks(run, assignment, vus, 'setup', failures)
  await host.go()
  run.onStart()
  const endHealthWatch = watchHealth()
  const startedAtMs = clock.now()
  const stopReports = reportProgress(run, vus)
  if (failures.length > 0) host.requestStop(failures[0] ?? '')
  else await execute(run, assignment, vus, stop, startedAtMs)
  const durationMs = clock.now() - startedAtMs
  stopReports()
  const health = endHealthWatch()
  await runHooks(run, assignment, vus, 'teardown', failures)
  // Before the last snapshot: what a connection counts when it closes belongs to it.
  await closeSessions(vus)
  const warnings = stop.abandoned > 0 ? [describeAbandoned(stop.abandoned)] : []
  return { snapshot: run.metrics.snapshot(), activeVUs: 0, durationMs, health, failures, warnings }
}

async function closeSessions(vus: readonly VirtualUser[]): Promise<void> {
  await Promise.all(vus.map((vu) => vu.session.close()))
}

function createVUs(run: LoadRun, assignment: RunAssignment, signal: AbortSignal): VirtualUser[] {
  const { plan, program, metrics, clock } = run
  const context = {
    clock,
    breath: new Breath(clock),
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

async function runHooks(
  run: LoadRun,
  assignment: RunAssignment,
  vus: readonly VirtualUser[],
  name: 'setup' | 'teardown',
  failures: string[],
): Promise<void> {
  const hook = run.program[name]
  if (hook === undefined) return
  const all = Promise.allSettled(vus.map((vu) => hook(vu.session, assignment)))
  const ended = new AbortController()
  const results = await Promise.race([all, run.clock.sleep(hookLimitMs, ended.signal)])
  ended.abort()
  if (results === undefined) {
    failures.push(`${name} of the virtual users did not end within ${hookLimitMs / 1000} s`)
    return
  }
  const rejected = results.filter((result) => result.status === 'rejected')
  const first: unknown = rejected[0]?.reason
  if (rejected.length === 0) return
  const message = first instanceof Error ? first.message : String(first)
  failures.push(`${name} failed for ${rejected.length} of ${vus.length} virtual users: ${message}`)
}

function describeAbandoned(count: number): string {
  return `${count} iterations did not end although they were cut; their body waits for something that never comes`
}
