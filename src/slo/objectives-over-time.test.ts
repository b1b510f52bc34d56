import { describe, expect, it } from 'vitest'
import type { ProbeDelta } from '../metrics/probe-recorder.ts'
import type { Judgement } from '../results/build-result.ts'
import { blame, describeEarlyEnd } from './early-end.ts'
import { counts, delta } from './fixtures/deltas.ts'
import { above, below, between, checkout, p, scenario, slo, throughput } from './fixtures/measured.ts'
import type { Slo, SloOutcome } from './model.ts'
import { ObjectivesOverTime } from './objectives-over-time.ts'

const always = [{ fromMs: 0, toMs: 3_600_000 }]
const times = { window: always, peak: always }

/** Puts an objective into windows. */
function per(windowMs: number, share: number, { aggregate, target, condition }: Slo): Slo {
  return { ...slo(target, aggregate, condition), window: { windowMs, share } }
}

/** The outcome of an objective over seconds that one thread reports, each at its end. */
function outcomeOf(objective: Slo, seconds: readonly ProbeDelta[], endMs: number): SloOutcome | undefined {
  const overTime = new ObjectivesOverTime({ slos: [objective] }, 1, times)
  for (const [index, second] of seconds.entries())
    overTime.add(0, { atMs: (index + 1) * 1000, deltas: [second], seen: [] })
  overTime.add(0, { atMs: Number.POSITIVE_INFINITY, deltas: [undefined], seen: [] })
  return overTime.conclude(endMs).get(objective.id)
}

const twoOfFour = [5, 5, 500, 500].map((eachMs, window) => delta([counts(window, 20, eachMs)]))

describe('an objective with a window', () => {
  it('says in which part of the windows it was met', () => {
    const latency = slo(checkout, p(95), below(300_000))
    expect(outcomeOf(per(1000, 0.99, latency), twoOfFour, 4000)).toMatchObject({
      status: 'fail',
      actual: 0.5,
      samples: 4,
      message:
        'checkout p(95) was below 300 ms in 50 % of 4 seconds, 49 points under the 99 % wanted; missed first at 2 s',
      warning: undefined,
    })
    expect(outcomeOf(per(1000, 0.5, latency), twoOfFour, 4000)).toMatchObject({
      status: 'pass',
      message: 'checkout p(95) was below 300 ms in 50 % of 4 seconds, exactly the 50 % wanted; missed first at 2 s',
    })
    expect(outcomeOf(per(1000, 0.4, latency), twoOfFour, 4000)?.message).toBe(
      'checkout p(95) was below 300 ms in 50 % of 4 seconds, 10 points over the 40 % wanted; missed first at 2 s',
    )
    expect(outcomeOf(per(1000, 1, slo(checkout, p(95), between(1, 600_000))), twoOfFour, 4000)?.message).toBe(
      'checkout p(95) was from 1 µs to 600 ms in all of 4 seconds',
    )
  })

  it('has the throughput of whole windows, and none of a load that is shorter than one', () => {
    const floor = slo(scenario, throughput, above(9))
    const rates = [delta([counts(0, 30)]), delta([counts(1, 5)])]
    expect(outcomeOf(per(5000, 1, floor), rates, 12_000)?.message).toBe(
      'throughput was above 9/s in 0 % of 2 windows of 5s, 100 points under the 100 % wanted; missed first at 0 s',
    )
    expect(outcomeOf(per(5000, 1, floor), rates, 4000)).toMatchObject({
      status: 'fail',
      message: 'throughput per 5s could not be judged: the load ended before the first 5s were over.',
    })
  })

  it('leaves it to the figure of the whole run to say why there is none', () => {
    expect(outcomeOf(per(1000, 1, slo(checkout, p(95), below(1))), [], 4000)).toBeUndefined()
  })

  it('warns of percentiles of too few samples', () => {
    const few = [delta([counts(0, 4)]), delta([counts(1, 6)])]
    expect(outcomeOf(per(1000, 1, slo(checkout, p(95), below(300_000))), few, 2000)?.warning).toBe(
      'has 5 samples in a window on average; p(95) of fewer than 20 is their maximum',
    )
  })
})

describe('an objective that may end the load', () => {
  const aborting: Slo = { ...slo(checkout, p(99), below(500_000)), abort: { brokenForMs: 2000, minSamples: 1 } }
  const bad = (second: number): ProbeDelta => delta([counts(second, 5, 700)])

  it('is judged when all threads that still run have reported', () => {
    const overTime = new ObjectivesOverTime({ slos: [aborting] }, 2, times)
    expect(overTime.add(0, { atMs: 1001, deltas: [bad(0)], seen: [] })).toBeUndefined()
    expect(overTime.add(0, { atMs: 2001, deltas: [bad(1)], seen: [] })).toBeUndefined()
    expect(overTime.leave(1)?.slo).toBe(aborting)
  })

  it('may be none of those that have a test case', () => {
    const overTime = new ObjectivesOverTime({ slos: [], abort: aborting }, 1, times)
    overTime.add(0, { atMs: 1001, deltas: [bad(0)], seen: [] })
    expect(overTime.add(0, { atMs: 2001, deltas: [bad(1)], seen: [] })?.reason).toMatch(/^broken for 2 s/)
  })

  it('fails, and says for how long the load went on', () => {
    const end = { slo: aborting, figure: 700_000, reason: 'broken for 2 s: …', atMs: 12_340 }
    expect(describeEarlyEnd(end, 60_000, 1)).toBe(
      "abort: 'checkout p(99)' was broken for 2 s: …; the load was ended after 12.34 s of 1m, and 1 iteration that was under way was cut",
    )
    expect(describeEarlyEnd(end, undefined, 0)).toBe(
      "abort: 'checkout p(99)' was broken for 2 s: …; the load was ended after 12.34 s",
    )
    const passed: SloOutcome = {
      slo: aborting,
      status: 'pass',
      actual: 5000,
      samples: 9,
      message: 'all was well',
      warning: undefined,
    }
    const judgement: Judgement = { slos: [passed], verdict: 'fail', reasons: [], warnings: [] }
    expect(blame(judgement, end).slos).toMatchObject([
      {
        status: 'fail',
        endedLoad: true,
        message: 'checkout p(99) ended the load: it was broken for 2 s: …. Over the whole load: all was well',
      },
    ])
  })
})
