import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoadOptions } from '../../options/load-shapes.ts'
import { FakeClock } from '../fixtures/fake-clock.ts'
import { LocalHost } from '../local-host.ts'
import { runLocally } from '../fixtures/run-locally.ts'

interface Start {
  readonly vu: number
  readonly iteration: number
  readonly ms: number
}

interface Watched {
  readonly starts: readonly Start[]
  readonly endedAtMs: number
  readonly missed: number
  readonly ok: number
  readonly dropped: number
}

/** Runs all segments of a load and notes when each iteration starts. */
async function watch(
  load: LoadOptions,
  iterationMs: (start: Omit<Start, 'ms'>) => number = () => 10,
  count: number = 1,
  stopAtMs?: number,
): Promise<Watched> {
  const starts: Start[] = []
  const totals = { endedAtMs: 0, missed: 0, ok: 0, dropped: 0 }
  for (let index = 0; index < count; index++) {
    const clock = new FakeClock()
    const segment = { index, count }
    const host = new LocalHost({ segment })
    const run = await runLocally({
      load,
      clock,
      segment,
      host,
      onStart: () => void (stopAtMs !== undefined && clock.sleep(stopAtMs).then(() => host.requestStop())),
      body: async (_session, { vuId: vu, iteration }) => {
        starts.push({ vu, iteration, ms: clock.now() })
        await clock.sleep(iterationMs({ vu, iteration }))
      },
    })
    const { counters } = run.totals
    totals.endedAtMs = Math.max(totals.endedAtMs, run.endedAtMs)
    totals.missed += counters.pacingMissed
    totals.ok += counters.iterationsOk
    totals.dropped += counters.iterationsDropped
  }
  return { starts, ...totals }
}

function timesOf(starts: readonly Start[], vu: number): number[] {
  return starts.filter((start) => start.vu === vu).map(({ ms }) => ms)
}

const closed: [name: string, load: LoadOptions][] = [
  ['constant-vus', { vus: 2, duration: 500 }],
  ['per-vu-iterations', { vus: 2, iterationsPerVU: 5 }],
  ['shared-iterations', { vus: 2, iterations: 10 }],
  ['ramping-vus', { startVUs: 2, stages: [{ duration: 500, vus: 2 }] }],
]

describe('pacing', () => {
  it.for(closed)('of %s starts the iterations of a user a while apart', async ([, load]) => {
    const { starts, missed } = await watch({ ...load, pacing: 100 } as LoadOptions)
    expect(timesOf(starts, 1)).toEqual([0, 100, 200, 300, 400])
    expect(timesOf(starts, 2)).toEqual([0, 100, 200, 300, 400])
    expect(missed).toBe(0)
  })

  it('counts anew from a start that is late, with nothing to catch up with', async () => {
    const slow = ({ iteration }: { iteration: number }): number => (iteration === 1 ? 250 : 10)
    const { starts, missed } = await watch({ vus: 1, duration: 1000, pacing: 100 }, slow)
    expect(timesOf(starts, 1)).toEqual([0, 100, 350, 450, 550, 650, 750, 850, 950])
    expect(missed).toBe(1)
  })

  it('is not missed by users who are slowed down because they fail at once', async () => {
    const { totals } = await runLocally({
      load: { vus: 1, duration: 5000, pacing: 20 },
      body: () => {
        throw new Error('at once')
      },
    })
    expect(totals.counters.backOffs).toBeGreaterThan(3)
    expect(totals.counters.pacingMissed).toBe(0)
  })

  it('waits for nothing after the last iteration of a user, and not for an iteration that another one took', async () => {
    expect((await watch({ vus: 2, iterationsPerVU: 2, pacing: 1000 })).endedAtMs).toBe(1010)
    const { starts, endedAtMs } = await watch({ vus: 2, iterations: 3, pacing: 1000, stagger: 500 })
    expect(starts.map(({ ms }) => ms)).toEqual([0, 250, 1000])
    expect(endedAtMs).toBe(1010)
  })

  it('ends at once when the load is stopped', async () => {
    const { endedAtMs, starts } = await watch({ vus: 2, duration: 10_000, pacing: 5000 }, undefined, 1, 1200)
    expect([endedAtMs, starts.length]).toEqual([1200, 2])
  })

  it('keeps a load of a time up to its end, so that rates are over all of it', async () => {
    expect((await watch({ vus: 1, duration: 1000, pacing: 800 })).endedAtMs).toBe(1000)
  })

  it('drops what it leaves no time for', async () => {
    const { ok, dropped, endedAtMs } = await watch({ iterationsPerVU: 5, maxDuration: 250, pacing: 100 })
    expect({ ok, dropped, endedAtMs }).toEqual({ ok: 3, dropped: 2, endedAtMs: 250 })
  })

  it('may be random: the same for a seed, whatever the bodies do and however many threads there are', async () => {
    const load: LoadOptions = {
      vus: 3,
      iterationsPerVU: 20,
      pacing: { distribution: 'uniform', min: 100, max: 300 },
    }
    const one = await watch(load, () => 0)
    const three = await watch(load, () => 1, 3)
    for (const vu of [1, 2, 3]) {
      const times = timesOf(one.starts, vu)
      const gaps = times.slice(1).map((ms, index) => ms - (times[index] ?? 0))
      expect(new Set(gaps).size).toBeGreaterThan(15)
      expect(timesOf(three.starts, vu)).toEqual(times)
    }
  })

  it('lets two starts of a user never be closer than it says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 8 }),
        async (pacing, lengths) => {
          const { starts, missed } = await watch(
            { vus: 2, iterationsPerVU: lengths.length, pacing },
            ({ iteration }) => lengths[iteration] ?? 0,
          )
          for (const vu of [1, 2]) {
            const times = timesOf(starts, vu)
            for (const [index, ms] of times.slice(1).entries())
              expect(ms - (times[index] ?? 0)).toBe(Math.max(pacing, lengths[index] ?? 0))
          }
          expect(missed).toBe(2 * lengths.slice(0, -1).filter((length) => length > pacing).length)
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('stagger', () => {
  it('spreads the first iterations evenly over its time, on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 }), async (vus, threads) => {
        const { starts } = await watch({ vus, iterationsPerVU: 2, stagger: 600 }, () => 1000, threads)
        for (let vu = 1; vu <= vus; vu++) {
          const first = ((vu - 1) * 600) / vus
          expect(timesOf(starts, vu)[0]).toBeCloseTo(first, 6)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('does not prolong a load', async () => {
    const { endedAtMs, starts } = await watch({ vus: 2, duration: 1000, stagger: 900 }, () => 100)
    expect([endedAtMs, timesOf(starts, 2)[0], timesOf(starts, 2).length]).toEqual([1050, 450, 6])
  })

  it('ends at once when the load is stopped, and when others have taken all iterations', async () => {
    expect((await watch({ vus: 2, duration: 10_000, stagger: 8000 }, undefined, 1, 500)).endedAtMs).toBe(500)
    expect((await watch({ vus: 2, iterations: 4, stagger: 8000 })).endedAtMs).toBe(40)
  })
})
