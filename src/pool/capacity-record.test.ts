import { describe, expect, it } from 'vitest'
import type { RoundPlan } from '../options/plan.ts'
import { summariseResult, type RunResult } from '../results/run-result.ts'
import { sloId, type SloOutcome } from '../slo/model.ts'
import { CapacityRecord, type RoundOutcome } from './capacity-record.ts'
import { circumstances, plan, ThreadMetrics } from './fixtures/plans.ts'
import { RunMeasurements } from './run-measurements.ts'

const aggregate = { kind: 'percentile', percentile: 95, of: 'response' } as const
const target = { kind: 'scenario' } as const
const p95 = {
  id: sloId('shopping', target, aggregate),
  scenario: 'shopping',
  target,
  aggregate,
  condition: { kind: 'below', limit: 300_000 },
  implicit: false,
} as const

/** A run whose iterations took so long. */
function resultOf(latencyUs: number, more: Partial<RunResult> = {}): RunResult {
  const measurements = new RunMeasurements({ ...circumstances, threads: 1, now: () => 0 })
  measurements.start({ ...plan, slos: [p95] }, 0)
  measurements.mergeReport(0, new ThreadMetrics().report(400, {}, latencyUs))
  return { ...measurements.conclude(), ...more }
}

/** An open load that was not delivered, with what its arrivals waited for the generator. */
function undelivered(latencyUs: number, lagUs: number): RunResult {
  const measured = resultOf(latencyUs)
  const lag = {
    count: 400,
    mean: lagUs,
    min: 0,
    p50: lagUs,
    p90: lagUs,
    p95: lagUs,
    p99: lagUs,
    p999: lagUs,
    max: lagUs,
  }
  return {
    ...measured,
    series: measured.series.map((series) =>
      series.kind === 'iteration' ? { ...series, phases: { start_lag: lag } } : series,
    ),
    slos: measured.slos.map((outcome): SloOutcome => ({ ...outcome, status: 'skipped' })),
    verdict: 'invalid',
    reasons: ['the load generator was late'],
  }
}

const range = {
  unit: 'rate',
  from: 100,
  to: 1000,
  step: undefined,
  precision: 0.05,
  holdMs: 1000,
  settleMs: 0,
} as const

/** Searches with what a run measures at each level. */
function search(
  runAt: (level: number) => RunResult,
  above: readonly number[] = [],
  interruptionAt: (level: number) => string | undefined = () => undefined,
): RoundOutcome & { record: CapacityRecord } {
  const record = new CapacityRecord()
  let level: number = range.from
  for (let number = 1; ; number++) {
    const round: RoundPlan = { number, level, capacity: { ...range, above } }
    const outcome = record.add(round, runAt(level), interruptionAt(level))
    if (outcome.next === undefined) return { ...outcome, record }
    level = outcome.next
  }
}

/** A target that takes 10 ms up to its capacity, and a second beyond. */
const upTo = (capacity: number) => (level: number) => resultOf(level <= capacity ? 10_000 : 1_000_000)

describe('the result of a search', () => {
  it('is that of the highest level met, with the curve', () => {
    const { result } = search(upTo(210), [150, 400])
    expect(result.verdict).toBe('fail')
    expect(result.slos[0]).toMatchObject({ status: 'pass' })
    expect(result.capacity).toMatchObject({ highest: 207, broken: 213, ended: 'found', confirmed: true })
    expect(result.capacity?.summary).toBe(
      'capacity 207/s; at 213/s p(95) was 1 s, 700 ms over the limit of 300 ms (400 samples)',
    )
    expect(result.capacity?.levels.map(({ level }) => level)).toEqual([100, 200, 400, 300, 250, 225, 213, 207, 207])
    expect(result.capacity?.levels[0]).toMatchObject({ outcome: 'met', started: 400, errorRatio: 0, p95: 10_000 })
    expect(result.capacity?.expectations).toEqual([
      { limit: 150, status: 'pass', message: 'capacity was 207/s, over the limit of 150/s' },
      {
        limit: 400,
        status: 'fail',
        message: 'capacity was 207/s, 193/s under the limit of 400/s: 207/s met the objectives and 213/s did not',
      },
    ])
    expect(result.reasons).toEqual([result.capacity?.expectations[1]?.message])
  })

  it('warns when nothing is said of latencies', () => {
    const warning = expect.stringContaining('no objective is on a latency') as string
    expect(search(upTo(210)).result.warnings).not.toContainEqual(warning)
    const { warnings } = search((level) => ({ ...upTo(210)(level), slos: [] })).result
    expect(warnings).toContainEqual(warning)
  })

  it('passes without expectations once there is a capacity', () => {
    expect(search(upTo(210)).result).toMatchObject({ verdict: 'pass', reasons: [] })
  })

  it('fails when not even the lowest level is met', () => {
    const { result } = search(upTo(20), [50])
    expect(result.verdict).toBe('fail')
    expect(result.capacity).toMatchObject({ highest: undefined, broken: 100, ended: 'below-from' })
    expect(result.capacity?.expectations[0]).toMatchObject({
      status: 'fail',
      message: 'capacity was below 100/s, under the limit of 50/s',
    })
  })

  it('does not say more than it has shown', () => {
    const { result } = search(upTo(5000), [900, 1000])
    expect(result.capacity).toMatchObject({ highest: 1000, broken: undefined, ended: 'reached-to' })
    expect(result.capacity?.expectations).toMatchObject([
      { status: 'pass', message: 'capacity was at least 1,000/s, over the limit of 900/s' },
      {
        status: 'fail',
        message: "capacity is at least 1,000/s, which does not show that it is above 1,000/s: raise 'to'",
      },
    ])
  })

  it('skips what a scaled range cannot show', () => {
    const scaled = (): RunResult => resultOf(10_000, { scale: 0.1 })
    expect(search(scaled, [900, 5000]).result.capacity?.expectations).toMatchObject([
      { status: 'pass' },
      { status: 'skipped', message: 'capacity was not looked for above 1,000/s, because the load was scaled' },
    ])
  })
})

describe('a level that the generator did not deliver', () => {
  it('ends the search as its limit, not the target’s', () => {
    const limited = (level: number): RunResult => (level < 400 ? resultOf(10_000) : undelivered(10_000, 50_000))
    const { result } = search(limited, [150, 300])
    expect(result.verdict).toBe('fail')
    expect(result.capacity).toMatchObject({ highest: 200, broken: undefined, ended: 'generator' })
    expect(result.capacity?.summary).toBe(
      'capacity at least 200/s: 400/s was not delivered: the load generator was late',
    )
    expect(result.capacity?.expectations.map(({ status }) => status)).toEqual(['pass', 'fail'])
    expect(result.capacity?.expectations[1]?.message).toBe(
      'capacity is at least 200/s, which does not show that it is above 300/s: 400/s was not delivered: the load generator was late',
    )
  })

  it('tells a figure where one objective has none', () => {
    const [met = expect.fail()] = resultOf(10_000).slos
    const unmeasured = { ...met, status: 'fail', actual: undefined, message: 'no figure' } as const
    const breached = { ...unmeasured, actual: 1, message: 'error rate was 100 %' }
    const dead = (): RunResult => ({ ...resultOf(10_000), verdict: 'fail', slos: [unmeasured, breached] })
    expect(search(dead).result.capacity?.levels[0]?.why).toBe('error rate was 100 %')
  })

  it('leaves a summary that is small, however long messages are', () => {
    const told = (): RunResult => ({ ...resultOf(10_000), verdict: 'invalid', reasons: ['x'.repeat(50_000)], slos: [] })
    const { result } = search(told)
    const levels = Array.from({ length: 130 }, () => result.capacity?.levels[0])
    const long = { ...result, reasons: [], capacity: { ...result.capacity, levels } } as RunResult
    expect(JSON.stringify(summariseResult(long)).length).toBeLessThan(256_000)
  })

  it('says nothing at all when it is the first', () => {
    expect(search(() => undelivered(10_000, 50_000)).result).toMatchObject({
      verdict: 'invalid',
      capacity: { ended: 'generator', highest: undefined },
    })
  })

  it('is broken all the same where its lag does not account for the breach', () => {
    const slow = (level: number): RunResult => (level < 400 ? upTo(210)(level) : undelivered(1_000_000, 50_000))
    expect(search(slow).result.capacity).toMatchObject({ highest: 207, broken: 213, ended: 'found' })
    const late = (level: number): RunResult => (level < 400 ? upTo(210)(level) : undelivered(1_000_000, 800_000))
    expect(search(late).result.capacity).toMatchObject({ highest: 200, ended: 'generator' })
  })

  it('leaves a bracket that is wider than was asked for', () => {
    const hole = (level: number): RunResult => (level === 300 ? undelivered(10_000, 50_000) : upTo(210)(level))
    const { capacity } = search(hole, [250, 400]).result
    expect(capacity?.summary).toMatch(
      /^capacity at least 200\/s and below 400\/s: 300\/s, between the two, could not be/,
    )
    expect(capacity?.expectations).toMatchObject([
      { status: 'fail', message: expect.stringContaining('above 250/s: 300/s was not delivered') as string },
      { status: 'fail', message: expect.stringContaining('capacity was 200/s, 200/s under') as string },
    ])
  })
})

describe('an interruption', () => {
  it('ends the search with what it knows', () => {
    const { result } = search(upTo(5000), [150, 900], (level) => (level === 400 ? 'thread 2 was lost' : undefined))
    expect(result).toMatchObject({
      verdict: 'fail',
      capacity: {
        highest: 200,
        ended: 'interrupted',
        summary: 'capacity at least 200/s, since the search was ended early: thread 2 was lost',
        expectations: [{ status: 'pass' }, { status: 'fail' }],
      },
    })
  })

  it('is told between two levels, once', () => {
    const record = new CapacityRecord()
    expect(record.interrupt('cancelled')).toBeUndefined()
    record.add({ number: 1, level: 100, capacity: { ...range, above: [] } }, resultOf(10_000), undefined)
    expect(record.interrupt('cancelled')?.capacity).toMatchObject({
      highest: 100,
      ended: 'interrupted',
      summary: 'capacity at least 100/s, since the search was ended early: cancelled',
    })
    expect(record.interrupt('cancelled')).toBeUndefined()
  })
})
