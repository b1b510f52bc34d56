import { describe, expect, it } from 'vitest'
import { MetricsRegistry } from '../metrics/registry.ts'
import { outcomes } from '../metrics/series.ts'
import { RunMetrics } from '../metrics/run-metrics.ts'
import type { SloOutcome } from '../slo/model.ts'
import { ConnectionTotals } from './connection-totals.ts'
import { buildResult, type Judgement, type RunDescription } from './build-result.ts'
import { summariseResult, type RunResult } from './run-result.ts'
import { RunTotals } from './run-totals.ts'
import { Timeline } from './timeline.ts'

const description: RunDescription = {
  runId: 'r1',
  scenario: 'shopping',
  file: 'a.spec.ts',
  project: 'load',
  startedAt: '2026-11-21T11:00:00.000Z',
  seed: 1,
  threads: 1,
  executor: 'constant-vus',
  load: '5 VUs for 10s',
  profile: undefined,
  scale: 1,
  vus: 5,
  baseUrl: undefined,
  offline: undefined,
  plannedIterations: undefined,
}
const judgement: Judgement = { slos: [], verdict: 'pass', reasons: [], warnings: [] }
const exemplar = { vu: 1, iteration: 0, seed: 0, rows: {}, response: 'x'.repeat(500) }

function build(record: (metrics: MetricsRegistry) => void, durationMs: number = 10_000): RunResult {
  const metrics = new MetricsRegistry()
  record(metrics)
  const [totals, timeline] = [new RunTotals(), new Timeline()]
  const snapshot = metrics.snapshot()
  totals.add(0, snapshot, (series, delta) => timeline.observe(0, series, delta))
  return buildResult(description, { totals, timeline, durationMs, health: [] }, judgement)
}

describe('buildResult', () => {
  it('sums iterations, requests and bytes', () => {
    const result = build((metrics) => {
      Object.assign(metrics.counters, {
        iterationsStarted: 12,
        iterationsOk: 8,
        iterationsFailed: 2,
        iterationsAborted: 2,
        iterationsDropped: 3,
      })
      Object.assign(metrics.counters, { requestsStarted: 9, bytesSent: 10, bytesReceived: 20 })
      Object.assign(metrics.counters, { connectionsOpened: 3, connectionsReused: 2, connectionsClosed: 1 })
      for (const outcome of [0, 0, 0, 1, 2, 3] as const) metrics.series('request', 'GET /').record(outcome, 1000)
      metrics.series('request', 'GET /b').record(outcomes.ok, 1000)
      metrics.series('hook', 'POST /login').record(outcomes.ok, 1000)
    })
    expect(result.iterations).toEqual({ started: 12, ok: 8, failed: 2, aborted: 2, dropped: 3, perSecond: 1 })
    expect(result.requests).toEqual({ started: 8, ok: 4, failed: 2, aborted: 1, perSecond: 0.7 })
    expect(result.bytes).toEqual({ sent: 10, received: 20 })
    expect(result.connections).toEqual({ opened: 3, reused: 2, closed: 1 })
  })

  it('describes each series with its phases by name', () => {
    const { series } = build((metrics) => {
      const request = metrics.series('request', 'GET /', ['dns', 'waiting'])
      request.record(outcomes.ok, 1000)
      request.recordService(900)
      request.recordPhases(Float64Array.of(-1, 700))
      metrics.series('step', 'a').record(outcomes.failed, 5)
    })
    expect(series[0]).toMatchObject({
      kind: 'request',
      name: 'GET /',
      ok: 1,
      perSecond: 0.1,
      latency: { p50: 1000 },
      service: { p50: 900 },
    })
    expect(series[0]?.failedLatency).toBeUndefined()
    expect(Object.entries(series[0]?.phases ?? {})).toMatchObject([['waiting', { count: 1, p50: 700 }]])
    expect(series[1]).toMatchObject({
      kind: 'step',
      failed: 1,
      latency: { count: 0 },
      failedLatency: { count: 1, max: 5 },
      phases: {},
    })
  })

  it('tells of connections by origin and of phases, in its summary too', () => {
    const metrics = new RunMetrics()
    metrics.connections.of('http://api').opened()
    metrics.measured.series('request', 'GET /', ['dns', 'waiting']).recordPhases(Float64Array.of(-1, 700))
    const [totals, timeline, connections] = [new RunTotals(), new Timeline(), new ConnectionTotals()]
    totals.add(0, metrics.measured.snapshot())
    connections.add(0, 0, metrics.connections.drain())
    const result = buildResult(description, { totals, timeline, connections, durationMs: 1, health: [] }, judgement)
    for (const told of [result, summariseResult(result)]) {
      expect(told.connections).toMatchObject({ opened: 1, origins: [{ origin: 'http://api', opened: 1 }] })
      expect(told.phases).toMatchObject({ waiting: { count: 1, p50: 700 } })
    }
    expect(build(() => undefined).connections).not.toHaveProperty('origins')
    expect(build(() => undefined)).not.toHaveProperty('phases')
  })

  it('puts the most frequent error first, with its share', () => {
    const { errors } = build((metrics) => {
      const add = (message: string): void =>
        metrics.errors.add({ category: 'script', message }, { step: '', request: '' }, 0, () => exemplar)
      for (const message of ['rare', 'often', 'often', 'often']) add(message)
    })
    expect(errors.map(({ message, count, share }) => ({ message, count, share }))).toEqual([
      { message: 'often', count: 3, share: 0.75 },
      { message: 'rare', count: 1, share: 0.25 },
    ])
  })

  it('is plain JSON, also for an empty run', () => {
    const result = build(() => undefined, 0)
    expect(result.iterations.perSecond).toBe(0)
    expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify(structuredClone(result))))
    expect(JSON.stringify(result)).not.toContain('null')
  })
})

describe('summariseResult', () => {
  it('leaves out timeline, histograms, phases and exemplars', () => {
    const result = build((metrics) => {
      metrics.series('request', 'GET /', ['dns']).record(outcomes.ok, 1000)
      metrics.errors.add({ category: 'script', message: 'x' }, { step: '', request: '' }, 0, () => exemplar)
    })
    const summary = summariseResult(result)
    expect(summary).not.toHaveProperty('timeline')
    expect(summary.series[0]).not.toHaveProperty('histogram')
    expect(summary.series[0]).not.toHaveProperty('phases')
    expect(summary.errors[0]).not.toHaveProperty('exemplar')
    expect(summary.series[0]).toMatchObject({ name: 'GET /', latency: { p50: 1000 } })
    expect(result.series[0]).toHaveProperty('histogram')
  })

  it('says nothing of an omission where all of it fits', () => {
    const summary = summariseResult(build((metrics) => metrics.check('fine', '', true)))
    expect(summary).not.toHaveProperty('omitted')
    expect(summary.warnings).toEqual([])
  })

  it('stays under 256 kB with every table full of long names, and says what it leaves out', () => {
    const long = 'é'.repeat(195)
    const result = build((metrics) => {
      metrics.series('iteration', 'shopping').record(outcomes.ok, 1)
      for (let index = 0; index < 1000; index++) {
        for (const kind of ['step', 'request', 'hook'] as const) {
          const series = metrics.series(kind, `${index}${long}`, ['dns', 'waiting'])
          for (let count = 0; count <= index % 7; count++)
            series.record(index % 2 === 0 ? outcomes.ok : outcomes.failed, 123_456_789 + index)
        }
        metrics.check(`${index}${long}`, long, index % 3 > 0)
        const message = `${index} ${long}${long}`
        metrics.errors.add({ category: 'script', message }, { step: long, request: long }, index, () => exemplar)
      }
    })
    const slo: SloOutcome = {
      slo: {
        id: long,
        scenario: long,
        target: { kind: 'step', name: long },
        aggregate: { kind: 'errorRate' },
        condition: { kind: 'below', limit: 1 },
        implicit: false,
      },
      status: 'pass',
      actual: 0,
      samples: 5,
      message: long,
      warning: undefined,
    }
    const slos = Array.from({ length: 1000 }, (_, index) => ({
      ...slo,
      status: index === 700 ? ('fail' as const) : slo.status,
    }))
    const summary = summariseResult({ ...result, slos, warnings: slos.map(() => long) })
    expect(Buffer.byteLength(JSON.stringify(summary))).toBeLessThan(256_000)
    expect(Buffer.byteLength(JSON.stringify(summary))).toBeGreaterThan(200_000)
    expect(summary.omitted).toMatchInlineSnapshot(`
      {
        "checks": 140,
        "errors": 67,
        "series": 477,
        "slos": 972,
      }
    `)
    expect(summary.warnings.at(-1)).toMatchInlineSnapshot(
      `"this summary leaves out 477 of 554 series, 140 of 201 checks, 67 of 101 errors, 972 of 1000 slos, 873 of 1000 warnings: the result file has them"`,
    )
    expect(summary.requests).toEqual(result.requests)
    expect(summary.iterations).toEqual(result.iterations)
    expect(summary.slos.some(({ status }) => status === 'fail')).toBe(true)
    expect(summary.series[0]).toMatchObject({ kind: 'iteration' })
    const [kept, others] = [summary.series.slice(1), result.series.slice(1)]
    const least = Math.min(...kept.map(({ ok, failed }) => ok + failed))
    expect(others.filter(({ ok, failed }) => ok + failed > least).length).toBeLessThanOrEqual(kept.length)
    expect(result.series).toHaveLength(554)
  })
})
