import { describe, expect, it } from 'vitest'
import type { Objectives } from '../results/probes.ts'
import type { ThreadProgress, ThreadReport } from '../results/thread-report.ts'
import type { BrokenObjective } from '../slo/abort-watch.ts'
import { below, p, scenario as target, slo } from '../slo/fixtures/measured.ts'
import type { Slo, SloOutcome } from '../slo/model.ts'
import { ObjectivesOverTime } from '../slo/objectives-over-time.ts'
import { FakeClock } from './fixtures/fake-clock.ts'
import { runLocally } from './fixtures/run-locally.ts'
import { LocalHost } from './local-host.ts'

const always = [{ fromMs: 0, toMs: 3_600_000 }]
const fast: Slo = slo(target, p(50), below(100_000))

/** A host that judges as the main process does, and ends the load with a second of grace. */
class JudgingHost extends LocalHost {
  readonly overTime: ObjectivesOverTime
  broken: BrokenObjective | undefined
  readonly #clock: FakeClock
  brokenAtMs: number = 0
  #end: ((gracefulStopMs?: number) => void) | undefined

  constructor(objectives: Objectives, clock: FakeClock) {
    super()
    this.#clock = clock
    this.overTime = new ObjectivesOverTime(objectives, 1, { window: always, peak: always })
  }

  override onStop(listener: (gracefulStopMs?: number) => void): void {
    this.#end = listener
  }

  override snapshot(progress: ThreadProgress): void {
    super.snapshot(progress)
    this.#judge(progress)
  }

  override result(report: ThreadReport): Promise<undefined> {
    this.#judge(report)
    return super.result(report)
  }

  outcome(durationMs: number): SloOutcome | undefined {
    return [...this.overTime.conclude(durationMs).values()][0]
  }

  #judge({ probes }: ThreadProgress): void {
    if (probes === undefined) throw new Error('There is no report of the probes.')
    const broken = this.overTime.add(0, probes)
    if (broken === undefined || this.broken !== undefined) return
    this.broken = broken
    this.brokenAtMs = this.#clock.now()
    this.#end?.(1000)
  }
}

describe('an objective that may end the load', () => {
  const aborting: Slo = { ...fast, abort: { brokenForMs: 5000, minSamples: 10 } }
  const stallsAfterMs = 3200

  it.for([
    ['a closed model', { vus: 4, duration: '2m', gracefulStop: '30s' }],
    ['an open model', { rate: 20, duration: '2m', gracefulStop: '30s', maxVUs: 1000 }],
  ] as const)('ends it when nothing ends any more, and cuts what is stuck soon: %s', async ([, load]) => {
    const clock = new FakeClock()
    const host = new JudgingHost({ slos: [aborting] }, clock)
    const { endedAtMs, totals } = await runLocally({
      clock,
      host,
      load,
      objectives: { slos: [aborting] },
      body: (session) => (clock.now() < stallsAfterMs ? clock.sleep(50) : clock.sleep(3_600_000, session.signal)),
    })
    expect(host.broken?.slo).toBe(aborting)
    // The second in which the stall begins has samples that were quick.
    expect(host.brokenAtMs).toBeGreaterThanOrEqual(8000)
    expect(host.brokenAtMs).toBeLessThanOrEqual(stallsAfterMs + 5000 + 2000)
    expect(endedAtMs).toBeLessThanOrEqual(host.brokenAtMs + 1000)
    expect(totals.counters.iterationsAborted).toBeGreaterThan(0)
    expect(totals.counters.iterationsOk).toBeGreaterThan(50)
  })

  it('leaves a load alone that meets it, and whose body thinks', async () => {
    const clock = new FakeClock()
    const host = new JudgingHost({ slos: [aborting] }, clock)
    const { endedAtMs } = await runLocally({
      clock,
      host,
      load: { vus: 2, duration: '20s' },
      objectives: { slos: [aborting] },
      body: () => clock.sleep(90),
    })
    expect(host.broken).toBeUndefined()
    expect(endedAtMs).toBeGreaterThanOrEqual(20_000)
  })
})

describe('an objective with a window', () => {
  it('has work counted by when it began, also when it ends much later', async () => {
    const clock = new FakeClock()
    const windowed: Slo = { ...fast, window: { windowMs: 1000, share: 1 } }
    const host = new JudgingHost({ slos: [windowed] }, clock)
    const { report } = await runLocally({
      clock,
      host,
      load: { rate: 10, duration: '20s', maxVUs: 500 },
      objectives: { slos: [windowed] },
      // What begins in the fifth and sixth second takes ten.
      body: () => clock.sleep(clock.now() >= 4000 && clock.now() < 6000 ? 10_000 : 20),
    })
    expect(host.outcome(report.durationMs)?.message).toBe(
      'median was below 100 ms in 90 % of 20 seconds, 10 points under the 100 % wanted; missed first at 4 s',
    )
  })

  it('is not met in the seconds of a stall in which a closed model begins nothing', async () => {
    const clock = new FakeClock()
    const windowed: Slo = { ...fast, window: { windowMs: 1000, share: 1 } }
    const host = new JudgingHost({ slos: [windowed] }, clock)
    const { report } = await runLocally({
      clock,
      host,
      load: { vus: 3, duration: '20s' },
      objectives: { slos: [windowed] },
      body: () => clock.sleep(clock.now() >= 4000 && clock.now() < 9000 ? 9000 - clock.now() : 50),
    })
    expect(host.outcome(report.durationMs)).toMatchObject({ samples: 20, actual: 0.75 })
  })
})

it('reports nothing of the kind where no objective needs it', async () => {
  const progress: ThreadProgress[] = []
  class KeepingHost extends LocalHost {
    override snapshot(told: ThreadProgress): void {
      progress.push(told)
    }
  }
  const clock = new FakeClock()
  const { report } = await runLocally({
    clock,
    host: new KeepingHost(),
    load: { vus: 1, duration: '3s' },
    objectives: { slos: [fast] },
    body: () => clock.sleep(500),
  })
  expect(progress.length).toBeGreaterThan(1)
  for (const told of [...progress, report]) expect(told).not.toHaveProperty('probes')
})
