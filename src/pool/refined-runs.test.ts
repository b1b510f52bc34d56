import { describe, expect, it } from 'vitest'
import type { LoadPlan } from '../options/plan.ts'
import type { RunResult } from '../results/run-result.ts'
import type { ThreadReport } from '../results/thread-report.ts'
import { circumstances, plan, ThreadMetrics } from './fixtures/plans.ts'
import { RunMeasurements } from './run-measurements.ts'

/** A run of so many measured iterations, and so many in the warm-up, on each of two threads. */
function run(
  load: Partial<LoadPlan['load']>,
  measured: number,
  warmup: number,
  more: Partial<ThreadReport> = {},
): { measurements: RunMeasurements; result: RunResult } {
  const measurements = new RunMeasurements({ ...circumstances, threads: 2, now: () => 0 })
  measurements.start({ ...plan, load: { ...plan.load, ...load } as LoadPlan['load'] })
  for (const thread of [0, 1]) {
    const snapshot = new ThreadMetrics().snapshot(warmup, 50_000)
    measurements.mergeReport(thread, new ThreadMetrics().report(measured, { warmup: snapshot, ...more }))
  }
  return { measurements, result: measurements.conclude() }
}

describe('a run with a warm-up', () => {
  it('keeps it apart from counts and latencies, and gives rates over the time after it', () => {
    const { result } = run({ warmupMs: 2000 }, 40, 10)
    expect(result).toMatchObject({
      load: '4 VUs for 10s, 2s of warm-up',
      durationMs: 10_000,
      iterations: { started: 80, ok: 80, perSecond: 10 },
      requests: { started: 80, ok: 80, perSecond: 10 },
      warmup: {
        durationMs: 2000,
        iterations: { started: 20, ok: 20, failed: 0, aborted: 0, dropped: 0 },
        requests: { started: 20, ok: 20, failed: 0, aborted: 0 },
        errors: 0,
      },
      verdict: 'pass',
    })
    expect(result.series.every(({ latency, perSecond }) => latency.max < 2000 && perSecond === 10)).toBe(true)
    expect(result.warmup?.requestLatency.p50).toBeGreaterThan(49_000)
    expect(result.warmup?.iterationLatency).toMatchObject({ count: 20 })
  })

  it('shows it over time and while it runs', () => {
    const { measurements, result } = run({ warmupMs: 2000 }, 40, 10)
    expect(result.timeline.map(({ requests, iterations }) => [requests, iterations])).toEqual([[100, 100]])
    expect(measurements.describeProgress().iterations).toBe(100)
  })

  it('plans what is left of a number of iterations', () => {
    const load = { executor: 'shared-iterations', iterations: 100, maxDurationMs: 10_000, warmupMs: 2000 } as const
    expect(run(load, 40, 10).result.iterations).toMatchObject({ planned: 80, started: 80 })
  })

  it('has failed when nothing started after it', () => {
    expect(run({ warmupMs: 2000 }, 0, 10).result).toMatchObject({
      verdict: 'fail',
      reasons: ["no iteration was started after the warm-up. Shorten 'warmup' or lengthen the load"],
    })
    const early = run({ warmupMs: 2000 }, 0, 10, { durationMs: 1500 }).result
    expect(early.reasons).toEqual(['the load ended before its warm-up was over'])
    expect(early.warmup?.durationMs).toBe(1500)
  })

  it('has none in its result where none was asked for', () => {
    const { result } = run({}, 40, 0)
    expect(['warmup', 'throttled', 'pacingMissed'].filter((name) => name in result)).toEqual([])
  })
})

/** What a thread of a paced and throttled load has to say. */
function heldReport(): ThreadReport {
  const report = new ThreadMetrics().report(40)
  Object.assign(report.snapshot.counters, { pacingMissed: 3, requestsHeld: 20, heldMs: 1500 })
  return report
}

describe('a run that is paced and throttled', () => {
  const pacing = { distribution: 'uniform', minMs: 100, maxMs: 100 } as const

  it('tells how many requests were held back, for how long, and which iterations were too long', () => {
    const { result } = run({ pacing, throttlePerSecond: 10 }, 40, 0, heldReport())
    expect(result).toMatchObject({ throttled: { requests: 40, waitedMs: 3000 }, pacingMissed: 6, verdict: 'pass' })
    expect(result.warnings).toEqual([
      '6 iterations were longer than the pacing: the next started at once, later than the pacing asks for',
    ])
  })

  it('is warned about visitors who come faster than the throttle lets them ask', () => {
    const open: LoadPlan['load'] = {
      executor: 'constant-arrival-rate',
      vus: 4,
      preAllocatedVUs: 4,
      arrivals: 'even',
      stages: [{ durationMs: 10_000, fromPerSecond: 8, toPerSecond: 8 }],
      gracefulStopMs: 0,
      throttlePerSecond: 10,
    }
    expect(run(open, 40, 0, heldReport()).result.warnings).toContain(
      '40 requests were held back by the throttle, 75 ms on average: visitors came faster than it lets them ask, and no latency knows of that wait',
    )
  })
})
