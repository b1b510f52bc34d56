import type { LatencyHistogram } from '../metrics/histogram.ts'
import type { SloOutcome } from '../slo/model.ts'
import { errorIds } from './error-id.ts'
import {
  runResultVersion,
  type ErrorResult,
  type RunResult,
  type SeriesResult,
  type ThreadHealth,
  type Verdict,
} from './run-result.ts'
import type { ConnectionTotals } from './connection-totals.ts'
import type { RunTotals, SeriesTotals } from './run-totals.ts'
import type { Timeline } from './timeline.ts'
import { mergePhases } from './merge-phases.ts'
import { buildWarmup } from './warmup-result.ts'

/** What identifies a run and says how it was made; the rest of a result is measured. */
export type RunDescription = Pick<
  RunResult,
  | 'runId'
  | 'scenario'
  | 'file'
  | 'project'
  | 'startedAt'
  | 'seed'
  | 'threads'
  | 'executor'
  | 'load'
  | 'profile'
  | 'scale'
  | 'vus'
  | 'baseUrl'
  | 'offline'
> & {
  /** How many iterations were planned, where that is known; without those of the warm-up. */
  readonly plannedIterations: number | undefined
}

/** What was measured. */
export interface Measured {
  readonly totals: RunTotals
  readonly timeline: Timeline
  readonly connections?: ConnectionTotals
  /** Of the whole run, the warm-up included. */
  readonly durationMs: number
  readonly health: readonly ThreadHealth[]
  /** Of a load that has one. */
  readonly warmup?: { readonly totals: RunTotals; readonly durationMs: number } | undefined
  /** Whether requests were to wait for their turn. */
  readonly isThrottled?: boolean
  /** Whether iterations were to start no sooner than a while after those before them. */
  readonly isPaced?: boolean
}

/** How a run was judged. */
export interface Judgement {
  readonly slos: readonly SloOutcome[]
  readonly verdict: Verdict
  readonly reasons: readonly string[]
  readonly warnings: readonly string[]
}

/** Makes the result of a run from what was measured and how it was judged. */
export function buildResult(
  { plannedIterations: planned, ...description }: RunDescription,
  measured: Measured,
  judgement: Judgement,
): RunResult {
  const { totals, durationMs, warmup } = measured
  const { counters } = totals
  const origins = measured.connections?.origins() ?? []
  const requests = totals.series('request')
  const hooks = totals.series('hook')
  const seconds = Math.max(durationMs - (warmup?.durationMs ?? 0), 1) / 1000
  const completed = counters.iterationsOk + counters.iterationsFailed
  const sum = (of: (series: SeriesTotals) => number): number =>
    requests.reduce((total, series) => total + of(series), 0)
  return {
    version: runResultVersion,
    ...description,
    durationMs,
    iterations: {
      planned,
      started: counters.iterationsStarted,
      ok: counters.iterationsOk,
      failed: counters.iterationsFailed,
      aborted: counters.iterationsAborted,
      dropped: counters.iterationsDropped,
      perSecond: completed / seconds,
    },
    requests: {
      started: counters.requestsStarted - hooks.reduce((total, series) => total + series.count, 0),
      ok: sum((series) => series.ok),
      failed: sum((series) => series.failed),
      aborted: sum((series) => series.aborted),
      perSecond: sum((series) => series.count) / seconds,
      ...(counters.retries > 0 && { retries: counters.retries }),
    },
    ...(measured.isThrottled && { throttled: { requests: counters.requestsHeld, waitedMs: counters.heldMs } }),
    ...(measured.isPaced && { pacingMissed: counters.pacingMissed }),
    ...(warmup !== undefined && { warmup: buildWarmup(warmup.totals, warmup.durationMs) }),
    bytes: { sent: counters.bytesSent, received: counters.bytesReceived },
    connections: {
      opened: counters.connectionsOpened,
      reused: counters.connectionsReused,
      closed: counters.connectionsClosed,
      ...(origins.length > 0 && { origins }),
    },
    ...mergePhases(requests),
    series: totals.series().flatMap((series) => buildSeries(series, seconds)),
    checks: [...totals.checks.values()],
    errors: buildErrors(description, totals),
    timeline: measured.timeline.points(),
    health: measured.health,
    ...judgement,
  }
}

/** What is measured once more for objectives on labels is told by those. */
function buildSeries(series: SeriesTotals, seconds: number): SeriesResult[] {
  const { kind } = series
  if (kind === 'labelled') return []
  const phases = series.phaseNames.flatMap((name, index): [string, ReturnType<LatencyHistogram['summary']>][] => {
    const histogram = series.phases[index]
    return histogram === undefined ? [] : [[name, histogram.summary()]]
  })
  const result: SeriesResult = {
    kind,
    name: series.name,
    ok: series.ok,
    failed: series.failed,
    aborted: series.aborted,
    perSecond: series.count / seconds,
    latency: series.latency.summary(),
    failedLatency: series.failedLatency?.summary(),
    service: series.service?.summary(),
    phases: Object.fromEntries(phases),
    histogram: series.latency.encode(),
  }
  return [result]
}

function buildErrors(identity: Pick<RunResult, 'file' | 'scenario'>, totals: RunTotals): ErrorResult[] {
  const rows = [...totals.errors.values()].toSorted((left, right) => right.count - left.count)
  const all = rows.reduce((sum, row) => sum + row.count, 0)
  const ids = errorIds(identity, rows)
  return rows.map((row, index) => ({ id: ids[index] ?? '', ...row, share: row.count / all }))
}
