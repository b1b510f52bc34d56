import { describe, expect, it } from 'vitest'
import { MetricsRegistry } from '../metrics/registry.ts'
import { outcomes } from '../metrics/series.ts'
import type { RunResult } from '../results/run-result.ts'
import { circumstances, plan } from './fixtures/plans.ts'
import { RunMeasurements } from './run-measurements.ts'

const hourSeconds = 3600
/** They take two seconds, on a machine with nothing else to do. */
const limitMs = 60_000
const latencies = [900, 1500, 2000, 4000, 9000, 60_000]

/** A run that is told what its threads measure, second by second, by a clock of its own. */
class Soak {
  readonly #clock: { nowMs: number } = { nowMs: 0 }
  readonly #threads: readonly MetricsRegistry[]
  readonly #measurements: RunMeasurements

  constructor(threads: number) {
    this.#threads = Array.from({ length: threads }, () => new MetricsRegistry())
    this.#measurements = new RunMeasurements({
      ...circumstances,
      threads,
      now: () => this.#clock.nowMs,
    })
    this.#measurements.start(plan, 0)
  }

  /** Lets seconds pass; in each, every thread measures and sends. */
  pass(seconds: number, measure: (metrics: MetricsRegistry, second: number) => void): RunResult {
    for (let passed = 0; passed < seconds; passed++) {
      const second = this.#clock.nowMs / 1000
      this.#clock.nowMs += 1000
      for (const [thread, metrics] of this.#threads.entries()) {
        measure(metrics, second)
        this.#measurements.merge(thread, { snapshot: metrics.snapshot(), activeVUs: 5 })
      }
    }
    return this.#measurements.conclude()
  }
}

/** One request, and the iteration around it. */
function iterate(metrics: MetricsRegistry, name: string, second: number): void {
  metrics.counters.iterationsStarted += 1
  metrics.counters.iterationsOk += 1
  metrics.counters.requestsStarted += 1
  metrics.series('request', name).record(outcomes.ok, latencies[second % latencies.length] ?? 0)
}

/** What a result holds that could grow. */
function sizesOf({ series, checks, errors, timeline }: RunResult): Record<string, number> {
  return { series: series.length, checks: checks.length, errors: errors.length, points: timeline.length }
}

function countsOf({ series, timeline, requests, iterations }: RunResult): Record<string, number> {
  return {
    started: requests.started,
    ok: requests.ok,
    iterations: iterations.ok,
    recorded: series.filter(({ kind }) => kind === 'request').reduce((sum, { latency }) => sum + latency.count, 0),
    inTimeline: timeline.reduce((sum, point) => sum + point.requests, 0),
  }
}

describe('a soak', { timeout: limitMs }, () => {
  it('of an hour with many series counts everything, in a point for each second', () => {
    const result = new Soak(2).pass(hourSeconds, (metrics, second) => {
      for (let index = 0; index < 40; index++) iterate(metrics, `GET /resource-${index}`, second + index)
    })
    const all = hourSeconds * 2 * 40
    expect(countsOf(result)).toEqual({ started: all, ok: all, iterations: all, recorded: all, inTimeline: all })
    expect(sizesOf(result)).toEqual({ series: 40, checks: 0, errors: 0, points: 3600 })
    expect(new Set(result.timeline.map(({ requests, activeVUs }) => `${requests} ${activeVUs}`))).toEqual(
      new Set(['80 10']),
    )
  })

  it('grows no further however many names, checks and messages there are', () => {
    const soak = new Soak(1)
    const untidy = (metrics: MetricsRegistry, second: number): void => {
      iterate(metrics, `GET /order-${second}`, second)
      metrics.check(`price of ${second}`, '', true)
      const place = { step: '', request: '' }
      const exemplar = { vu: 1, iteration: second, seed: 0, rows: {}, response: '' }
      metrics.errors.add({ category: 'script', message: `no order ${second}` }, place, second * 1000, () => exemplar)
    }
    const early = soak.pass(1000, untidy)
    const late = soak.pass(hourSeconds, untidy)
    const { points: earlyPoints, ...earlySizes } = sizesOf(early)
    const { points: latePoints = 0, ...lateSizes } = sizesOf(late)
    expect(earlyPoints).toBe(1000)
    expect(latePoints).toBeLessThanOrEqual(3600)
    expect(lateSizes).toEqual(earlySizes)
    const all = 1000 + hourSeconds
    expect(countsOf(late)).toEqual({ started: all, ok: all, iterations: all, recorded: all, inTimeline: all })
    expect(late.checks.reduce((sum, check) => sum + check.passed, 0)).toBe(all)
    expect(late.errors.reduce((sum, row) => sum + row.count, 0)).toBe(all)
  })

  it('of a day has no more points than one of an hour, and loses nothing', () => {
    const day = 24 * hourSeconds
    const result = new Soak(1).pass(day, (metrics, second) => iterate(metrics, 'GET /', second))
    expect(result.timeline.length).toBeLessThanOrEqual(3600)
    expect(countsOf(result)).toEqual({ started: day, ok: day, iterations: day, recorded: day, inTimeline: day })
    expect(result.timeline[0]).toMatchObject({ second: 0, requests: 32, p95: 60_000 })
  })
})
