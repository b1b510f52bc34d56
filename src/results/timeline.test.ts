import { describe, expect, it } from 'vitest'
import { MetricsRegistry } from '../metrics/registry.ts'
import { outcomes } from '../metrics/series.ts'
import { RunTotals } from './run-totals.ts'
import { Timeline } from './timeline.ts'

/** Feeds a timeline the way that a scenario run does. */
function feed(
  timeline: Timeline,
  seconds: Iterable<number>,
  record: (metrics: MetricsRegistry, second: number) => void,
): void {
  const metrics = new MetricsRegistry()
  const totals = new RunTotals()
  for (const second of seconds) {
    record(metrics, second)
    const snapshot = metrics.snapshot()
    totals.add(0, snapshot, (series, delta) => timeline.observe(second, series, delta))
    timeline.count(second, snapshot, 5)
  }
}

function* range(end: number): Generator<number> {
  for (let second = 0; second < end; second++) yield second
}

describe('Timeline', () => {
  it('has a point for each second', () => {
    const timeline = new Timeline()
    feed(timeline, range(3), ({ counters, ...metrics }, second) => void [counters, metrics, second])
    expect(timeline.points().map((point) => point.second)).toEqual([0, 1, 2])
  })

  it('counts iterations and requests, and takes p95 over what is not a plain failure', () => {
    const timeline = new Timeline()
    feed(timeline, [0], (metrics) => {
      Object.assign(metrics.counters, { iterationsStarted: 4, iterationsOk: 2, iterationsFailed: 1 })
      for (const outcome of Object.values(outcomes))
        metrics.series('request', 'GET /').record(outcome, outcome === outcomes.failed ? 900 : 100)
      metrics.series('request', 'GET /').recordService(7)
      metrics.series('step', 'a').record(outcomes.ok, 500)
      metrics.series('hook', 'GET /').record(outcomes.ok, 500)
    })
    expect(timeline.points()).toEqual([
      { second: 0, iterations: 3, failedIterations: 1, requests: 4, failedRequests: 2, p95: 100, activeVUs: 5 },
    ])
  })

  it('adds a late snapshot to the open second', () => {
    const timeline = new Timeline()
    feed(timeline, [0, 1, 0, 1], ({ counters }) => (counters.iterationsOk = 1))
    expect(timeline.points().map(({ second, iterations }) => [second, iterations])).toEqual([
      [0, 1],
      [1, 3],
    ])
  })

  it('has the most connections of a second, and all that were opened in it', () => {
    const timeline = new Timeline()
    timeline.connect(0, { open: 5, inUse: 2, waiting: 1, opened: 5 })
    timeline.connect(0, { open: 9, inUse: 1, waiting: 0, opened: 4 })
    timeline.connect(1, { open: 9, inUse: 9, waiting: 0, opened: 0 })
    expect(timeline.points().map(({ connections }) => connections)).toEqual([
      { open: 9, inUse: 2, waiting: 1, opened: 9 },
      { open: 9, inUse: 9, waiting: 0, opened: 0 },
    ])
  })

  it('keeps the connections of a run longer than an hour', () => {
    const timeline = new Timeline()
    for (const second of range(10_000))
      timeline.connect(second, { open: second, inUse: 1, waiting: second === 500 ? 7 : 0, opened: 1 })
    const points = timeline.points().map(({ connections }) => connections)
    expect(points.reduce((sum, point) => sum + (point?.opened ?? 0), 0)).toBe(10_000)
    expect(Math.max(...points.map((point) => point?.open ?? 0))).toBe(9999)
    expect(Math.max(...points.map((point) => point?.waiting ?? 0))).toBe(7)
  })

  it('tells the latest complete second', () => {
    const timeline = new Timeline()
    feed(timeline, [0], ({ counters }) => (counters.iterationsOk = 1))
    expect(timeline.latest()).toMatchObject({ second: 0, iterations: 1 })
    feed(timeline, [1], ({ counters }) => (counters.iterationsOk = 2))
    expect(timeline.latest()).toMatchObject({ second: 0, iterations: 1 })
  })

  it('stays within 3,600 points over a day and loses nothing', () => {
    const timeline = new Timeline()
    const day = 86_400
    let most = 0
    const seconds = function* (): Generator<number> {
      for (const second of range(day)) {
        // Counting the points at every second would take the test minutes.
        if (second % 500 === 0 || second === 3599 || second === 3600) most = Math.max(most, timeline.points().length)
        yield second
      }
    }
    feed(timeline, seconds(), (metrics) => {
      metrics.counters.iterationsOk = 1
      metrics.counters.iterationsFailed = 1
    })
    const points = timeline.points()
    expect(most).toBeLessThanOrEqual(3600)
    expect(points.length).toBeLessThanOrEqual(3600)
    expect(points.reduce((sum, point) => sum + point.iterations, 0)).toBe(2 * day)
    expect(timeline.secondsPerPoint).toBe(32)
    expect(points.map((point) => point.second)).toEqual(Array.from({ length: day / 32 }, (_, index) => index * 32))
    expect(points[10]).toMatchObject({ second: 320, iterations: 64, failedIterations: 32, activeVUs: 5 })
  })
})
