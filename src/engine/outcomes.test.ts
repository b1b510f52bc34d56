import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoadOptions } from '../options/load-shapes.ts'
import { requireFrame, type Frame } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import { CategorisedError } from '../shared/errors.ts'
import { FakeClock } from './fixtures/fake-clock.ts'
import { runLocally, scenario, type LocalRun } from './fixtures/run-locally.ts'

const never = new Promise<never>(() => undefined)

/** What a protocol does around a request. */
async function request(frame: Frame, work: Promise<void>): Promise<void> {
  frame.scope.inFlight += 1
  await work
  frame.scope.inFlight -= 1
  if (frame.scope.inFlight === 0) frame.scope.onIdle?.()
}

type Behaviour = (clock: FakeClock, session: Session) => unknown

const behaviours: Readonly<Record<string, Behaviour>> = {
  returnsAtOnce: () => undefined,
  returnsLater: (clock) => clock.sleep(70),
  throwsAtOnce: () => {
    throw new Error('at once')
  },
  throwsLater: async (clock) => {
    await clock.sleep(30)
    throw new Error('later')
  },
  throwsText: () => Promise.reject('text'),
  timesOut: () => Promise.reject(new CategorisedError('ERR_LOAD_REQUEST', 'timeout', 'too slow', { counted: true })),
  failsARequest: () => {
    requireFrame('a body').failedRequests += 1
  },
  sleepsUntilCut: async (clock, { signal }) => clock.sleep(1e6, signal),
  throwsWhenCut: async (clock, { signal }) => {
    await clock.sleep(1e6, signal)
    throw new CategorisedError('ERR_LOAD_ABORTED', 'aborted', 'cut')
  },
  ignoresTheCut: (clock) => clock.sleep(2500),
  hangs: () => never,
  forgetsARequest: (clock) => {
    void request(requireFrame('a body'), clock.sleep(40))
  },
  forgetsARequestThatHangs: () => {
    void request(requireFrame('a body'), never)
  },
  computes: (clock) => clock.spend(3),
}
const behaviourNames = Object.keys(behaviours)

function run(
  load: LoadOptions,
  behaviour: Behaviour,
  options: { segment?: { index: number; count: number }; seed?: number } = {},
): Promise<LocalRun> {
  const clock = new FakeClock()
  return runLocally({ load, clock, ...options, body: (session) => behaviour(clock, session) })
}

describe('every iteration', () => {
  const load = fc.oneof(
    fc.record({
      vus: fc.integer({ min: 1, max: 8 }),
      duration: fc.integer({ min: 1, max: 2000 }),
      gracefulStop: fc.nat({ max: 1500 }),
    }),
    fc.record({
      vus: fc.constant(3),
      iterations: fc.integer({ min: 3, max: 40 }),
      maxDuration: fc.integer({ min: 1, max: 2000 }),
      gracefulStop: fc.nat({ max: 1500 }),
    }),
    fc.record({
      vus: fc.constant(3),
      iterationsPerVU: fc.integer({ min: 1, max: 9 }),
      maxDuration: fc.integer({ min: 1, max: 2000 }),
      gracefulStop: fc.nat({ max: 1500 }),
    }),
  )

  it('ends as exactly one of ok, failed and aborted, in time, whatever bodies do', async () => {
    const mix = fc.uniqueArray(fc.constantFrom(...behaviourNames), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(load, mix, fc.nat(), fc.integer({ min: 1, max: 2 }), async (options, names, seed, count) => {
        const { totals, endedAtMs } = await run(
          options,
          (clock, session) => {
            const name = names[Math.floor(session.random() * names.length)] ?? ''
            // A body that returns at once would spin for as long as the fake time stands still.
            clock.spend(1)
            return behaviours[name]?.(clock, session)
          },
          { seed, segment: { index: 0, count } },
        )
        const { iterationsStarted, iterationsOk, iterationsFailed, iterationsAborted, iterationsDropped } =
          totals.counters
        expect(iterationsOk + iterationsFailed + iterationsAborted).toBe(iterationsStarted)
        const series = totals.find('iteration', scenario)
        expect([series?.ok ?? 0, series?.failed ?? 0, series?.aborted ?? 0]).toEqual([
          iterationsOk,
          iterationsFailed,
          iterationsAborted,
        ])
        const windowMs = 'duration' in options ? options.duration : options.maxDuration
        // Each of up to eight virtual users may have some milliseconds to compute at each of the three bounds.
        expect(endedAtMs).toBeLessThanOrEqual(windowMs + options.gracefulStop + 1000 + 3 * 8 * 4)
        if (count === 1 && 'iterations' in options)
          expect(iterationsStarted + iterationsDropped).toBe(options.iterations)
        if (count === 1 && 'iterationsPerVU' in options)
          expect(iterationsStarted + iterationsDropped).toBe(3 * options.iterationsPerVU)
      }),
      { numRuns: 150 },
    )
  })
})

describe('an iteration', () => {
  const once: LoadOptions = { iterations: 1, maxDuration: 1000, gracefulStop: 500 }

  it.for([
    ['returnsAtOnce', [1, 0, 0], 0],
    ['returnsLater', [1, 0, 0], 70],
    ['throwsAtOnce', [0, 1, 0], 0],
    ['throwsLater', [0, 1, 0], 30],
    ['throwsText', [0, 1, 0], 0],
    ['timesOut', [0, 1, 0], 0],
    ['failsARequest', [0, 1, 0], 0],
    ['forgetsARequest', [1, 0, 0], 40],
    ['sleepsUntilCut', [0, 0, 1], 1500],
    ['throwsWhenCut', [0, 0, 1], 1500],
    ['ignoresTheCut', [0, 0, 1], 2500],
    ['hangs', [0, 0, 1], 2500],
    ['forgetsARequestThatHangs', [0, 0, 1], 2500],
  ] as const)('that %s ends as %j', async ([name, expected, endedAtMs]) => {
    const { totals, endedAtMs: actual } = await run(once, behaviours[name] ?? expect.fail('unknown'))
    const { iterationsOk, iterationsFailed, iterationsAborted } = totals.counters
    expect([iterationsOk, iterationsFailed, iterationsAborted]).toEqual(expected)
    expect(actual).toBe(endedAtMs)
  })

  it('is recorded with the time it took, think time taken out', async () => {
    const { totals } = await run(once, async (clock) => {
      await clock.sleep(300)
      requireFrame('a body').thinkMs += 100
    })
    expect(totals.find('iteration', scenario)?.latency).toMatchObject({ count: 1, sum: 200_000 })
  })

  it('that timed out counts with its time, a failed one does not', async () => {
    const timeout = await run(once, (clock) =>
      clock.sleep(900).then(() => Promise.reject(new CategorisedError('ERR_LOAD_REQUEST', 'timeout', 'too slow'))),
    )
    expect(timeout.totals.find('iteration', scenario)?.latency.max).toBe(900_000)
    const failed = await run(once, behaviours['throwsLater'] ?? expect.fail('unknown'))
    expect(failed.totals.find('iteration', scenario)?.latency.count).toBe(0)
  })

  it('that is cut counts with the time it had', async () => {
    const { totals } = await run(once, () => never)
    expect(totals.find('iteration', scenario)).toMatchObject({ aborted: 1, latency: { count: 1, max: 2_500_000 } })
  })

  it('counts what it left running', async () => {
    const { totals } = await run(once, behaviours['forgetsARequest'] ?? expect.fail('unknown'))
    expect(totals.counters.requestsNotAwaited).toBe(1)
  })
})

describe('a thrown error', () => {
  const rows = ({ totals }: LocalRun) =>
    [...totals.errors.values()].map(({ category, message, count }) => ({ category, message, count }))

  it('is counted once, by category', async () => {
    const { totals, ...rest } = await run({ iterations: 3 }, () => {
      throw new TypeError('x is not a function')
    })
    expect(rows({ totals, ...rest })).toEqual([{ category: 'script', message: 'x is not a function', count: 3 }])
    expect(totals.counters.iterationsFailed).toBe(3)
  })

  it('is not counted again when a protocol or a step has counted it', async () => {
    const counted = await run({ iterations: 1 }, () =>
      Promise.reject(new CategorisedError('ERR_LOAD_REQUEST', 'reset', 'gone', { counted: true })),
    )
    expect(rows(counted)).toEqual([])
    const inStep = await run({ iterations: 1 }, () => {
      const error = new Error('in a step')
      requireFrame('a body').scope.counted = new Set([error])
      throw error
    })
    expect(rows(inStep)).toEqual([])
    expect([counted, inStep].map(({ totals }) => totals.counters.iterationsFailed)).toEqual([1, 1])
  })

  it('is not counted when we cut the iteration', async () => {
    const cut = await run({ duration: 100, gracefulStop: 0 }, async (clock, { signal }) => {
      await clock.sleep(1000, signal)
      throw new Error('because of the cut')
    })
    expect(rows(cut)).toEqual([])
    expect(cut.totals.find('iteration', scenario)?.aborted).toBe(1)
  })
})

describe('a virtual user that fails at once', () => {
  const failAtOnce = behaviours['throwsAtOnce'] ?? expect.fail('unknown')

  it('is slowed down, and the back-off is counted', async () => {
    const { totals } = await run({ duration: '10s' }, failAtOnce)
    const { iterationsStarted, backOffs } = totals.counters
    expect(backOffs).toBe(iterationsStarted - 3)
    expect(iterationsStarted).toBeLessThan(25)
  })

  it('recovers as soon as an iteration is not a fast failure', async () => {
    let iteration = 0
    const { totals } = await run({ iterations: 12 }, (clock) => {
      iteration += 1
      if (iteration % 4 === 0) return clock.sleep(1)
      throw new Error('fast')
    })
    expect(totals.counters.backOffs).toBe(0)
  })

  it('is not slowed down when failing takes its time', async () => {
    const { totals } = await run({ duration: '1s' }, (clock) =>
      clock.sleep(10).then(() => Promise.reject(new Error('slow'))),
    )
    expect(totals.counters).toMatchObject({ backOffs: 0, iterationsFailed: 100 })
  })

  it('does not hold up the end', async () => {
    const { endedAtMs } = await run({ vus: 20, duration: '5s', gracefulStop: 0 }, failAtOnce)
    expect(endedAtMs).toBe(5000)
  })
})
