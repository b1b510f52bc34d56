import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoadOptions } from '../../options/load-shapes.ts'
import { RateProfile, type RateStage } from '../../shared/rate-profile.ts'
import { LocalHost } from '../local-host.ts'
import { FakeClock } from '../fixtures/fake-clock.ts'
import { runLocally, type LocalRun } from '../fixtures/run-locally.ts'
import { arrivalsOf, type Arrival } from './arrivals.ts'

interface Start {
  readonly index: number
  readonly vuId: number
  readonly atMs: number
}

/** Runs every segment of a load and gathers when each iteration started. */
async function runSegments(
  load: LoadOptions,
  count: number,
  iterationMs: (index: number) => number,
): Promise<{ starts: Start[]; runs: LocalRun[] }> {
  const starts: Start[] = []
  const runs: LocalRun[] = []
  for (let index = 0; index < count; index++) {
    const clock = new FakeClock()
    const body = async (
      _session: unknown,
      { vuId, globalIteration = -1 }: { vuId: number; globalIteration?: number | undefined },
    ) => {
      starts.push({ index: globalIteration, vuId, atMs: clock.now() })
      await clock.sleep(iterationMs(globalIteration))
    }
    runs.push(await runLocally({ load, clock, body, segment: { index, count } }))
  }
  return { starts: starts.toSorted((left, right) => left.index - right.index), runs }
}

function collect(arrivals: Iterator<Arrival, undefined>): Arrival[] {
  const all: Arrival[] = []
  for (let next = arrivals.next(); next.done !== true; next = arrivals.next()) all.push(next.value)
  return all
}

const threads = fc.integer({ min: 1, max: 4 })
const rate = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50 }), fc.double({ min: 0.1, max: 50, noNaN: true }))
const profiles: fc.Arbitrary<RateStage[]> = fc.array(
  fc.record({ durationMs: fc.integer({ min: 1, max: 3000 }), fromPerSecond: rate, toPerSecond: rate }),
  { minLength: 1, maxLength: 4 },
)

describe('the arrivals of all segments together', () => {
  it('are those of the plan, each once and at its time', () => {
    fc.assert(
      fc.property(profiles, threads, fc.integer({ min: 1, max: 9 }), (profile, count, vus) => {
        const load = {
          executor: 'ramping-arrival-rate',
          arrivals: 'even',
          stages: profile,
          vus,
          preAllocatedVUs: vus,
          gracefulStopMs: 0,
        } as const
        const planned = new RateProfile(profile)
        const all = Array.from({ length: count }, (_, index) => collect(arrivalsOf(load, { index, count }, 1))).flat()
        const sorted = all.toSorted((left, right) => left.index - right.index)
        expect(sorted.map(({ index }) => index)).toEqual(Array.from({ length: planned.total }, (_, index) => index))
        for (const { index, atMs } of sorted) expect(atMs).toBe(planned.timeOf(index))
      }),
    )
  })

  it('are the same Poisson process on any number of threads, another with another seed', () => {
    const load = {
      executor: 'constant-arrival-rate',
      arrivals: 'poisson',
      stages: [{ durationMs: 60_000, fromPerSecond: 50, toPerSecond: 50 }],
      vus: 100,
      preAllocatedVUs: 100,
      gracefulStopMs: 0,
    } as const
    const times = (count: number, seed: number): number[] =>
      Array.from({ length: count }, (_, index) => collect(arrivalsOf(load, { index, count }, seed)))
        .flat()
        .toSorted((left, right) => left.index - right.index)
        .map(({ atMs }) => atMs)
    const one = times(1, 7)
    expect(times(3, 7)).toEqual(one)
    expect(times(1, 8)).not.toEqual(one)
    // 3,000 on average, with a standard deviation of 55; gaps of mean 20 ms, of which 1 - 1/e are below it.
    expect(Math.abs(one.length - 3000)).toBeLessThan(220)
    const gaps = one.slice(1).map((atMs, index) => atMs - (one[index] ?? 0))
    expect(gaps.every((gap) => gap >= 0)).toBe(true)
    expect(gaps.filter((gap) => gap < 20).length / gaps.length).toBeCloseTo(1 - 1 / Math.E, 1)
  })
})

describe('an arrival rate', () => {
  it('starts each iteration at its time, however long they take', async () => {
    const { starts, runs } = await runSegments({ rate: 10, duration: '1s', maxVUs: 20 }, 2, () => 1500)
    expect(starts.map(({ atMs }) => Math.round(atMs))).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900])
    expect(runs.map(({ totals }) => totals.counters.iterationsOk)).toEqual([5, 5])
  })

  it('follows the line from rate to rate', async () => {
    const load = {
      startRate: 0,
      stages: [
        { duration: '2s', rate: 10 },
        { duration: 0, rate: 4 },
        { duration: '1s', rate: 4 },
      ],
    }
    const { starts } = await runSegments(load, 1, () => 1)
    const within = (from: number, to: number): number => starts.filter(({ atMs }) => atMs >= from && atMs < to).length
    expect([within(0, 1000), within(1000, 2000), within(2000, 3000)]).toEqual([3, 7, 4])
  })

  it('gives an arrival to the user that was free last, so that its connection is warm', async () => {
    const { starts } = await runSegments({ rate: 10, duration: '1s' }, 1, () => 50)
    expect(new Set(starts.map(({ vuId }) => vuId))).toEqual(new Set([1]))
  })

  it('drops and counts arrivals for which nobody is free, and starts the next in time', async () => {
    const { starts, runs } = await runSegments({ rate: 10, duration: '1s', maxVUs: 2 }, 1, () => 490)
    expect(starts.map(({ atMs }) => Math.round(atMs))).toEqual([0, 100, 500, 600])
    expect(runs[0]?.totals.counters).toMatchObject({ iterationsStarted: 4, iterationsDropped: 6, iterationsOk: 4 })
  })

  it('counts latency from the planned start, and the lag apart', async () => {
    const clock = new FakeClock()
    const run = await runLocally({
      load: { rate: 10, duration: '1s', maxVUs: 5 },
      clock,
      // The first one blocks the event loop: those planned meanwhile start late.
      body: (_session, { globalIteration }) => (globalIteration === 0 ? clock.spend(350) : undefined),
    })
    const [series] = run.totals.series('iteration')
    const lag = series?.phases[0]
    expect(run.totals.counters).toMatchObject({ iterationsOk: 10, iterationsDropped: 0 })
    expect(Math.round((lag?.max ?? 0) / 1000)).toBeCloseTo(250, -1)
    expect(Math.round((series?.latency.max ?? 0) / 1000)).toBeCloseTo(350, -1)
    expect(lag?.count).toBe(10)
  })

  it('does not slow users down that fail at once', async () => {
    const clock = new FakeClock()
    const run = await runLocally({
      load: { rate: 100, duration: '1s', maxVUs: 1 },
      clock,
      body: () => {
        throw new Error('sold out')
      },
    })
    expect(run.totals.counters).toMatchObject({ iterationsFailed: 100, iterationsDropped: 0, backOffs: 0 })
  })

  it('cuts what still runs after the graceful stop, and ends also when a body hangs', async () => {
    const { runs } = await runSegments({ rate: 10, duration: '1s', maxVUs: 5, gracefulStop: 200 }, 1, () => 1e9)
    expect(runs[0]?.totals.counters).toMatchObject({ iterationsStarted: 5, iterationsAborted: 5, iterationsDropped: 5 })
    expect(runs[0]?.endedAtMs).toBeLessThan(1000 + 100 + 200 + 1100)
  })

  it('drops nothing that was planned for later than an early end', async () => {
    const clock = new FakeClock()
    const host = new LocalHost()
    const { totals } = await runLocally({
      load: { rate: 10, duration: '10s', maxVUs: 5 },
      clock,
      host,
      body: (_session, { globalIteration }) => (globalIteration === 20 ? host.requestStop('enough') : clock.sleep(1)),
    })
    expect(totals.counters).toMatchObject({ iterationsStarted: 21, iterationsDropped: 0 })
  })

  it('gives no arrival to a user before its set-up, and tears down only who was set up', async () => {
    const clock = new FakeClock()
    const ready = new Set<number>()
    const tornDown: number[] = []
    const load: LoadOptions = { rate: 10, duration: '1s', maxVUs: 6, preAllocatedVUs: 1 }
    const { totals } = await runLocally({
      load,
      clock,
      setup: async ({ vuId }) => {
        await clock.sleep(150)
        ready.add(vuId)
      },
      teardown: async ({ vuId }) => void tornDown.push(vuId),
      body: async ({ vuId }) => {
        expect(ready).toContain(vuId)
        await clock.sleep(250)
      },
    })
    const { iterationsStarted, iterationsDropped, iterationsOk } = totals.counters
    expect(iterationsStarted + iterationsDropped).toBe(10)
    expect(iterationsOk).toBe(iterationsStarted)
    // One until the second comes, three are enough for the rate.
    expect(iterationsDropped).toBeGreaterThan(0)
    expect(iterationsStarted).toBeGreaterThan(6)
    expect(tornDown).toHaveLength(ready.size)
    expect(new Set(tornDown)).toEqual(ready)
    expect(ready.size).toBeLessThan(6)
  })

  it('ends early when a set-up fails meanwhile', async () => {
    const clock = new FakeClock()
    const { report, host } = await runLocally({
      load: { rate: 10, duration: '10s', maxVUs: 3, preAllocatedVUs: 1 },
      clock,
      setup: async ({ vuId }) => {
        if (vuId > 1) throw new Error('no account')
      },
      body: () => clock.sleep(500),
    })
    expect(report.hookFailures).toMatchObject([{ hook: 'setup', message: 'no account' }])
    expect(host.stops).toBeGreaterThan(0)
    expect(report.durationMs).toBeLessThan(1000)
  })

  it('has a user ready for the first arrival of each thread that has users', async () => {
    for (const count of [1, 2, 3]) {
      const runs = await Promise.all(
        Array.from({ length: count }, (_, index) => {
          const clock = new FakeClock()
          return runLocally({
            load: { rate: 1, duration: '6s', preAllocatedVUs: 1 },
            clock,
            segment: { index, count },
            setup: () => clock.sleep(100),
            body: () => clock.sleep(10),
          })
        }),
      )
      const sum = (name: 'iterationsOk' | 'iterationsDropped'): number =>
        runs.reduce((total, { totals }) => total + totals.counters[name], 0)
      expect({ ok: sum('iterationsOk'), dropped: sum('iterationsDropped') }).toEqual({ ok: 6, dropped: 0 })
    }
  })

  it.for([true, false])(
    'cuts a set-up under way at its end, which is no failure (heeds the cut: %s)',
    async (heeds) => {
      const clock = new FakeClock()
      const log: string[] = []
      const { totals, report, host, endedAtMs } = await runLocally({
        load: { rate: 1, duration: '2s', preAllocatedVUs: 1 },
        clock,
        setup: async ({ vuId, signal }) => {
          if (vuId > 1) await clock.sleep(30_000, heeds ? signal : undefined)
          if (signal.aborted) throw new Error('cut')
          log.push(`set up ${vuId}`)
        },
        teardown: async ({ vuId }) => void log.push(`torn down ${vuId}`),
        body: () => clock.sleep(10),
      })
      expect(totals.counters).toMatchObject({ iterationsOk: 2, iterationsDropped: 0 })
      expect(report).toMatchObject({ hookFailures: [], durationMs: 2000 })
      expect(host.stops).toBe(0)
      expect(log).toEqual(
        heeds ? ['set up 1', 'torn down 1', 'torn down 2', 'torn down 3'] : ['set up 1', 'torn down 1'],
      )
      expect(endedAtMs).toBeLessThanOrEqual(3000)
    },
  )

  it('tells of a set-up that never ends during the load', async () => {
    const clock = new FakeClock()
    const { report } = await runLocally({
      load: { rate: 1, duration: '2m', preAllocatedVUs: 1, maxVUs: 2, gracefulStop: 0 },
      clock,
      setup: ({ vuId }) => (vuId === 1 ? Promise.resolve() : new Promise(() => {})),
      body: () => clock.sleep(10),
    })
    expect(report.hookFailures).toEqual([{ hook: 'setup', failed: 1, message: 'did not end within 60 s' }])
    expect(report.durationMs).toBeLessThan(62_000)
  })

  it('catches up with what is late at its end, where users are free', async () => {
    const clock = new FakeClock()
    const { totals } = await runLocally({
      load: { rate: 100, duration: '1s', maxVUs: 60 },
      clock,
      body: (_session, { globalIteration }) => (globalIteration === 60 ? clock.spend(600) : undefined),
    })
    expect(totals.counters).toMatchObject({ iterationsOk: 100, iterationsDropped: 0 })
    expect(totals.series('iteration')[0]?.latency.max).toBeGreaterThan(590_000)
  })

  it('lasts as long as it was told to, so that rates are over all of it', async () => {
    const clock = new FakeClock()
    const stages = [
      { duration: '1s', rate: 10 },
      { duration: '3s', rate: 0 },
    ]
    for (const load of [
      { rate: 1, duration: '4s' },
      { startRate: 20, stages },
    ] satisfies LoadOptions[]) {
      const { report } = await runLocally({ load, clock: new FakeClock(), body: () => {} })
      expect(report.durationMs).toBe(4000)
    }
    const { report } = await runLocally({
      load: {
        startVUs: 2,
        stages: [
          { duration: '1s', vus: 2 },
          { duration: 0, vus: 0 },
          { duration: '3s', vus: 0 },
        ],
      },
      clock,
      body: () => clock.sleep(50),
    })
    expect(report.durationMs).toBe(4000)
  })
})
