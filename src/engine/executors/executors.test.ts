import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoadOptions } from '../../options/load-shapes.ts'
import { mixSeed } from '../../shared/random.ts'
import { FakeClock } from '../fixtures/fake-clock.ts'
import { runLocally, scenario, type LocalRun } from '../fixtures/run-locally.ts'
import type { IterationKey } from '../virtual-user.ts'

interface Visit extends IterationKey {
  readonly random: number
}

/** Runs every segment of a load and gathers which iterations took place. */
async function runSegments(
  load: LoadOptions,
  count: number,
  iterationMs: (key: IterationKey) => number,
  seed: number = 1,
) {
  const visits: Visit[] = []
  const runs: LocalRun[] = []
  for (let index = 0; index < count; index++) {
    const clock = new FakeClock()
    const run = await runLocally({
      load,
      clock,
      seed,
      segment: {
        index,
        count,
      },
      body: async (session, key) => {
        visits.push({
          ...key,
          random: session.random(),
        })
        await clock.sleep(iterationMs(key))
      },
    })
    runs.push(run)
  }
  const sum = (name: 'iterationsStarted' | 'iterationsOk' | 'iterationsAborted' | 'iterationsDropped'): number =>
    runs.reduce((total, { totals }) => total + totals.counters[name], 0)
  return {
    visits,
    runs,
    started: sum('iterationsStarted'),
    ok: sum('iterationsOk'),
    aborted: sum('iterationsAborted'),
    dropped: sum('iterationsDropped'),
  }
}

function names(visits: readonly IterationKey[]): string[] {
  return visits.map(({ vuId, iteration }) => `${vuId}/${iteration}`).toSorted()
}

const threads = fc.integer({ min: 1, max: 4 })
const vus = fc.integer({ min: 1, max: 6 })
const fewRuns = { numRuns: 40 }

describe('constant-vus', () => {
  it('iterates with every virtual user until the time is over, on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(vus, threads, fc.integer({ min: 1, max: 8 }), async (users, count, rounds) => {
        const { visits, ok } = await runSegments({ vus: users, duration: rounds * 100 }, count, () => 100)
        const planned = Array.from({ length: users }, (_, vu) =>
          Array.from({ length: rounds }, (_round, iteration) => `${vu + 1}/${iteration}`),
        )
        expect(names(visits)).toEqual(planned.flat().toSorted())
        expect(ok).toBe(users * rounds)
      }),
      fewRuns,
    )
  })

  it('lets the last iteration end within the graceful stop', async () => {
    const { ok, aborted, runs } = await runSegments({ duration: 1000, gracefulStop: 300 }, 1, () => 400)
    expect({ ok, aborted }).toEqual({ ok: 3, aborted: 0 })
    expect(runs[0]?.endedAtMs).toBe(1200)
  })

  it('does not number iterations', async () => {
    const { visits } = await runSegments({ duration: 100 }, 1, () => 100)
    expect(visits[0]?.globalIteration).toBeUndefined()
  })
})

describe('shared-iterations', () => {
  it('runs every iteration once, on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(vus, threads, fc.nat({ max: 20 }), async (users, count, more) => {
        const iterations = users + more
        const durations = ({ globalIteration = 0 }: IterationKey): number => 10 + (mixSeed(globalIteration) % 100)
        const { visits, ok, dropped } = await runSegments({ vus: users, iterations }, count, durations)
        const numbers = visits.map(({ globalIteration = -1 }) => globalIteration)
        expect(numbers.toSorted((left, right) => left - right)).toEqual(
          Array.from({ length: iterations }, (_, index) => index),
        )
        expect({ ok, dropped }).toEqual({ ok: iterations, dropped: 0 })
      }),
      fewRuns,
    )
  })

  it('gives a free virtual user the next iteration', async () => {
    const { visits } = await runSegments({ vus: 2, iterations: 6 }, 1, ({ vuId }) => (vuId === 1 ? 500 : 100))
    expect(visits.filter(({ vuId }) => vuId === 1)).toHaveLength(1)
  })

  it('drops what has not started when the time is over', async () => {
    const { started, ok, dropped, runs } = await runSegments({ vus: 2, iterations: 20, maxDuration: 250 }, 2, () => 100)
    expect({ started, ok, dropped }).toEqual({ started: 6, ok: 6, dropped: 14 })
    expect(runs.map(({ endedAtMs }) => endedAtMs)).toEqual([300, 300])
  })

  it('drops what has not started also when a body hangs', async () => {
    const { started, aborted, dropped } = await runSegments(
      { vus: 2, iterations: 20, maxDuration: 250, gracefulStop: 0 },
      1,
      ({ vuId }) => (vuId === 1 ? 1e9 : 100),
    )
    expect({ started, aborted, dropped }).toEqual({ started: 4, aborted: 2, dropped: 16 })
  })
})

describe('per-vu-iterations', () => {
  it('runs the same number with every virtual user, on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(vus, threads, fc.integer({ min: 1, max: 6 }), async (users, count, iterationsPerVU) => {
        const { visits, ok, dropped } = await runSegments(
          { vus: users, iterationsPerVU },
          count,
          ({ vuId }) => vuId * 50,
        )
        const planned = Array.from({ length: users }, (_, vu) =>
          Array.from({ length: iterationsPerVU }, (_round, iteration) => `${vu + 1}/${iteration}`),
        )
        expect(names(visits)).toEqual(planned.flat().toSorted())
        expect({ ok, dropped }).toEqual({ ok: users * iterationsPerVU, dropped: 0 })
      }),
      fewRuns,
    )
  })

  it('drops what has not started when the time is over, also when a body hangs', async () => {
    const load = { vus: 3, iterationsPerVU: 5, maxDuration: 250, gracefulStop: 50 }
    const { started, ok, aborted, dropped } = await runSegments(load, 1, ({ vuId }) => (vuId === 1 ? 1e9 : 100))
    expect({ started, ok, aborted, dropped }).toEqual({ started: 7, ok: 6, aborted: 1, dropped: 8 })
  })
})

describe('the same seed', () => {
  it.for<LoadOptions>([
    { vus: 5, duration: 300 },
    { vus: 5, iterations: 15 },
    { vus: 5, iterationsPerVU: 3 },
  ])('gives every iteration of %j the same random sequence on any number of threads', async (load) => {
    const decisions = async (count: number, seed: number): Promise<Record<string, number>> => {
      const { visits } = await runSegments(load, count, () => 100, seed)
      return Object.fromEntries(
        visits.map(({ vuId, iteration, globalIteration, random }) => [
          globalIteration ?? `${vuId}/${iteration}`,
          random,
        ]),
      )
    }
    const one = await decisions(1, 42)
    expect(Object.keys(one)).toHaveLength(15)
    expect(await decisions(2, 42)).toEqual(one)
    expect(await decisions(3, 42)).toEqual(one)
    expect(await decisions(1, 43)).not.toEqual(one)
    expect(new Set(Object.values(one)).size).toBe(15)
  })

  it('is mixed with the scenario, the virtual user and the iteration', async () => {
    const { visits } = await runSegments({ vus: 1, duration: 100 }, 1, () => 100, 42)
    expect(visits[0]?.seed).toBe(mixSeed(mixSeed(42, scenario), 1, 0))
  })
})
