import { describe, expect, it } from 'vitest'
import { outcomes, type Outcome } from '../metrics/series.ts'
import { MetricsRegistry } from '../metrics/registry.ts'
import { RunTotals } from '../results/run-totals.ts'
import { evaluateSlo } from './evaluate.ts'
import { formatCondition, formatFigure } from './model.ts'
import {
  above,
  below,
  between,
  checkout,
  checks,
  errorRate,
  measured,
  orders,
  p,
  scenario,
  slo,
  throughput,
} from './fixtures/measured.ts'
import type { SloAggregate, SloCondition, SloTarget } from './model.ts'

const ms = 1000

/** A step `checkout` that took 1, 2, … `count` milliseconds. */
function steps(count: number, outcome: Outcome = outcomes.ok): RunTotals {
  return measured((metrics) => {
    for (let index = 1; index <= count; index++) metrics.series('step', 'checkout').record(outcome, index * ms)
  })
}

function judge(
  totals: RunTotals,
  target: SloTarget,
  aggregate: SloAggregate,
  condition: SloCondition,
  durationMs = 10_000,
) {
  return evaluateSlo(slo(target, aggregate, condition), totals, durationMs)
}

describe('an objective on latency', () => {
  it('reads percentiles, mean and maximum', () => {
    const totals = steps(100)
    const figure = (aggregate: SloAggregate): number | undefined => judge(totals, checkout, aggregate, below(1)).actual
    expect(figure(p(50))).toBeCloseTo(50 * ms, -2)
    expect(figure(p(95))).toBeCloseTo(95 * ms, -2)
    expect(figure(p(100))).toBe(100 * ms)
    expect(figure({ kind: 'mean', of: 'response' })).toBe(50.5 * ms)
    expect(figure({ kind: 'max', of: 'response' })).toBe(100 * ms)
  })

  it('says by how much it was missed or met, and over how many samples', () => {
    const totals = steps(1500)
    expect(
      [
        judge(totals, checkout, p(95), below(300 * ms)),
        judge(totals, checkout, { kind: 'max', of: 'response' }, below(2000 * ms)),
        judge(totals, checkout, { kind: 'mean', of: 'response' }, above(800 * ms)),
        judge(totals, checkout, { kind: 'max', of: 'response' }, below(1500 * ms)),
        judge(totals, checkout, p(50), between(1 * ms, 900 * ms)),
        judge(totals, checkout, p(50), between(1 * ms, 500 * ms)),
        judge(totals, checkout, p(50), between(800 * ms, 900 * ms)),
      ].map(({ status, message }) => `${status}: ${message}`),
    ).toMatchInlineSnapshot(`
      [
        "fail: checkout p(95) was 1.43 s, 1.13 s over the limit of 300 ms (1,500 samples)",
        "pass: checkout max was 1.5 s, 500 ms under the limit of 2 s (1,500 samples)",
        "fail: checkout mean was 751 ms, 49.5 ms under the limit of 800 ms (1,500 samples)",
        "fail: checkout max was 1.5 s, exactly the limit of 1.5 s (1,500 samples)",
        "pass: checkout median was 750 ms, within 1 ms to 900 ms (1,500 samples)",
        "fail: checkout median was 750 ms, 250 ms over the limit of 500 ms (1,500 samples)",
        "fail: checkout median was 750 ms, 49.9 ms under the limit of 800 ms (1,500 samples)",
      ]
    `)
  })

  it('is strict about below and above, and takes both ends of between', () => {
    const totals = steps(1)
    const status = (condition: SloCondition): string =>
      judge(totals, checkout, { kind: 'max', of: 'response' }, condition).status
    expect([below(ms), below(ms + 1), above(ms), above(ms - 1)].map(status)).toEqual(['fail', 'pass', 'fail', 'pass'])
    expect([between(ms, ms), between(ms + 1, 2 * ms), between(0, ms - 1)].map(status)).toEqual(['pass', 'fail', 'fail'])
  })

  it('counts timeouts and what was cut, never a fast failure', () => {
    const totals = measured((metrics) => {
      const series = metrics.series('request', 'POST /orders')
      series.record(outcomes.ok, 100 * ms)
      series.record(outcomes.failed, 1 * ms)
      series.record(outcomes.timeout, 5000 * ms)
      series.record(outcomes.aborted, 3000 * ms)
    })
    const outcome = judge(totals, orders, { kind: 'max', of: 'response' }, below(1))
    expect(outcome).toMatchObject({ actual: 5000 * ms, samples: 3 })
    expect(judge(totals, orders, { kind: 'mean', of: 'response' }, below(1)).actual).toBe(2700 * ms)
  })

  it('reads the service time where it was asked for', () => {
    const totals = measured((metrics) => {
      const series = metrics.series('request', 'POST /orders')
      series.record(outcomes.ok, 100 * ms)
      series.recordService(60 * ms)
    })
    const outcome = judge(totals, orders, p(99, 'service'), below(80 * ms))
    expect(outcome.message).toMatchInlineSnapshot(
      `"POST /orders p(99) of service time was 60 ms, 20 ms under the limit of 80 ms (1 sample)"`,
    )
  })

  it('reads the iterations for a scenario', () => {
    const totals = measured((metrics) => metrics.series('iteration', 'shopping').record(outcomes.ok, 2000 * ms))
    expect(judge(totals, scenario, { kind: 'max', of: 'response' }, below(1)).actual).toBe(2000 * ms)
  })
})

describe('an objective on the error rate', () => {
  it('is failed over started iterations for a scenario', () => {
    const totals = measured(({ counters }) => {
      Object.assign(counters, { iterationsStarted: 1000, iterationsOk: 990, iterationsFailed: 8, iterationsAborted: 2 })
    })
    const outcome = judge(totals, scenario, errorRate, below(0.005))
    expect(outcome).toMatchObject({ status: 'fail', actual: 0.008, samples: 1000 })
    expect(outcome.message).toMatchInlineSnapshot(
      `"error rate was 0.8 %, 0.3 % over the limit of 0.5 % (1,000 iterations)"`,
    )
  })

  it('is failed over executed for a step or request, timeouts included', () => {
    const totals = measured((metrics) => {
      for (const outcome of [0, 0, 0, 0, 0, 0, 0, 1, 2, 3] as const)
        metrics.series('step', 'checkout').record(outcome, ms)
    })
    expect(judge(totals, checkout, errorRate, below(0.2))).toMatchObject({ status: 'fail', actual: 0.2, samples: 10 })
  })
})

describe('an objective on throughput', () => {
  it('is successes over the duration of the load', () => {
    const totals = measured((metrics) => {
      for (let index = 0; index < 25; index++) metrics.series('request', 'POST /orders').record(outcomes.ok, ms)
      metrics.series('request', 'POST /orders').record(outcomes.failed, ms)
    })
    const outcome = judge(totals, orders, throughput, above(5))
    expect(outcome).toMatchObject({ status: 'fail', actual: 2.5, samples: 25 })
    expect(outcome.message).toMatchInlineSnapshot(
      `"POST /orders throughput was 2.5/s, 2.5/s under the limit of 5/s (25 samples)"`,
    )
    expect(judge(totals, orders, throughput, above(0), 0).actual).toBe(25_000)
  })
})

describe('an objective on checks', () => {
  const totals = measured((metrics) => {
    for (let index = 0; index < 9; index++) metrics.check('total', 'checkout', true)
    metrics.check('total', 'checkout', false)
    for (let index = 0; index < 10; index++) metrics.check('title', '', true)
    metrics.series('step', 'checkout').record(outcomes.ok, ms)
    metrics.series('step', 'login').record(outcomes.ok, ms)
  })

  it('is over all of a scenario, or those of a step', () => {
    expect(judge(totals, scenario, checks, above(0.95))).toMatchObject({ status: 'fail', actual: 0.95, samples: 20 })
    expect(judge(totals, checkout, checks, above(0.85))).toMatchObject({ status: 'pass', actual: 0.9, samples: 10 })
    expect(judge(totals, scenario, checks, above(0.99)).message).toMatchInlineSnapshot(
      `"checks was 95 %, 4 % under the limit of 99 % (20 checks)"`,
    )
  })

  it('misses none of a step that has a place, over the bound and over threads', () => {
    const merged = new RunTotals()
    merged.reserve('step', 'pay')
    for (let thread = 0; thread < 2; thread++) {
      const metrics = new MetricsRegistry()
      metrics.reserve('step', 'pay')
      metrics.check('a', 'pay', true)
      for (let index = 0; index < 450; index++) metrics.check('fine', `${thread}-${index}`, true)
      for (let index = 0; index < 10; index++) metrics.check('paid', 'pay', false)
      merged.add(thread, metrics.snapshot())
    }
    const outcome = judge(merged, { kind: 'step', name: 'pay' }, checks, above(0.9))
    expect(outcome).toMatchObject({ status: 'fail', actual: 2 / 22, samples: 22 })
  })

  it.for([195, 196, 197, 198, 199, 200, 201, 300])(
    'sees what is nested in a step with a name of %i characters, and nothing beside it',
    (length) => {
      const name = 'x'.repeat(length)
      const nested = measured((metrics) => {
        metrics.check('a', name, true)
        for (const inner of ['a', 'b', 'a > b']) metrics.check('paid', `${name} > ${inner}`, false)
        metrics.check('beside', `y${name} > a`, true)
        metrics.check('beside', `${name.slice(0, 190)} > a`, true)
      })
      expect(judge(nested, { kind: 'step', name }, checks, above(0.9))).toMatchObject({ status: 'fail', samples: 4 })
    },
  )

  it('tells a step without checks from one that does not exist', () => {
    expect(judge(totals, { kind: 'step', name: 'login' }, checks, above(0.9)).message).toMatchInlineSnapshot(
      `"login checks could not be judged: no check was made."`,
    )
    expect(judge(totals, { kind: 'step', name: 'chekout' }, checks, above(0.9)).message).toMatchInlineSnapshot(
      `"chekout checks could not be judged: there was no step named 'chekout'; known are 'checkout', 'login'. Did you mean 'checkout'?"`,
    )
  })
})

describe('an objective without samples', () => {
  it('fails and lists the names that it knows', () => {
    const totals = measured((metrics) => {
      for (const name of ['login', 'checkout']) metrics.series('step', name).record(outcomes.ok, ms)
    })
    const outcome = judge(totals, { kind: 'step', name: 'checkuot' }, p(95), below(1))
    expect(outcome).toMatchObject({ status: 'fail', actual: undefined, samples: 0, warning: undefined })
    expect(outcome.message).toMatchInlineSnapshot(
      `"checkuot p(95) could not be judged: there was no step named 'checkuot'; known are 'login', 'checkout'. Did you mean 'checkout'?"`,
    )
    expect(judge(totals, { kind: 'step', name: 'payment' }, p(95), below(1)).message).toMatchInlineSnapshot(
      `"payment p(95) could not be judged: there was no step named 'payment'; known are 'login', 'checkout'."`,
    )
    const many = measured((metrics) => {
      for (let index = 0; index < 200; index++) metrics.series('step', `buy ${index}`).record(outcomes.ok, ms)
    })
    expect(judge(many, { kind: 'step', name: 'by 150' }, p(95), below(1)).message).toMatchInlineSnapshot(
      `"by 150 p(95) could not be judged: there was no step named 'by 150'; known are 'buy 0', 'buy 1', 'buy 2', 'buy 3', 'buy 4', 'buy 5', 'buy 6', 'buy 7', 'buy 8', 'buy 9' and 190 more. Did you mean 'buy 150'?"`,
    )
    expect(judge(totals, orders, errorRate, below(1)).message).toMatchInlineSnapshot(
      `"POST /orders error rate could not be judged: there was no request named 'POST /orders'; there were none."`,
    )
    expect(judge(totals, scenario, p(95), below(1)).message).toMatchInlineSnapshot(
      `"p(95) could not be judged: no iteration ended."`,
    )
    expect(judge(totals, scenario, errorRate, below(1)).message).toMatchInlineSnapshot(
      `"error rate could not be judged: no iteration was started."`,
    )
    expect(judge(totals, scenario, checks, above(0.9)).message).toMatchInlineSnapshot(
      `"checks could not be judged: no check was made."`,
    )
  })

  it('tells which name there was not, or which labels instead', () => {
    const totals = steps(1)
    totals.addLabels(Array.from({ length: 11 }, (_, index) => ['tag id', String(index)] as const))
    const on = (target: { step?: string; request?: string }): string | undefined => {
      const labelled = {
        kind: 'labelled',
        name: 'x',
        key: 'x',
        step: undefined,
        request: undefined,
        where: { tags: { id: 'a' } },
      } as const
      return /judged: (.*)$/.exec(judge(totals, { ...labelled, ...target }, p(95), below(1)).message)?.[1]
    }
    expect(on({ step: 'chekout' })).toBe(
      "there was no step named 'chekout'; known are 'checkout'. Did you mean 'checkout'?",
    )
    expect(on({ request: 'GET /' })).toBe("there was no request named 'GET /'; there were none.")
    expect(on({ step: 'checkout' })).toBe(
      "there was no request with these labels in step 'checkout'; tag id was '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' and others.",
    )
  })

  it('fails when all attempts failed', () => {
    const totals = steps(3, outcomes.failed)
    const outcome = judge(totals, checkout, p(95), below(1))
    expect(outcome).toMatchObject({ status: 'fail', actual: undefined })
    expect(outcome.message).toMatchInlineSnapshot(
      `"checkout p(95) could not be judged: all 3 attempts failed, and failures do not count as latency."`,
    )
    expect(judge(totals, checkout, errorRate, below(1))).toMatchObject({ status: 'fail', actual: 1 })
    expect(judge(totals, checkout, throughput, above(0))).toMatchObject({ status: 'fail', actual: 0 })
  })

  it('is skipped when it is implicit', () => {
    const outcome = evaluateSlo(slo(scenario, checks, above(0.99), true), steps(1), 1000)
    expect(outcome).toMatchObject({ status: 'skipped', actual: undefined, samples: 0 })
  })
})

describe('a percentile that rests on few samples', () => {
  it.for([
    [50, 20],
    [80, 50],
    [90, 100],
    [95, 200],
    [99, 1000],
    [99.9, 10_000],
    [99.99, 100_000],
  ] as const)('warns for p(%d) under %d', ([percentile, needed]) => {
    const warning = (count: number): string | undefined => {
      const totals = measured((metrics) => {
        for (let index = 0; index < count; index++) metrics.series('step', 'checkout').record(outcomes.ok, ms)
      })
      return judge(totals, checkout, p(percentile), below(1)).warning
    }
    expect(warning(needed)).toBeUndefined()
    expect(warning(needed - 1)).toBe(
      `rests on ${(needed - 1).toLocaleString('en')} samples; p(${percentile}) wants ${needed.toLocaleString('en')} or more`,
    )
  })

  it('has no say on other figures', () => {
    expect(judge(steps(1), checkout, { kind: 'mean', of: 'response' }, below(1)).warning).toBeUndefined()
  })
})

describe('figures and conditions', () => {
  it('are written in their own unit', () => {
    expect(formatFigure(p(95), 412 * ms)).toBe('412 ms')
    expect(formatFigure(errorRate, 0.005)).toBe('0.5 %')
    expect(formatFigure(throughput, 1.234)).toBe('1.23/s')
    expect(formatFigure(throughput, 123.45)).toBe('123.5/s')
    expect(
      [below(5 * ms), above(5 * ms), between(ms, 2 * ms)].map((condition) =>
        formatCondition(slo(checkout, p(95), condition)),
      ),
    ).toEqual(['< 5 ms', '> 5 ms', '1 ms to 2 ms'])
  })
})
