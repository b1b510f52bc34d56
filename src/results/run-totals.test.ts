import { describe, expect, it } from 'vitest'
import { MetricsRegistry } from '../metrics/registry.ts'
import { outcomes } from '../metrics/series.ts'
import { RunTotals } from './run-totals.ts'

const exemplarOf = (vu: number) => () => ({ vu, iteration: 0, seed: 0, rows: {}, response: '' })

describe('RunTotals', () => {
  it('joins series of the same kind and name, whatever their ids', () => {
    const [left, right] = [new MetricsRegistry(), new MetricsRegistry()]
    left.series('step', 'a').record(outcomes.ok, 10)
    left.series('step', 'b').record(outcomes.ok, 20)
    right.series('step', 'b').record(outcomes.failed, 30)
    right.series('request', 'a').record(outcomes.timeout, 40)
    const totals = new RunTotals()
    totals.add(0, left.snapshot())
    totals.add(1, right.snapshot())
    right.series('step', 'b').record(outcomes.aborted, 50)
    totals.add(1, right.snapshot())
    const found = totals
      .series()
      .map(({ kind, name, ok, failed, aborted, count }) => ({ kind, name, ok, failed, aborted, count }))
    expect(found).toEqual([
      { kind: 'step', name: 'a', ok: 1, failed: 0, aborted: 0, count: 1 },
      { kind: 'step', name: 'b', ok: 1, failed: 1, aborted: 1, count: 3 },
      { kind: 'request', name: 'a', ok: 0, failed: 1, aborted: 0, count: 1 },
    ])
    expect(totals.series('step').map((series) => series.name)).toEqual(['a', 'b'])
    expect(totals.find('request', 'b')).toBeUndefined()
  })

  it('keeps failures out of the latency, timeouts and cut work in it', () => {
    const metrics = new MetricsRegistry()
    const series = metrics.series('request', 'GET /', ['waiting'])
    for (const outcome of Object.values(outcomes)) series.record(outcome, 10 ** (outcome + 1))
    series.recordService(5)
    series.recordPhases(Float64Array.of(3))
    const totals = new RunTotals()
    totals.add(0, metrics.snapshot())
    const merged = totals.find('request', 'GET /')
    expect(merged?.latency).toMatchObject({ count: 3, sum: 11_010 })
    expect(merged?.failedLatency).toMatchObject({ count: 1, sum: 100 })
    expect(merged?.service).toMatchObject({ count: 1, sum: 5 })
    expect(merged?.phases[0]).toMatchObject({ count: 1, sum: 3 })
    expect(merged).toMatchObject({ ok: 1, failed: 2, aborted: 1, count: 4 })
  })

  it('adds counters and checks', () => {
    const totals = new RunTotals()
    for (const [thread, passed] of [true, false, true].entries()) {
      const metrics = new MetricsRegistry()
      metrics.counters.bytesSent = 5
      metrics.check('fine', 'a', passed)
      totals.add(thread, metrics.snapshot())
    }
    expect(totals.counters.bytesSent).toBe(15)
    expect([...totals.checks.values()]).toEqual([{ name: 'fine', step: 'a', passed: 2, failed: 1 }])
  })

  it('joins error rows: count, first and last time, the earliest exemplar', () => {
    const totals = new RunTotals()
    for (const [thread, atMs] of [50, 20, 90].entries()) {
      const metrics = new MetricsRegistry()
      metrics.errors.add(
        { category: 'reset', message: 'gone' },
        { step: 'a', request: 'GET /' },
        atMs,
        exemplarOf(thread),
      )
      totals.add(thread, metrics.snapshot())
    }
    expect([...totals.errors.values()]).toEqual([
      {
        category: 'reset',
        message: 'gone',
        step: 'a',
        request: 'GET /',
        count: 3,
        firstSeenMs: 20,
        lastSeenMs: 90,
        exemplar: exemplarOf(1)(),
      },
    ])
  })

  it('keeps an exemplar that can be run again rather than that of a hook', () => {
    const totals = new RunTotals()
    const failure = { category: 'reset', message: 'gone' } as const
    const inHook = { ...exemplarOf(9)(), inHook: true } as const
    for (const [thread, exemplar] of [inHook, exemplarOf(1)(), { ...inHook, vu: 8 }].entries()) {
      const metrics = new MetricsRegistry()
      metrics.errors.add(failure, { step: '', request: '' }, 50 - thread, () => exemplar)
      totals.add(thread, metrics.snapshot())
    }
    expect([...totals.errors.values()]).toMatchObject([{ count: 3, firstSeenMs: 48, exemplar: exemplarOf(1)() }])
  })

  it('does not alter the snapshots it was given', () => {
    const metrics = new MetricsRegistry()
    metrics.check('fine', '', true)
    const snapshot = metrics.snapshot()
    const before = structuredClone(snapshot)
    const totals = new RunTotals()
    totals.add(0, snapshot)
    totals.add(1, snapshot)
    expect(snapshot).toEqual(before)
  })

  it('keeps to the bounds also where every thread has names of its own', () => {
    const totals = new RunTotals()
    for (let thread = 0; thread < 8; thread++) {
      const metrics = new MetricsRegistry()
      for (let index = 0; index < 300; index++) {
        const id = `${thread}-${index}`
        metrics.series('step', id).record(outcomes.ok, 10)
        metrics.series('request', id).record(outcomes.ok, 10)
        metrics.check(id, '', true)
        metrics.errors.add({ category: 'script', message: id }, { step: id, request: '' }, index, exemplarOf(1))
      }
      totals.add(thread, metrics.snapshot())
    }
    expect([totals.series('step').length, totals.series('request').length]).toEqual([251, 251])
    expect([totals.checks.size, totals.errors.size]).toEqual([201, 101])
    const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)
    expect(sum(totals.series('step').map((series) => series.count))).toBe(2400)
    expect(sum([...totals.checks.values()].map((check) => check.passed))).toBe(2400)
    expect(sum([...totals.errors.values()].map((row) => row.count))).toBe(2400)
    expect(totals.find('step', 'other')?.count).toBe(2150)
  })

  it('keeps the checks of a step that has a place in it, whatever the other threads have brought', () => {
    const totals = new RunTotals()
    totals.reserve('step', 'pay')
    for (let thread = 0; thread < 2; thread++) {
      const metrics = new MetricsRegistry()
      metrics.reserve('step', 'pay')
      for (let index = 0; index < 300; index++) metrics.check('fine', `${thread}-${index}`, true)
      for (let index = 0; index < 300; index++) metrics.check(`paid ${index}`, `pay > ${thread}-${index}`, false)
      totals.add(thread, metrics.snapshot())
    }
    const counts = [...totals.checks.values()]
    const failed = counts.filter((check) => check.failed > 0)
    expect(failed.every(({ step }) => step === 'pay' || step.startsWith('pay > '))).toBe(true)
    expect(failed.reduce((sum, check) => sum + check.failed, 0)).toBe(600)
    expect(counts.length).toBeLessThanOrEqual(402)
  })

  it('keeps a name apart that has a place, whatever the other threads have brought', () => {
    const totals = new RunTotals()
    totals.reserve('step', 'judged')
    for (let thread = 0; thread < 2; thread++) {
      const metrics = new MetricsRegistry()
      metrics.reserve('step', 'judged')
      for (let index = 0; index < 300; index++) metrics.series('step', `${thread}-${index}`).record(outcomes.ok, 10)
      metrics.series('step', 'judged').record(outcomes.ok, 10)
      totals.add(thread, metrics.snapshot())
    }
    expect(totals.find('step', 'judged')?.count).toBe(2)
  })
})
