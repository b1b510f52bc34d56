import type { LatencySummary } from '../metrics/histogram.ts'
import { latencyLayout } from '../metrics/buckets.ts'
import { LatencyHistogram } from '../metrics/histogram.ts'
import type { RunTotals, SeriesTotals } from './run-totals.ts'

/**
 * What took place in the warm-up: iterations that started in it – in an open model, that were planned for it – and all that
 * they did, whenever it ended. No other figure of a result holds any of it but `timeline`, which tells of every second.
 */
export interface WarmupResult {
  /** How much of the run's duration the warm-up took, in milliseconds. Rates are over the rest. */
  readonly durationMs: number
  readonly iterations: {
    readonly started: number
    readonly ok: number
    readonly failed: number
    readonly aborted: number
    readonly dropped: number
  }
  readonly requests: {
    readonly started: number
    readonly ok: number
    readonly failed: number
    readonly aborted: number
  }
  /** What went over the wire during the warm-up, whatever it was for. */
  readonly bytes: { readonly sent: number; readonly received: number }
  /** What was opened, used again and closed during the warm-up. */
  readonly connections: { readonly opened: number; readonly reused: number; readonly closed: number }
  /** Failures of all kinds. */
  readonly errors: number
  /** Of its iterations, in microseconds, like the `latency` of a series. */
  readonly iterationLatency: LatencySummary
  /** Of all its requests together, in microseconds. */
  readonly requestLatency: LatencySummary
}

/** Makes what a result tells of the warm-up. */
export function buildWarmup(totals: RunTotals, durationMs: number): WarmupResult {
  const { counters } = totals
  const requests = totals.series('request')
  const sum = (of: (series: SeriesTotals) => number): number =>
    requests.reduce((total, series) => total + of(series), 0)
  return {
    durationMs,
    iterations: {
      started: counters.iterationsStarted,
      ok: counters.iterationsOk,
      failed: counters.iterationsFailed,
      aborted: counters.iterationsAborted,
      dropped: counters.iterationsDropped,
    },
    requests: {
      started: counters.requestsStarted,
      ok: sum((series) => series.ok),
      failed: sum((series) => series.failed),
      aborted: sum((series) => series.aborted),
    },
    bytes: { sent: counters.bytesSent, received: counters.bytesReceived },
    connections: {
      opened: counters.connectionsOpened,
      reused: counters.connectionsReused,
      closed: counters.connectionsClosed,
    },
    errors: [...totals.errors.values()].reduce((total, row) => total + row.count, 0),
    iterationLatency: latencyOf(totals.series('iteration')),
    requestLatency: latencyOf(requests),
  }
}

function latencyOf(all: readonly SeriesTotals[]): LatencySummary {
  const merged = new LatencyHistogram(latencyLayout)
  for (const { latency } of all) merged.merge(latency)
  return merged.summary()
}
