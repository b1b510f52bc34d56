import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../engine/fixtures/fake-clock.ts'
import { RunMetrics } from '../metrics/run-metrics.ts'
import { createRootFrame, createScope, type Frame } from '../session/current.ts'
import { Session } from '../session/session.ts'
import type { HeldRequest } from './contract.ts'
import { Throttle } from './throttle.ts'

const session = new Session({
  vuId: 1,
  scenario: 's',
  runId: 'r',
  cookieScope: 'vu',
  signal: new AbortController().signal,
})

function setUp(ratePerSecond: number, offsetMs: number = 0) {
  const clock = new FakeClock()
  const metrics = new RunMetrics()
  const throttle = new Throttle(metrics, clock)
  throttle.start(ratePerSecond, offsetMs)
  const started: { name: number; ms: number }[] = []
  const ask = (name: number, frame: Frame = createRootFrame(session)): HeldRequest | undefined => {
    const start = (): void => void started.push({ name, ms: clock.now() })
    if (throttle.takeTurn(frame)) {
      start()
      return undefined
    }
    const request = { frame, start }
    throttle.hold(request)
    return request
  }
  return { clock, metrics, throttle, started, ask }
}

/** What the throttle promises of any second, and of any time. */
function expectBounded(startsMs: readonly number[], rate: number): void {
  for (const [first, fromMs] of startsMs.entries()) {
    for (let last = first; last < startsMs.length; last++) {
      const count = last - first + 1
      const elapsedMs = (startsMs[last] ?? 0) - fromMs
      const most = (rate * (elapsedMs + 100)) / 1000 + 1 + 1e-6
      if (count > most || (elapsedMs < 1000 && count > rate * 1.01 + 1))
        expect.fail(`${count} requests started within ${elapsedMs} ms at ${rate}/s`)
    }
  }
}

describe('Throttle', () => {
  it('starts requests evenly spaced, in the order of their arrival, from an offset on', async () => {
    const { clock, metrics, started, ask } = setUp(50, 5)
    for (let name = 0; name < 4; name++) ask(name)
    await clock.drive(clock.sleep(100))
    expect(started).toEqual([5, 25, 45, 65].map((ms, name) => ({ name, ms })))
    expect(metrics.measured.counters).toMatchObject({ requestsHeld: 4, heldMs: 140 })
  })

  it('saves no turns up while nobody asks', async () => {
    const { clock, started, ask } = setUp(10)
    await clock.drive(clock.sleep(5000))
    for (let name = 0; name < 3; name++) ask(name)
    await clock.drive(clock.sleep(1000))
    expect(started.map(({ ms }) => ms)).toEqual([5000, 5100, 5200])
  })

  it('uses turns that a busy thread came to late, up to 100 ms', async () => {
    for (const [stallMs, used] of [
      [50, 51],
      [100, 101],
      [400, 101],
    ] as const) {
      const { clock, started, ask } = setUp(1000)
      for (let name = 0; name < 1000; name++) ask(name)
      await clock.drive(clock.sleep(200))
      const before = started.length
      clock.spend(stallMs)
      await clock.drive(clock.sleep(0))
      expect(started.length - before).toBeGreaterThan(used - 3)
      expect(started.length - before).toBeLessThanOrEqual(used)
    }
  })

  it('loses nothing by stalls up to 100 ms while somebody waits', async () => {
    const { clock, started, ask } = setUp(1000)
    for (let name = 0; name < 10_000; name++) ask(name)
    const work = async (): Promise<void> => {
      for (let second = 0; second < 8; second++) {
        await clock.sleep(700)
        clock.spend(100)
        await clock.sleep(200)
      }
    }
    await clock.drive(work())
    expect(clock.now()).toBeCloseTo(8000)
    // Less what is late at present.
    expect(started.length).toBeGreaterThan(8000 - 110)
    expect(started.length).toBeLessThanOrEqual(8001)
  })

  it('makes up for no turn that nobody waited for, also after a stall', async () => {
    const { clock, started, ask } = setUp(100)
    for (let name = 0; name < 5; name++) ask(name)
    await clock.drive(clock.sleep(45))
    clock.spend(90)
    for (let name = 5; name < 10; name++) ask(name)
    await clock.drive(clock.sleep(100))
    expect(started.map(({ ms }) => ms).slice(5)).toEqual([135, 145, 155, 165, 175])
  })

  it('never lets more than the rate through in any second, whatever comes and however late the thread is', async () => {
    const event = fc.record({
      gapMs: fc.integer({ min: 0, max: 150 }),
      stallMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })),
      requests: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 60 })),
    })
    const events = fc.array(event, { minLength: 1, maxLength: 60 })
    const rates = fc.oneof(
      fc.integer({ min: 1, max: 400 }),
      fc.double({ min: 0.5, max: 20, noNaN: true, noDefaultInfinity: true }),
    )
    await fc.assert(
      fc.asyncProperty(rates, events, async (rate, all) => {
        const { clock, started, ask } = setUp(rate)
        const work = async (): Promise<void> => {
          for (const { gapMs, stallMs, requests } of all) {
            await clock.sleep(gapMs)
            for (let name = 0; name < requests; name++) ask(name)
            clock.spend(stallMs)
          }
          await clock.sleep(2000)
        }
        await clock.drive(work())
        expectBounded(
          started.map(({ ms }) => ms),
          rate,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('wastes no turn while somebody waits', async () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), arrivals, async (rate, gaps) => {
        const { clock, started, ask } = setUp(rate)
        const due: number[] = []
        const work = async (): Promise<void> => {
          for (const [name, gap] of gaps.entries()) {
            await clock.sleep(gap)
            due.push(Math.max(clock.now(), (due.at(-1) ?? Number.NEGATIVE_INFINITY) + 1000 / rate))
            ask(name)
          }
          await clock.sleep((gaps.length / rate) * 1000 + 1)
        }
        await clock.drive(work())
        expect(started.map(({ name }) => name)).toEqual(gaps.map((_, name) => name))
        for (const [name, { ms }] of started.entries()) expect(ms).toBeCloseTo(due[name] ?? 0, 3)
        expectBounded(
          started.map(({ ms }) => ms),
          rate,
        )
      }),
      { numRuns: 30 },
    )
  })

  it('forgets who was cut, goes on with the others, and leaves no timer', async () => {
    const { clock, metrics, throttle, started, ask } = setUp(1)
    ask(0)
    const [first, second, third] = [ask(1), ask(2), ask(3)]
    if (first === undefined || second === undefined || third === undefined) throw new Error('not held')
    throttle.forget(first)
    await clock.drive(clock.sleep(1500))
    expect(started.map(({ name }) => name)).toEqual([0, 2])
    throttle.forget(third)
    throttle.forget(third)
    const atMs = clock.now()
    await clock.drive(clock.sleep(0))
    await expect(clock.drive(new Promise(() => {}))).rejects.toThrow('Nothing is left to happen')
    expect(clock.now()).toBe(atMs)
    expect(first.frame.scope.held + third.frame.scope.held).toBe(0)
    expect(metrics.measured.counters).toMatchObject({ requestsHeld: 3, heldMs: 2500 })
  })

  it('lets hooks through, and counts what waits in the warm-up there', async () => {
    const { clock, metrics, started, ask } = setUp(1)
    ask(0)
    ask(1, createRootFrame(session, createScope(true)))
    expect(started).toHaveLength(2)
    const warmup = createRootFrame(session, createScope(false, true))
    ask(2, warmup)
    expect([warmup.scope.held, warmup.thinking]).toEqual([1, 1])
    await clock.drive(clock.sleep(1000))
    expect([warmup.scope.held, warmup.thinking]).toEqual([0, 0])
    expect(metrics.measured.counters.requestsHeld).toBe(0)
    expect(metrics.warmup.counters).toMatchObject({ requestsHeld: 1, heldMs: 1000 })
  })

  it('lets everything through before the load starts', () => {
    const metrics = new RunMetrics()
    const throttle = new Throttle(metrics, new FakeClock())
    const frame = createRootFrame(session)
    expect([throttle.takeTurn(frame), throttle.takeTurn(frame)]).toEqual([true, true])
  })
})
