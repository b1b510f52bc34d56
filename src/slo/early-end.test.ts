import { expect, it } from 'vitest'
import type { Counters } from '../metrics/counters.ts'
import { outcomes } from '../metrics/series.ts'
import type { Judgement } from '../results/build-result.ts'
import { mayBeGenerators } from './early-end.ts'
import {
  above,
  below,
  between,
  checkout,
  errorRate,
  measured,
  p,
  scenario,
  slo,
  throughput,
} from './fixtures/measured.ts'
import { judgeRun } from './judge.ts'
import type { Generator } from './validity.ts'

const slow = slo(scenario, p(95), below(100_000))
const planned: Generator = {
  limits: { delivered: 0.99, startLagUs: 'by-objectives', eventLoopDelayUs: 'by-objectives' },
  threads: 1,
  cores: 8,
  health: [],
  isOffline: false,
  openModel: { maxVUs: 10, planned: 1000 },
}

const compiling = 500_000

/** A load that its objective has ended half-way, with iterations that started so late. */
function judge(figure: number, lagUs: number, counters: Partial<Counters> = {}, lateAfterMs: number = 1000): Judgement {
  const totals = measured((metrics) => {
    Object.assign(metrics.counters, { iterationsStarted: 500, iterationsOk: 500, ...counters })
    const iterations = metrics.series('iteration', 'shopping')
    if (lateAfterMs >= 1000) iterations.recordPhases(Float64Array.of(compiling, -1))
    for (let index = 0; index < 500; index++) {
      iterations.record(outcomes.ok, figure)
      iterations.recordPhases(Float64Array.of(lagUs, lateAfterMs < 1000 ? -1 : lagUs))
    }
  })
  return judgeRun([slow], totals, {
    durationMs: 1000,
    failures: [],
    earlyEnd: { broken: { slo: slow, figure, reason: 'broken for 1 s' }, message: 'abort: broken for 1 s' },
    warnings: [],
    incomplete: false,
    generator: planned,
  })
}

it('is a failure where the target was too slow', () => {
  expect(judge(150_000, 2000)).toMatchObject({ verdict: 'fail', reasons: ['abort: broken for 1 s'] })
})

it('is a failure where the load generator was late, but by less than the target was too slow', () => {
  expect(judge(3_000_000, 40_000).verdict).toBe('fail')
  expect(judge(150_000, 40_000).verdict).toBe('fail')
})

it('is none of the target’s where the load generator was as late as the objective was broken', () => {
  expect(judge(150_000, 80_000)).toMatchObject({
    verdict: 'invalid',
    reasons: [expect.stringContaining('iterations were started late'), 'abort: broken for 1 s'],
    slos: [{ status: 'skipped' }],
  })
})

it('is none of the target’s where the load generator did not get to what was due by then', () => {
  const overdue = { iterationsDropped: 50, iterationsOverdue: 50 }
  expect(judge(150_000, 80_000, overdue, 500)).toMatchObject({
    verdict: 'invalid',
    reasons: [expect.stringContaining('did not get to the others'), 'abort: broken for 1 s'],
  })
  // In the moment of the end, a few are always due.
  expect(judge(150_000, 80_000, { iterationsDropped: 4, iterationsOverdue: 4 }, 500).verdict).toBe('fail')
  expect(judge(150_000, 80_000, { iterationsDropped: 1, iterationsOverdue: 1 }, 500).warnings).toContain(
    '1 iteration was dropped: the load generator did not get to it in time',
  )
  // That no virtual user was free is what a target does that stalls.
  expect(judge(150_000, 80_000, { iterationsDropped: 400, iterationsOverdue: 5 }, 500).verdict).toBe('fail')
})

it('may be the generator’s where a figure depends on when it gets to something', () => {
  const mayBe = (aggregate: Parameters<typeof slo>[1], condition: Parameters<typeof slo>[2]): boolean =>
    mayBeGenerators({ slo: slo(checkout, aggregate, condition), figure: 120, reason: '' }, 30)
  expect([below(100), between(50, 100), below(80), above(200)].map((condition) => mayBe(p(95), condition))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(mayBe(throughput, above(200))).toBe(true)
  expect(mayBe(errorRate, below(0.5))).toBe(false)
})
