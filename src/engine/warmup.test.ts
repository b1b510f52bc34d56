import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeLoad, measuredIterations } from '../options/describe-load.ts'
import { resolve } from '../options/fixtures/written-load.ts'
import type { LoadOptions } from '../options/load-shapes.ts'
import { currentFrame, openStepFrame } from '../session/current.ts'
import { FakeClock } from './fixtures/fake-clock.ts'
import { runLocally, type LocalRun } from './fixtures/run-locally.ts'

interface Watched extends LocalRun {
  /** When iterations started that are measured, and those that are not. */
  readonly measured: readonly number[]
  readonly warmup: readonly number[]
}

async function watch(
  load: LoadOptions,
  body: (clock: FakeClock) => unknown = (clock) => clock.sleep(30),
): Promise<Watched> {
  const measured: number[] = []
  const warmup: number[] = []
  const clock = new FakeClock()
  const run = await runLocally({
    load,
    clock,
    body: async () => {
      const isWarmup = currentFrame()?.scope.warmup === true
      ;(isWarmup ? warmup : measured).push(clock.now())
      await body(clock)
    },
  })
  return { ...run, measured, warmup }
}

describe('warm-up', () => {
  it('takes the iterations that start in it, whenever they end', async () => {
    const { totals, host, measured, warmup } = await watch({ vus: 1, duration: 200, warmup: 100 })
    expect([warmup, measured]).toEqual([
      [0, 30, 60, 90],
      [120, 150, 180],
    ])
    expect(totals.counters).toMatchObject({ iterationsStarted: 3, iterationsOk: 3 })
    expect(host.warmup.counters).toMatchObject({ iterationsStarted: 4, iterationsOk: 4 })
    expect([totals, host.warmup].map((part) => part.series('iteration')[0]?.ok)).toEqual([3, 4])
  })

  it('takes the failures and the cut of what started in it', async () => {
    const failing = await watch({ vus: 1, duration: 200, warmup: 100 }, async (clock) => {
      await clock.sleep(60)
      throw new Error('broken')
    })
    expect(failing.host.warmup.counters).toMatchObject({ iterationsStarted: 2, iterationsFailed: 2 })
    expect(failing.totals.counters).toMatchObject({ iterationsStarted: 2, iterationsFailed: 2 })
    expect([...failing.host.warmup.errors.values()].map(({ count }) => count)).toEqual([2])
    const hanging = await watch({ vus: 1, duration: 200, warmup: 100, gracefulStop: 0 }, async () => {
      const frame = currentFrame()
      if (frame !== undefined) openStepFrame(frame, 'hang')
      await new Promise(() => {})
    })
    expect(hanging.host.warmup.counters).toMatchObject({ iterationsStarted: 1, iterationsAborted: 1 })
    expect(hanging.host.warmup.find('step', 'hang')?.aborted).toBe(1)
    expect(hanging.totals.counters).toMatchObject({ iterationsStarted: 0, iterationsAborted: 0 })
    expect(hanging.totals.series('step')).toEqual([])
  })

  it('takes the arrivals that are planned for it, and of those it dropped', async () => {
    const load = { rate: 100, duration: 200, warmup: 100, maxVUs: 2 }
    const { totals, host } = await watch(load, (clock) => clock.sleep(30))
    const [main, warmup] = [totals.counters, host.warmup.counters]
    expect(warmup.iterationsStarted + warmup.iterationsDropped).toBe(10)
    expect(main.iterationsStarted + main.iterationsDropped).toBe(measuredIterations(resolve(load), 0))
    expect(warmup.iterationsDropped).toBeGreaterThan(0)
    expect(host.warmup.series('iteration')[0]?.phases[0]?.count).toBe(warmup.iterationsStarted)
    expect(totals.series('iteration')[0]?.phases[0]?.count).toBe(main.iterationsStarted)
  })

  it('does not alter when anything starts, and loses nothing', async () => {
    const loads = fc.constantFrom<LoadOptions>(
      { vus: 3, duration: 1000 },
      { vus: 3, iterations: 40 },
      { vus: 3, iterationsPerVU: 12, stagger: 200 },
      { vus: 3, iterationsPerVU: 12, pacing: 50 },
      { startVUs: 0, stages: [{ duration: 1000, vus: 5 }] },
      { rate: 60, duration: 1000 },
      { rate: 60, duration: 1000, arrivals: 'poisson' },
    )
    await fc.assert(
      fc.asyncProperty(loads, fc.integer({ min: 1, max: 900 }), async (load, warmupMs) => {
        const without = await watch(load)
        const { totals, host, measured, warmup, endedAtMs } = await watch({ ...load, warmup: warmupMs })
        const all = [...warmup, ...measured].toSorted((a, b) => a - b)
        expect(all).toEqual(without.measured.toSorted((a, b) => a - b))
        expect(endedAtMs).toBe(without.endedAtMs)
        for (const name of ['iterationsStarted', 'iterationsOk', 'iterationsDropped'] as const)
          expect(totals.counters[name] + host.warmup.counters[name]).toBe(without.totals.counters[name])
        const { iterationsStarted, iterationsDropped } = host.warmup.counters
        const planned = measuredIterations(
          resolve({ ...load, warmup: warmupMs }),
          iterationsStarted + iterationsDropped,
        )
        if (planned !== undefined) expect(totals.counters.iterationsStarted).toBe(planned)
      }),
      { numRuns: 60 },
    )
  })

  it('is told with the load', () => {
    expect(describeLoad(resolve({ vus: 5, duration: '30s', warmup: '5s' }))).toBe('5 VUs for 30s, 5s of warm-up')
  })
})
