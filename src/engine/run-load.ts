import { settleLimitMs } from '../options/limits.ts'
import { startWindowMs } from '../options/describe-load.ts'
import { isOpen } from '../options/resolved-load.ts'
import type { RunResult } from '../results/run-result.ts'
import type { ThreadProgress, ThreadReport } from '../results/thread-report.ts'
import type { Session } from '../session/session.ts'
import { messageOf } from '../shared/errors.ts'
import { mixSeed } from '../shared/random.ts'
import { createUsers, type Users } from './create-users.ts'
import type { ExecutorContext } from './executors/contract.ts'
import { runExecutor } from './executors/run-executor.ts'
import { watchHealth } from './health.ts'
import type { RunAssignment } from './run-host.ts'
import { segmentSize } from './segment.ts'
import { LoadParts } from './load-parts.ts'
import { guardHeap } from './heap-guard.ts'
import { watchTimers } from './leftover-timers.ts'
import type { LoadRun } from './load-run.ts'
import { lagPhases, StartLag } from './start-lag.ts'
import { StopControl } from './stop-control.ts'
import { watchStrayErrors } from './stray-errors.ts'
import { ThreadProbes } from './thread-probes.ts'
import { UserHooks } from './user-hooks.ts'
import type { VirtualUser } from './virtual-user.ts'

const progressIntervalMs = 1000
/** Over less time than this, how busy a thread was says nothing. */
const shortestHealthMs = 100
/** One thread's part of a run. */
interface SegmentRun extends LoadRun {
  readonly assignment: RunAssignment
  readonly users: Users
  readonly stop: StopControl
  readonly hooks: UserHooks
  readonly parts: LoadParts
  /** Seed of the run and the scenario together. */
  readonly seed: number
  readonly probes: ThreadProbes | undefined
}

/** Runs one thread's segment of a load from the first barrier to the result. */
export async function runLoad(run: LoadRun): Promise<RunResult | undefined> {
  const { plan, host } = run
  for (const { target } of plan.slos) if (target.kind !== 'scenario') run.metrics.reserve(target.kind, target.name)
  const probes = ThreadProbes.create(plan, plan.scenario, run.metrics.measured)
  const assignment = await host.ready(plan, run.prepared)
  await openRows(run, assignment)
  const segment = { ...createSegment(run, assignment), probes }
  host.onStop((gracefulStopMs) => segment.stop.stop(gracefulStopMs))
  try {
    return await host.result(await runSegment(segment))
  } catch (error) {
    // Nobody may wait for this thread's figures; of a refusal, main knows already.
    host.giveUp(messageOf(error))
    throw error
  } finally {
    await closeSessions(segment)
  }
}

/** Before virtual users are made: they ask for rows, or they do not. */
async function openRows({ program, host }: LoadRun, assignment: RunAssignment): Promise<void> {
  try {
    await program.open?.(assignment)
  } catch (error) {
    program.closeRows?.()
    host.giveUp(messageOf(error))
    throw error
  }
}

function createSegment(run: LoadRun, assignment: RunAssignment): Omit<SegmentRun, 'probes'> {
  const { plan, program, metrics, clock } = run
  const { setup, teardown } = program
  const stop = new StopControl(clock)
  const hooks = {
    setup: setup && ((session: Session) => setup(session, assignment)),
    teardown: teardown && ((session: Session) => teardown(session, assignment)),
  }
  const phases = isOpen(plan.load) ? lagPhases : []
  const parts = new LoadParts(metrics, (registry) => registry.series('iteration', plan.scenario, phases))
  const seed = mixSeed(assignment.seed, plan.scenario)
  return {
    ...run,
    assignment,
    stop,
    parts,
    seed,
    hooks: new UserHooks(hooks, clock, stop.signal),
    users: createUsers(run, assignment, { parts, seed, stopping: stop.stopping }, stop.signal),
  }
}

async function runSegment(segment: SegmentRun): Promise<ThreadReport> {
  const { users, program } = segment
  const endStrayWatch = watchStrayErrors({ owns: ({ session }) => users.owns(session), fail: program.fail })
  try {
    const figures = await runGuarded(segment)
    const last = segment.probes && { probes: segment.probes.lastReport() }
    return { ...takeSnapshots(segment), activeVUs: 0, ...last, ...figures, stray: endStrayWatch() }
  } catch (error) {
    endStrayWatch()
    throw error
  }
}

/** Everything from set-up to the closing of what virtual users have opened. */
async function runGuarded(
  segment: SegmentRun,
): Promise<Omit<ThreadReport, 'snapshot' | 'warmup' | 'activeVUs' | 'stray'>> {
  const { host, hooks, users, stop, program } = segment
  const countTimersLeft = watchTimers(segment.clock)
  let measured: Pick<ThreadReport, 'durationMs' | 'health'>
  let timersLeft = 0
  let rows: ThreadReport['rows']
  try {
    await hooks.setUpAll(users.vus.slice(0, readyVUs(segment)))
    await waitForTurn(segment)
    await host.go()
    await waitForStart(segment)
    measured = await runWindow(segment)
  } finally {
    segment.onEnd?.()
    rows = program.closeRows?.()
    // Also when the load does not take place after all: what was set up is there.
    host.enter('teardown')
    if (hooks.isSettingUp) stop.cutRest()
    await hooks.tearDownAll(users.vus)
    host.enter('idle')
    // Before the last snapshot: what a connection counts when it closes belongs to it.
    await closeSessions(segment)
    timersLeft = await countTimersLeft()
  }
  const { failures, hookFailures } = hooks
  return { ...measured, failures, hookFailures, abandoned: stop.abandoned, timersLeft, rows }
}

/** Where set-up has failed, nobody needs to wait for what will not take place. */
async function waitForTurn({ turn, hooks, host }: SegmentRun): Promise<void> {
  if (turn === undefined || hooks.hasFailed) return
  host.enter('waiting')
  await turn()
}

async function waitForStart({ plan, hooks, clock, stop }: SegmentRun): Promise<void> {
  const { startTimeMs = 0 } = plan.load
  if (startTimeMs > 0 && !hooks.hasFailed) await clock.sleep(startTimeMs, stop.stopping)
}

/** The load itself: from the moment all threads start to the end of the last iteration. */
async function runWindow(segment: SegmentRun): Promise<Pick<ThreadReport, 'durationMs' | 'health'>> {
  const { host, clock, hooks, users, plan } = segment
  segment.onStart(segment.assignment)
  const { warmupMs } = plan.load
  const endHealthWatch = watchHealth(warmupMs)
  const startedAtMs = clock.now()
  const ended = new AbortController()
  if (warmupMs !== undefined) segment.parts.start(startedAtMs, warmupMs, clock, ended.signal)
  segment.probes?.begin(startedAtMs)
  const stopReports = reportProgress(segment, startedAtMs)
  const stopGuard = guardHeap(host.youngHeapBytes, (message) => host.requestStop(message))
  // Without a reason: the report tells, for all threads together.
  if (hooks.hasFailed) host.requestStop()
  else if (!isStoppedBefore(segment)) await execute(segment, startedAtMs)
  const durationMs = clock.now() - startedAtMs
  ended.abort()
  stopReports()
  stopGuard()
  const health = endHealthWatch()
  return { durationMs, health: durationMs < shortestHealthMs || users.vus.length === 0 ? undefined : health }
}

/** Whether the load was stopped while it waited for its time: nothing of it is late, or was left out. */
function isStoppedBefore({ plan, stop }: SegmentRun): boolean {
  return plan.load.startTimeMs !== undefined && stop.stopping.aborted
}

/** How many virtual users of this thread are set up before the load: all, unless they may never be needed. */
function readyVUs({ plan: { load }, program, assignment: { segment }, users }: SegmentRun): number {
  if (!isOpen(load) || program.setup === undefined) return users.vus.length
  // A thread that has users gets arrivals: one at least has to be there for the first.
  return Math.min(users.vus.length, Math.max(1, segmentSize(segment, load.preAllocatedVUs)))
}

async function closeSessions({ users }: SegmentRun): Promise<void> {
  await Promise.all(users.vus.map((vu) => vu.session.close()))
}

async function execute(segment: SegmentRun, startedAtMs: number): Promise<void> {
  const { stop, users } = segment
  const { load } = segment.plan
  const windowMs = startWindowMs(load)
  const ended = runExecutor({
    load,
    segment: segment.assignment.segment,
    clock: segment.clock,
    startedAtMs,
    windowEndMs: startedAtMs + windowMs,
    vus: users.vus,
    readyVUs: readyVUs(segment),
    ...userChanges(segment),
    seed: segment.seed,
    stopping: stop.stopping,
    isWindowOver: () => stop.isWindowOver,
    cutting: stop.signal,
    abandoned: stop.whenAbandoned,
    ...counting(segment, startedAtMs),
  })
  await stop.supervise({
    ended,
    vus: users.vus,
    windowMs,
    gracefulStopMs: load.gracefulStopMs,
    settleLimitMs,
  })
}

/** What executors do to virtual users besides letting them iterate. */
function userChanges({ hooks, host, stop }: SegmentRun): Pick<ExecutorContext, 'setUp' | 'renew' | 'giveUp'> {
  const setUp = async (vu: VirtualUser): Promise<boolean> => {
    const worked = await hooks.setUp(vu)
    // Without a reason: the report tells, for all threads together.
    if (!worked && !stop.stopping.aborted) host.requestStop()
    return worked
  }
  const renew = async (vu: VirtualUser): Promise<boolean> => {
    await hooks.tearDown(vu)
    vu.renew()
    return setUp(vu)
  }
  return { setUp, renew, giveUp: (vu) => stop.giveUp(vu) }
}

function counting({ parts }: SegmentRun, startedAtMs: number): Pick<ExecutorContext, 'drop' | 'recordLag'> {
  const lag = new StartLag()
  return {
    drop: (count, isOverdue = false, plannedMs = Number.POSITIVE_INFINITY) => {
      const { counters } = parts.at(startedAtMs + plannedMs).metrics
      counters.iterationsDropped += count
      if (isOverdue) counters.iterationsOverdue += count
    },
    recordLag: (lagMs, plannedMs) => lag.record(parts.at(startedAtMs + plannedMs).iterations, lagMs, plannedMs),
  }
}

/** What was measured since the last time. */
function takeSnapshots({ metrics, plan }: LoadRun): Pick<ThreadReport, 'snapshot' | 'warmup' | 'connections'> {
  const taken = { snapshot: metrics.measured.snapshot(), connections: metrics.connections.drain() }
  return plan.load.warmupMs === undefined ? taken : { ...taken, warmup: metrics.warmup.snapshot() }
}

/** Reports at the end of each second of the load, all threads alike, until the returned function is called. */
function reportProgress(segment: SegmentRun, startedAtMs: number): () => void {
  const { host, clock } = segment
  const ended = new AbortController()
  const repeat = async (): Promise<void> => {
    for (;;) {
      const second = Math.floor((clock.now() - startedAtMs) / progressIntervalMs) + 1
      const atMs = startedAtMs + second * progressIntervalMs
      // A timer may come a little early, and the second would not be over.
      while (clock.now() < atMs && !ended.signal.aborted) await clock.sleep(atMs - clock.now(), ended.signal)
      if (ended.signal.aborted) return
      host.snapshot(progressOf(segment))
    }
  }
  void repeat()
  return () => ended.abort()
}

function progressOf(segment: SegmentRun): ThreadProgress {
  const { probes, program, clock, users } = segment
  const { vus } = users
  const { requestsInFlight } = program
  const report = probes && { probes: probes.report({ nowMs: clock.now(), vus, requestsInFlight }) }
  return { ...takeSnapshots(segment), activeVUs: vus.filter((vu) => vu.isRunning).length, ...report }
}
