import { isAmong, LabelWatch } from '../metrics/label-watch.ts'
import { ProbeRecorder } from '../metrics/probe-recorder.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'
import { labelledRequestsOf, probesOf, type Objectives, type Probe, type ProbeReport } from '../results/probes.ts'
import { thinkTimeMs } from '../session/current.ts'
import type { LoadProgram, RequestUnderWay } from './load-run.ts'
import type { VirtualUser } from './virtual-user.ts'

/** Where a thread's probes look for work that has not ended; that of a warm-up is none of theirs. */
export interface WorkUnderWay {
  readonly nowMs: number
  readonly vus: readonly VirtualUser[]
  readonly requestsInFlight: LoadProgram['requestsInFlight']
}

interface RecordedProbe extends Probe {
  readonly recorder: ProbeRecorder
}

/** Takes work that goes on, and has taken so long, think time taken out. */
type Visit = (startedAtMs: number, elapsedUs: number) => void

/**
 * What a thread measures for objectives that are judged in windows or may end the load. Work under way is looked at once
 * a second, so that nothing has to be noted when it starts.
 */
export class ThreadProbes {
  readonly #probes: readonly RecordedProbe[]
  readonly #labels: LabelWatch | undefined
  #startedAtMs: number = 0

  private constructor(probes: readonly RecordedProbe[], labels: LabelWatch | undefined) {
    this.#probes = probes
    this.#labels = labels
  }

  /** `undefined` where no objective needs any. Call it before anything is measured. */
  static create(objectives: Objectives, scenario: string, metrics: MetricsRegistry): ThreadProbes | undefined {
    const labelled = labelledRequestsOf(objectives.slos)
    const probes = probesOf(objectives).map((probe) => ({ ...probe, recorder: new ProbeRecorder(probe.options) }))
    for (const { slo, seriesName: name, recorder } of probes) {
      if (slo.aggregate.kind === 'checks') metrics.followChecks(name, recorder)
      else if (slo.target.kind === 'scenario') metrics.follow('iteration', scenario, recorder)
      else metrics.follow(slo.target.kind, name ?? '', recorder)
    }
    if (labelled.length > 0) metrics.labels = new LabelWatch(metrics, labelled)
    return probes.length === 0 && labelled.length === 0 ? undefined : new ThreadProbes(probes, metrics.labels)
  }

  /** The load has started. */
  begin(startedAtMs: number): void {
    this.#startedAtMs = startedAtMs
    for (const { recorder } of this.#probes) recorder.begin(startedAtMs)
  }

  /** What has happened since the last report, and what goes on now. */
  report(work: WorkUnderWay): ProbeReport {
    for (const { slo, recorder } of this.#probes) {
      if (slo.aggregate.kind === 'checks' || slo.aggregate.kind === 'throughput') continue
      visitTarget(slo.target, work, (startedAtMs, elapsedUs) => recorder.noteInFlight(startedAtMs, elapsedUs))
    }
    return this.#drain(work.nowMs - this.#startedAtMs)
  }

  /** What is left when everything has ended. */
  lastReport(): ProbeReport {
    return this.#drain(Number.POSITIVE_INFINITY)
  }

  #drain(atMs: number): ProbeReport {
    return {
      atMs,
      deltas: this.#probes.map(({ recorder }) => recorder.drain()),
      seen: this.#labels?.drainSeen() ?? [],
    }
  }
}

type Target = Probe['slo']['target']

function visitTarget(target: Target, work: WorkUnderWay, visit: Visit): void {
  if (target.kind === 'scenario') visitIterations(work, visit)
  else if (target.kind === 'step') visitSteps(target.name, work, visit)
  else visitRequests(target, work, visit)
}

function visitIterations({ vus, nowMs }: WorkUnderWay, visit: Visit): void {
  for (const { running } of vus) {
    if (running === undefined || running.frame.scope.warmup) continue
    const { startedAtMs, frame } = running
    visit(startedAtMs, (nowMs - startedAtMs - thinkTimeMs(frame, nowMs)) * 1000)
  }
}

function visitSteps(path: string, { vus, nowMs }: WorkUnderWay, visit: Visit): void {
  for (const { running } of vus) {
    if (running === undefined || running.frame.scope.warmup) continue
    for (let step = running.frame.scope.openStep; step !== undefined; step = step.openBefore) {
      if (step.path !== path || step.recorded) continue
      visit(step.startedAtMs, (nowMs - step.startedAtMs - thinkTimeMs(step, nowMs)) * 1000)
    }
  }
}

function visitRequests(
  target: Extract<Target, { kind: 'request' | 'labelled' }>,
  { requestsInFlight, nowMs }: WorkUnderWay,
  visit: Visit,
): void {
  requestsInFlight?.((request) => {
    if (mayBe(target, request)) visit(request.startedAtMs, (nowMs - request.startedAtMs) * 1000)
  })
}

/** Which status a request will have nobody knows: until it has one, it is no work of an objective on it. */
function mayBe(target: Extract<Target, { kind: 'request' | 'labelled' }>, request: RequestUnderWay): boolean {
  if (target.kind === 'request') return request.name === target.name
  if (target.where.status !== undefined) return false
  return isAmong(target, request.name, request.step, request.labels)
}
