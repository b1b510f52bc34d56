import { describe, expect, it } from 'vitest'
import type { ProbeDelta } from '../metrics/probe-recorder.ts'
import { AbortWatch } from './abort-watch.ts'
import { counts, delta } from './fixtures/deltas.ts'
import { above, below, checkout, errorRate, p, scenario, slo, throughput } from './fixtures/measured.ts'
import type { Slo } from './model.ts'

const slow = slo(checkout, p(99), below(500_000))
const always = [{ fromMs: 0, toMs: 3_600_000 }]

/** Judges one report of a single thread after each second; returns when and why the load ends. */
function judge(
  objective: Slo,
  reports: readonly (ProbeDelta | undefined)[],
  { brokenForMs = 3000, minSamples = 1, times = always } = {},
): { second: number; reason: string } | undefined {
  const watch = new AbortWatch(objective, { brokenForMs, minSamples }, times)
  for (const [index, report] of reports.entries()) {
    const atMs = (index + 1) * 1000
    if (report !== undefined) watch.add(report, atMs)
    const broken = watch.judge(atMs)
    if (broken !== undefined) return { second: index + 1, reason: broken.reason }
  }
  return undefined
}

const good = (second: number): ProbeDelta => delta([counts(second, 50, 5)])
const bad = (second: number): ProbeDelta => delta([counts(second, 50, 700)])
const stalled = (overdue: number): ProbeDelta => delta([], { overdue: counts(0, overdue, 2000) })

describe('AbortWatch', () => {
  it('ends the load when every second of so long a time was broken', () => {
    expect(judge(slow, [good(0), bad(1), bad(2), bad(3), bad(4)])).toEqual({
      second: 4,
      reason: 'broken for 3 s: 700 ms in the last second, wanted < 500 ms (150 samples)',
    })
  })

  it('begins anew when a second has mended it', () => {
    expect(judge(slow, [bad(0), bad(1), good(2), bad(3), bad(4), good(5)])).toBeUndefined()
  })

  it('neither breaks nor mends in a second without samples', () => {
    expect(judge(slow, [bad(0), undefined, undefined, undefined])).toBeUndefined()
    expect(judge(slow, [bad(0), undefined, undefined, bad(3)])?.second).toBe(4)
  })

  it('waits for enough samples, of all seconds since it was broken', () => {
    const seconds = [0, 1, 2, 3, 4, 5, 6]
    const few = seconds.map((second) => delta([counts(second, 2, 700)]))
    expect(judge(slow, few, { minSamples: 10 })?.second).toBe(5)
    expect(judge(slow, few, { minSamples: 100 })).toBeUndefined()
  })

  it('counts what is under way for too long, when nothing ends', () => {
    expect(judge(slow, [good(0), ...Array.from({ length: 5 }, () => stalled(10))], { minSamples: 30 })).toEqual({
      second: 4,
      reason: 'broken for 3 s: 2 s in the last second, wanted < 500 ms (30 samples)',
    })
  })

  it('lets few that hang not break a percentile that others keep', () => {
    const mostly = [0, 1, 2, 3, 4].map((second) => delta([counts(second, 500, 5)], { overdue: counts(0, 2, 2000) }))
    expect(judge(slow, mostly)).toBeUndefined()
  })

  it('takes an error rate without samples for no answer', () => {
    const failing = slo(scenario, errorRate, below(0.5))
    expect(judge(failing, [undefined, undefined, undefined, undefined])).toBeUndefined()
    const reports = [0, 1, 2, 3].map((second) => delta([counts(second, 5, 1, 5)]))
    expect(judge(failing, reports)?.reason).toBe('broken for 3 s: 50 % in the last second, wanted < 50 % (30 samples)')
  })

  it('takes a throughput without samples for none, while it is looked at', () => {
    const floor = slo(scenario, throughput, above(10))
    const reports = Array.from({ length: 9 }, () => undefined)
    expect(judge(floor, reports, { minSamples: 100 })).toEqual({
      second: 3,
      reason: 'broken for 3 s: 0/s in the last second, wanted > 10/s',
    })
    expect(judge(floor, reports, { times: [{ fromMs: 2500, toMs: 8000 }] })?.second).toBe(6)
    expect(judge(floor, reports, { times: [{ fromMs: 2000, toMs: 4000 }] })).toBeUndefined()
  })

  it('judges a second when all threads have told of it, and forgets it then', () => {
    const watch = new AbortWatch(slow, { brokenForMs: 1000, minSamples: 1 }, always)
    watch.add(bad(0), 1000)
    expect(watch.judge(999)).toBeUndefined()
    watch.add(delta([counts(0, 50_000, 5)]), 1000)
    expect(watch.judge(1000)).toBeUndefined()
    // Too late for its own second, and so a part of the next one.
    watch.add(bad(0), 2000)
    expect(watch.judge(2000)?.reason).toContain('broken for 1 s')
  })
})
