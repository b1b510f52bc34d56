import { describe, expect, it } from 'vitest'
import type { Judgement } from '../results/build-result.ts'
import type { Counters } from '../metrics/counters.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'
import { outcomes } from '../metrics/series.ts'
import { below, checkout, errorRate, measured, p, scenario, slo } from './fixtures/measured.ts'
import { judgeRun, type Circumstances } from './judge.ts'
import type { Generator } from './validity.ts'

const fine = { iterationsStarted: 100, iterationsOk: 100 }
const generator: Generator = {
  limits: { delivered: 0.99, startLagUs: 'by-objectives', eventLoopDelayUs: 'by-objectives' },
  threads: 1,
  cores: 8,
  health: [],
  isOffline: false,
  openModel: undefined,
}
const slos = [slo(scenario, errorRate, below(0.01), true), slo(checkout, p(95), below(10_000))]

function judge(
  counters: Partial<Counters>,
  record: (metrics: MetricsRegistry) => void = fast,
  circumstances: Partial<Circumstances> = {},
): Judgement {
  const totals = measured((metrics) => {
    Object.assign(metrics.counters, counters)
    record(metrics)
  })
  return judgeRun(slos, totals, {
    durationMs: 1000,
    failures: [],
    warnings: [],
    incomplete: false,
    generator,
    ...circumstances,
  })
}

function fast(metrics: MetricsRegistry): void {
  for (let index = 0; index < 200; index++) metrics.series('step', 'checkout').record(outcomes.ok, 5000)
}

function slow(metrics: MetricsRegistry): void {
  for (let index = 0; index < 200; index++) metrics.series('step', 'checkout').record(outcomes.ok, 50_000)
}

function failGenerator(metrics: MetricsRegistry): void {
  fast(metrics)
  const exemplar = { vu: 1, iteration: 0, seed: 0, rows: {}, response: '' }
  metrics.errors.add({ category: 'generator', message: 'EMFILE' }, { step: '', request: '' }, 0, () => exemplar)
}

describe('judgeRun', () => {
  it('passes a run whose objectives are met', () => {
    const judgement = judge(fine)
    expect(judgement).toMatchObject({ verdict: 'pass', reasons: [], warnings: [] })
    expect(judgement.slos.map((outcome) => outcome.status)).toEqual(['pass', 'pass'])
  })

  it('fails a run with a breach, which is no further reason', () => {
    const judgement = judge(fine, slow)
    expect(judgement).toMatchObject({ verdict: 'fail', reasons: [] })
    expect(judgement.slos.map((outcome) => outcome.status)).toEqual(['pass', 'fail'])
  })

  it('fails a run that failed itself', () => {
    expect(judge(fine, fast, { failures: ['thread 2 was lost'] })).toMatchObject({
      verdict: 'fail',
      reasons: ['thread 2 was lost'],
    })
  })

  it('shows no credential among its reasons', () => {
    const failures = ['setup() failed: 401 for Bearer abc.def', 'POST http://me:secret@host/?password=secret']
    expect(judge(fine, fast, { failures }).reasons).toEqual([
      'setup() failed: 401 for Bearer [redacted]',
      'POST http://[redacted]@host/?password=[redacted]',
    ])
  })

  it('cuts a reason that is a whole page', () => {
    const [reason = ''] = judge(fine, fast, { failures: [`before() failed: ${'x '.repeat(3_000_000)}`] }).reasons
    expect(reason).toMatch(/^before\(\) failed: x x .*…$/)
    expect(reason).toHaveLength(1000)
  })

  it("says once how much went to 'other'", () => {
    const { warnings } = judge(fine, (metrics) => {
      fast(metrics)
      for (let index = 0; index < 300; index++) {
        metrics.series('step', `buy ${index}`).record(outcomes.ok, 5)
        metrics.check(`price of ${index}`, `buy ${index}`, true)
        const exemplar = { vu: 1, iteration: 0, seed: 0, rows: {}, response: '' }
        const failure = { category: 'script', message: `no ${index}` } as const
        metrics.errors.add(failure, { step: '', request: '' }, 0, () => exemplar)
      }
    })
    expect(warnings).toEqual([
      "too many names to keep them apart: 'other' holds 51 steps, 100 checks, 200 errors. Names and messages must not contain ids",
    ])
  })

  it('tells a few ways in which the generator failed', () => {
    const { reasons } = judge(fine, (metrics) => {
      for (let index = 0; index < 20; index++) {
        const exemplar = { vu: 1, iteration: 0, seed: 0, rows: {}, response: '' }
        const failure = { category: 'generator', message: `EMFILE ${index}` } as const
        metrics.errors.add(failure, { step: '', request: '' }, 0, () => exemplar)
      }
    })
    expect(reasons).toHaveLength(6)
    expect(reasons.at(-1)).toBe('the load generator failed in 15 more ways, which the errors tell')
  })

  it('warns of iterations that were cut, and passes', () => {
    const judgement = judge({ iterationsStarted: 1100, iterationsOk: 100, iterationsAborted: 1000 })
    expect(judgement).toMatchObject({ verdict: 'pass', reasons: [] })
    expect(judgement.warnings).toEqual([
      '1,000 iterations were cut because time was over; the true duration is unknown',
    ])
  })

  it('fails a run without an iteration', () => {
    expect(judge({}).reasons).toMatchInlineSnapshot(`
      [
        "no iteration was started",
      ]
    `)
    expect(judge({}).verdict).toBe('fail')
    expect(judge({}).slos.map((outcome) => outcome.slo.implicit)).toEqual([false])
  })

  it('fails a run in which no iteration succeeded', () => {
    const judgement = judge({ iterationsStarted: 1500, iterationsFailed: 1400, iterationsAborted: 100 })
    expect(judgement.verdict).toBe('fail')
    expect(judgement.reasons).toMatchInlineSnapshot(`
      [
        "no iteration completed: 1,400 failed and 100 were cut",
      ]
    `)
  })

  it('does not judge what an exhausted generator measured', () => {
    const judgement = judge(fine, failGenerator)
    expect(judgement.verdict).toBe('invalid')
    expect(judgement.reasons).toMatchInlineSnapshot(`
      [
        "the load generator failed once itself: EMFILE. Lower the number of virtual users or raise the machine's limits (ulimit -n, net.ipv4.ip_local_port_range)",
      ]
    `)
    expect(judgement.slos.map(({ status, message }) => `${status}: ${message}`)).toMatchInlineSnapshot(`
      [
        "skipped: error rate was not judged: the run is invalid",
        "skipped: checkout p(95) was not judged: the run is invalid",
      ]
    `)
  })

  it('passes on warnings and adds its own', () => {
    const judgement = judge(
      { ...fine, requestsNotAwaited: 3, backOffs: 1200, iterationsDropped: 7, cookiesRejected: 2 },
      (metrics) => metrics.series('step', 'checkout').record(outcomes.ok, 5000),
      { warnings: ['mind the gap'] },
    )
    expect(judgement.warnings).toMatchInlineSnapshot(`
      [
        "mind the gap",
        "3 requests were still running when their iteration had returned; await them, or their time is nobody’s",
        "1,200 pauses were made by virtual users whose iterations failed at once",
        "7 iterations were not started before the maximum duration",
        "2 cookies were refused (wrong domain, Secure over HTTP, or malformed)",
        "checkout p(95) rests on 1 sample; p(95) wants 200 or more",
      ]
    `)
    expect(judgement.verdict).toBe('pass')
  })
})

describe('a load whose iterations start at planned times', () => {
  const planned: Generator = { ...generator, openModel: { maxVUs: 10, planned: 1000 } }
  const whole = { ...fine, iterationsStarted: 1000 }

  function late(lagUs: number, count: number = 1000): (metrics: MetricsRegistry) => void {
    return (metrics) => {
      fast(metrics)
      const iterations = metrics.series('iteration', 'shopping')
      for (let index = 0; index < count; index++) iterations.recordPhases(Float64Array.of(lagUs, lagUs))
    }
  }

  it('is valid when almost all of it was delivered in time, and tells of the rest', () => {
    const counters = { ...fine, iterationsStarted: 990, iterationsDropped: 10 }
    expect(judge(counters, late(900), { generator: planned })).toMatchObject({
      verdict: 'pass',
      reasons: [],
      warnings: ['10 iterations were dropped: no virtual user was free (maxVUs)'],
    })
  })

  it('is invalid when too many were dropped, and says what to change', () => {
    const judgement = judge({ ...fine, iterationsStarted: 805, iterationsDropped: 195 }, late(900), {
      generator: planned,
    })
    expect(judgement.verdict).toBe('invalid')
    expect(judgement.reasons).toEqual([
      'only 80.5 % of the 1,000 planned iterations were started: none of at most 10 virtual users was free when the others were due. Raise maxVUs, if as many visitors may be there at once – or preAllocatedVUs, where they have a setup –, or lower the rate',
    ])
    expect(judgement.slos.map(({ status }) => status)).toEqual(['skipped', 'skipped'])
  })

  it('tells arrivals that the generator did not get to from those for which nobody was free', () => {
    const counters = { ...fine, iterationsStarted: 900, iterationsDropped: 100, iterationsOverdue: 90 }
    expect(judge(counters, late(900), { generator: planned })).toMatchObject({
      reasons: [expect.stringContaining('did not get to the others before the load was over. Use more threads')],
      warnings: [
        '100 iterations were dropped: for 10 no virtual user was free (maxVUs), and to the others the load generator did not get in time',
      ],
    })
  })

  it('blames the generator before maxVUs when iterations were started late too', () => {
    const counters = { ...fine, iterationsStarted: 805, iterationsDropped: 195 }
    expect(judge(counters, late(2_300_000), { generator: planned }).reasons).toMatchInlineSnapshot(`
      [
        "iterations were started late: p(99) of the lag was 2.3 s, more than 10 ms. The load generator has too much to do. Use more threads (1 of 8 cores generates load) or machines, or a lower rate",
        "only 80.5 % of the 1,000 planned iterations were started: none of at most 10 virtual users was free when the others were due, while iterations were started late (p(99) of the lag was 2.3 s), which keeps virtual users busy for longer. Use more threads (1 of 8 cores generates load) or machines, or a lower rate; raise maxVUs only if iterations are dropped all the same",
      ]
    `)
  })

  it('does not ask for more virtual users first when a thread was busy, or the bounds are off', () => {
    const counters = { ...fine, iterationsStarted: 805, iterationsDropped: 195 }
    const thread = { thread: 1, eventLoopDelayP99: 0, eventLoopUtilization: 0.5, steadyEventLoopDelayP99: 900 }
    const busy = { ...planned, health: [{ ...thread, cpuUtilization: 0.97 }] }
    const stalled = { ...planned, health: [{ ...thread, steadyEventLoopDelayP99: 120_000 }] }
    const lenient = { ...planned, limits: { ...planned.limits, startLagUs: false } as const }
    expect([
      ...judge(counters, late(900), { generator: busy }).reasons,
      ...judge(counters, late(900), { generator: stalled }).reasons,
      ...judge(counters, late(2_300_000), { generator: lenient }).reasons,
    ]).toMatchInlineSnapshot(`
      [
        "only 80.5 % of the 1,000 planned iterations were started: none of at most 10 virtual users was free when the others were due, while the only thread of the load generator was busy 97 % of the time, which keeps virtual users busy for longer. Use more threads (1 of 8 cores generates load) or machines, or a lower rate; raise maxVUs only if iterations are dropped all the same",
        "only 80.5 % of the 1,000 planned iterations were started: none of at most 10 virtual users was free when the others were due, while the load generator was late itself (p(99) of its event-loop delay was 120 ms), which keeps virtual users busy for longer. Use more threads (1 of 8 cores generates load) or machines, or a lower rate; raise maxVUs only if iterations are dropped all the same",
        "only 80.5 % of the 1,000 planned iterations were started: none of at most 10 virtual users was free when the others were due, while iterations were started late (p(99) of the lag was 2.3 s), which keeps virtual users busy for longer. Use more threads (1 of 8 cores generates load) or machines, or a lower rate; raise maxVUs only if iterations are dropped all the same",
      ]
    `)
    const idle = { ...planned, health: [thread] }
    expect(judge(counters, late(900), { generator: idle }).reasons).toEqual([expect.stringContaining('. Raise maxVUs')])
  })

  it('is measured by the plan, also when iterations are neither started nor dropped', () => {
    expect(judge({ ...fine, iterationsStarted: 500 }, late(900), { generator: planned }).verdict).toBe('invalid')
    expect(
      judge({ ...fine, iterationsStarted: 500 }, late(900), {
        generator: { ...generator, openModel: { maxVUs: 10, planned: undefined } },
      }).verdict,
    ).toBe('pass')
  })

  it('is invalid when iterations were started late, measured by the tightest objective', () => {
    expect(judge(whole, late(9000), { generator: planned }).verdict).toBe('pass')
    const { verdict, reasons } = judge(whole, late(40_000), { generator: planned })
    expect(verdict).toBe('invalid')
    expect(reasons).toEqual([
      expect.stringMatching(/^iterations were started late: p\(99\) of the lag was (?:39|40)\S* ms, more than 10 ms\./),
    ])
  })

  it('is not judged by a few late ones, nor when it was ended early', () => {
    expect(judge(whole, late(40_000, 15), { generator: planned }).verdict).toBe('pass')
    const failures = ['stopped by run.abort()']
    expect(judge({ ...fine, iterationsStarted: 50 }, late(40_000), { generator: planned, failures })).toMatchObject({
      verdict: 'fail',
      reasons: failures,
    })
  })

  it('is never invalid offline', () => {
    const counters = { ...fine, iterationsStarted: 100, iterationsDropped: 900 }
    expect(judge(counters, late(40_000), { generator: { ...planned, isOffline: true } }).verdict).toBe('pass')
  })

  it('is judged by bounds of the project', () => {
    const counters = { ...fine, iterationsStarted: 805, iterationsDropped: 195 }
    const lenient = { ...planned, limits: { delivered: 0.8, startLagUs: 50_000, eventLoopDelayUs: false } as const }
    expect(judge(counters, late(40_000), { generator: lenient }).verdict).toBe('pass')
    const strict = { ...planned, limits: { ...lenient.limits, delivered: 0.81, startLagUs: 5000 } }
    expect(judge(counters, late(6000), { generator: strict }).reasons).toHaveLength(2)
    const none = { ...planned, limits: { delivered: false, startLagUs: false, eventLoopDelayUs: false } as const }
    expect(judge({ ...counters, iterationsStarted: 10 }, late(400_000), { generator: none }).verdict).toBe('pass')
  })
})

describe('a load of virtual users that iterate', () => {
  function healthy(delayUs: number | undefined, eventLoopUtilization: number = 0.5): Generator['health'][number] {
    return {
      thread: 1,
      eventLoopDelayP99: 90_000,
      eventLoopUtilization,
      ...(delayUs !== undefined && { steadyEventLoopDelayP99: delayUs }),
    }
  }

  function judgeWith(health: Generator['health'], more: Partial<Generator> = {}): Judgement {
    return judge(fine, fast, { generator: { ...generator, threads: health.length, health, ...more } })
  }

  it('is invalid when a thread was late by a part of the tightest objective', () => {
    expect(judgeWith([healthy(9000), healthy(10_000)]).verdict).toBe('pass')
    const { verdict, reasons } = judgeWith([healthy(900), healthy(12_000)])
    expect(verdict).toBe('invalid')
    expect(reasons).toMatchInlineSnapshot(`
      [
        "the load generator was late itself: p(99) of its event-loop delay was 12 ms, more than 10 ms, which it adds to what it measures. Use more threads (2 of 8 cores generate load) or machines, or fewer virtual users; bodies must not compute for long",
      ]
    `)
  })

  it('is not judged by the first second, without an objective on latency, offline, or when it was ended early', () => {
    expect(judgeWith([healthy(undefined)]).verdict).toBe('pass')
    expect(judgeWith([healthy(90_000)], { isOffline: true }).verdict).toBe('pass')
    const late = { ...generator, health: [healthy(90_000)] }
    expect(judge(fine, fast, { generator: late, failures: ['thread 2 was lost'] }).verdict).toBe('fail')
    const totals = measured(fast)
    const circumstances = { durationMs: 1000, failures: [], warnings: [], incomplete: false, generator: late }
    expect(judgeRun([], totals, circumstances).reasons).not.toContainEqual(expect.stringContaining('late itself'))
  })

  it('is judged by the bound of the project, also without an objective', () => {
    const limits = { ...generator.limits, eventLoopDelayUs: 20_000 }
    expect(judgeWith([healthy(15_000)], { limits }).verdict).toBe('pass')
    expect(judgeWith([healthy(25_000)], { limits }).verdict).toBe('invalid')
    expect(judgeWith([healthy(90_000)], { limits: { ...limits, eventLoopDelayUs: false } }).verdict).toBe('pass')
  })

  it('warns of threads that had no time left', () => {
    expect(judgeWith([healthy(0, 0.5)]).warnings).toEqual([])
    expect(judgeWith([healthy(0, 0.97)]).warnings).toMatchInlineSnapshot(`
      [
        "the only thread of the load generator was busy 97 % of the time: times include waiting for it. Use more threads (1 of 8 cores generates load) or machines",
      ]
    `)
    expect(judgeWith([healthy(0), { ...healthy(0), cpuUtilization: 0.95 }], { cores: 2 }).warnings)
      .toMatchInlineSnapshot(`
      [
        "1 of 2 threads of the load generator was busy 95 % of the time: times include waiting for it. Use more machines",
      ]
    `)
  })
})
