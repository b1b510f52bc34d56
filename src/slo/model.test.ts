import { describe, expect, it } from 'vitest'
import { checkout, checks, errorRate, orders, p, scenario, throughput } from './fixtures/measured.ts'
import { formatPoints, sloId, sloTitle, type SloAggregate, type SloTarget } from './model.ts'

const targets: readonly SloTarget[] = [scenario, checkout, orders, { kind: 'request', name: 'checkout' }]
const aggregates: readonly SloAggregate[] = [
  p(50),
  p(95),
  p(99.9),
  p(95, 'service'),
  errorRate,
  throughput,
  checks,
  { kind: 'mean', of: 'response' },
  { kind: 'max', of: 'service' },
]

describe('sloId', () => {
  it('differs by scenario, target and aggregate', () => {
    const ids = ['browsing', 'shopping'].flatMap((name) =>
      targets.flatMap((target) => aggregates.map((aggregate) => sloId(name, target, aggregate))),
    )
    expect(new Set(ids).size).toBe(2 * targets.length * aggregates.length)
  })

  it('stays the same from release to release', () => {
    expect(sloId('shopping', checkout, p(95))).toBe('shopping|step:checkout|p(95)')
  })
})

describe('sloTitle', () => {
  it('names the figure, after its step or request', () => {
    expect(aggregates.map((aggregate) => sloTitle({ target: checkout, aggregate }))).toMatchInlineSnapshot(`
      [
        "checkout median",
        "checkout p(95)",
        "checkout p(99.9)",
        "checkout p(95) of service time",
        "checkout error rate",
        "checkout throughput",
        "checkout checks",
        "checkout mean",
        "checkout max of service time",
      ]
    `)
    expect(sloTitle({ target: scenario, aggregate: errorRate })).toBe('error rate')
  })
})

describe('formatPoints', () => {
  it('tells how far a part is from the one wanted', () => {
    expect([0.571, 1, 0.985, 0.99].map((actual) => formatPoints(actual, 0.99))).toEqual([
      '41.9 points under',
      '1 point over',
      '0.5 points under',
      'at the limit',
    ])
  })
})
