import { describe, expect, it } from 'vitest'
import type { LoadOptions } from '../options/load-shapes.ts'
import { FakeClock } from './fixtures/fake-clock.ts'
import { runLocally, scenario, type LocalRun } from './fixtures/run-locally.ts'

const loads: Readonly<Record<string, LoadOptions>> = {
  'constant-vus': { vus: 3, duration: '10s' },
  shared: { vus: 3, iterations: 100, maxDuration: '10s' },
  'per-vu': { vus: 3, iterationsPerVU: 50, maxDuration: '10s' },
  paced: { vus: 3, duration: '10s', pacing: '50ms' },
  users: {
    startVUs: 3,
    stages: [
      { duration: '5s', vus: 1 },
      { duration: '5s', vus: 3 },
    ],
  },
  arrivals: { rate: 100, duration: '10s' },
}

/** Runs a load whose iterations take 10 ms, after rows that take as long as given. */
function run(
  load: LoadOptions,
  provide: (row: number, clock: FakeClock) => boolean | Promise<boolean>,
): Promise<LocalRun> {
  const clock = new FakeClock()
  let row = 0
  return runLocally({ load, clock, provide: () => provide(row++, clock), body: () => clock.sleep(10) })
}

describe('a load whose rows run out', () => {
  for (const [name, load] of Object.entries(loads)) {
    it(`ends by itself with one iteration for each: ${name}`, async () => {
      const { totals, endedAtMs } = await run(load, (row) => row < 20)
      expect(totals.counters).toMatchObject({ iterationsStarted: 20, iterationsOk: 20, iterationsDropped: 0 })
      expect(endedAtMs).toBeLessThan(1000)
    })

    it(`ends by itself when that is known late: ${name}`, async () => {
      const { totals, endedAtMs } = await run(load, (row, clock) => clock.sleep(30).then(() => row < 20))
      expect(totals.counters).toMatchObject({ iterationsStarted: 20, iterationsOk: 20, iterationsDropped: 0 })
      expect(endedAtMs).toBeLessThan(1000)
    })

    it(`ends in time when the rows never come: ${name}`, async () => {
      const { totals, endedAtMs, report } = await run(load, () => new Promise(() => undefined))
      expect(totals.counters.iterationsStarted).toBe(0)
      expect(endedAtMs).toBeLessThanOrEqual(42_000)
      expect(report.abandoned).toBe(0)
    })
  }
})

describe('the wait for a row', () => {
  it('is no part of an iteration of a closed model', async () => {
    const { totals } = await run({ vus: 1, iterations: 5 }, (_row, clock) => clock.sleep(500).then(() => true))
    expect(totals.find('iteration', scenario)?.latency).toMatchObject({ count: 5, max: 10_000 })
  })

  it('is a late start in an open model', async () => {
    const { totals } = await run({ rate: 10, duration: '2s' }, (_row, clock) => clock.sleep(500).then(() => true))
    const iterations = totals.find('iteration', scenario)
    expect(iterations?.count).toBe(15)
    expect(totals.counters).toMatchObject({ iterationsDropped: 5, iterationsOverdue: 5 })
    expect(iterations?.phases[0]?.percentile(50)).toBeGreaterThanOrEqual(499_000)
    expect(iterations?.latency.percentile(50)).toBeGreaterThanOrEqual(509_000)
  })
})
