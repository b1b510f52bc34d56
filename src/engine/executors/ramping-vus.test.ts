import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Session } from '../../session/session.ts'
import { FakeClock } from '../fixtures/fake-clock.ts'
import { runLocally } from '../fixtures/run-locally.ts'
import { activeTimes } from './ramp.ts'

interface Ramp {
  readonly startVUs: number
  readonly stages: readonly { readonly durationMs: number; readonly target: number }[]
}

/** How many users are active at a time. */
function activeAt(ramp: Ramp, atMs: number): number {
  const peak = Math.max(ramp.startVUs, ...ramp.stages.map(({ target }) => target))
  return Array.from({ length: peak }, (_, position) =>
    activeTimes(ramp, position).some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs),
  ).filter(Boolean).length
}

/** The line from target to target. */
function lineAt({ startVUs, stages }: Ramp, atMs: number): number {
  let startMs = 0
  let level = startVUs
  for (const { durationMs, target } of stages) {
    if (atMs < startMs + durationMs) return level + ((target - level) * (atMs - startMs)) / durationMs
    startMs += durationMs
    level = target
  }
  return level
}

describe('activeTimes', () => {
  const stage = fc.record({ durationMs: fc.constantFrom(0, 100, 1000, 1700), target: fc.integer({ min: 0, max: 12 }) })
  const ramps = fc.record({
    startVUs: fc.integer({ min: 0, max: 6 }),
    stages: fc.array(stage, { minLength: 1, maxLength: 5 }),
  })

  it('follow the line within one user, exactly where it is level', () => {
    fc.assert(
      fc.property(ramps, fc.double({ min: 0, max: 1, noNaN: true }), (ramp, share) => {
        const endMs = ramp.stages.reduce((sum, { durationMs }) => sum + durationMs, 0)
        const atMs = share * endMs * 0.999
        if (endMs === 0) return
        expect(Math.abs(activeAt(ramp, atMs) - lineAt(ramp, atMs))).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  it('do not overlap, and end with the last stage', () => {
    fc.assert(
      fc.property(ramps, fc.nat({ max: 12 }), (ramp, position) => {
        const endMs = ramp.stages.reduce((sum, { durationMs }) => sum + durationMs, 0)
        let lastMs = 0
        for (const { fromMs, toMs } of activeTimes(ramp, position)) {
          expect(fromMs).toBeGreaterThanOrEqual(lastMs)
          expect(toMs).toBeGreaterThan(fromMs)
          lastMs = toMs
        }
        expect(lastMs).toBeLessThanOrEqual(endMs + 1e-9)
      }),
    )
  })

  it('bring users where the line reaches their number, as in k6', () => {
    const ramp = {
      startVUs: 1,
      stages: [
        { durationMs: 4000, target: 5 },
        { durationMs: 1000, target: 5 },
        { durationMs: 5000, target: 0 },
      ],
    }
    expect([0, 1, 4].map((position) => activeTimes(ramp, position))).toEqual([
      [{ fromMs: 0, toMs: 10_000 }],
      [{ fromMs: 1000, toMs: 9000 }],
      [{ fromMs: 4000, toMs: 6000 }],
    ])
  })

  it('jump in a stage without duration', () => {
    const ramp = {
      startVUs: 0,
      stages: [
        { durationMs: 0, target: 2 },
        { durationMs: 100, target: 2 },
        { durationMs: 0, target: 1 },
        { durationMs: 100, target: 1 },
      ],
    }
    expect([activeTimes(ramp, 0), activeTimes(ramp, 1), activeTimes(ramp, 2)]).toEqual([
      [{ fromMs: 0, toMs: 200 }],
      [{ fromMs: 0, toMs: 100 }],
      [],
    ])
  })
})

describe('ramping-vus', () => {
  const upAndDown = [
    { duration: '1s', vus: 4 },
    { duration: '1s', vus: 1 },
    { duration: '1s', vus: 4 },
    { duration: '1s', vus: 4 },
  ]

  it.for([1, 2, 3])('runs as many users as the line says on %d threads', async (count) => {
    const spans: [number, number][] = []
    for (let index = 0; index < count; index++) {
      const clock = new FakeClock()
      await runLocally({
        load: {
          startVUs: 0,
          stages: [
            { duration: '1s', vus: 4 },
            { duration: '1s', vus: 4 },
            { duration: '2s', vus: 0 },
          ],
        },
        clock,
        segment: { index, count },
        body: async () => {
          const from = clock.now()
          await clock.sleep(10)
          spans.push([from, clock.now()])
        },
      })
    }
    const running = (atMs: number): number => spans.filter(([from, to]) => from <= atMs && atMs < to).length
    expect([100, 600, 1500, 2600, 3400].map(running)).toEqual([0, 2, 4, 3, 2])
  })

  it('lets iterations end after the ramp-down, and cuts them when its grace is over; a new user comes later', async () => {
    const clock = new FakeClock()
    const sessions = new Map<number, Set<Session>>()
    const setUps: number[] = []
    const { totals, report } = await runLocally({
      load: { startVUs: 4, stages: upAndDown, gracefulRampDown: 100, gracefulStop: 0 },
      clock,
      setup: async ({ vuId }) => void setUps.push(vuId),
      body: async (session) => {
        sessions.set(session.vuId, (sessions.get(session.vuId) ?? new Set()).add(session))
        await clock.sleep(session.vuId === 4 ? 1300 : 50, session.signal)
        if (session.signal.aborted) throw new Error('cut')
      },
    })
    // User 4 goes at 1.33 s, is cut 100 ms later, and comes again as another one.
    expect(sessions.get(4)?.size).toBe(2)
    expect(sessions.get(3)?.size).toBe(1)
    expect(setUps).toEqual([1, 2, 3, 4, 4])
    expect(totals.counters.iterationsAborted).toBeGreaterThan(0)
    expect(totals.counters.iterationsFailed).toBe(0)
    expect(report.abandoned).toBe(0)
  })

  it('gives up a user that does not settle after its cut, without holding up the others', async () => {
    const clock = new FakeClock()
    const { totals, report, endedAtMs } = await runLocally({
      load: {
        startVUs: 2,
        stages: [
          { duration: '1s', vus: 1 },
          { duration: '3s', vus: 1 },
        ],
        gracefulRampDown: 100,
      },
      clock,
      body: ({ vuId }) => (vuId === 2 ? new Promise(() => {}) : clock.sleep(100)),
    })
    expect(report.abandoned).toBe(1)
    expect(totals.counters).toMatchObject({ iterationsOk: 40, iterationsAborted: 1 })
    expect(endedAtMs).toBe(4000)
  })

  it('leaves a user alone that is needed again before its grace is over, as in k6', async () => {
    const clock = new FakeClock()
    const ends: number[] = []
    const { totals } = await runLocally({
      load: {
        startVUs: 2,
        stages: [
          { duration: '1s', vus: 2 },
          { duration: 0, vus: 1 },
          { duration: '1s', vus: 1 },
          { duration: 0, vus: 2 },
          { duration: '6s', vus: 2 },
        ],
        gracefulRampDown: '3s',
      },
      clock,
      body: async ({ vuId, signal }) => {
        await clock.sleep(vuId === 2 ? 5000 : 500, signal)
        if (vuId === 2) ends.push(clock.now())
      },
    })
    expect(ends).toEqual([5000, 10_000])
    expect(totals.counters.iterationsAborted).toBe(0)
  })

  it('tears a dismissed user down before a new one is set up, which gets ids of its own', async () => {
    const clock = new FakeClock()
    const log: string[] = []
    const ids: string[] = []
    await runLocally({
      load: {
        startVUs: 1,
        stages: [
          { duration: '1s', vus: 1 },
          { duration: 0, vus: 0 },
          { duration: '1s', vus: 0 },
          { duration: 0, vus: 1 },
          { duration: '1s', vus: 1 },
        ],
        gracefulRampDown: 100,
        gracefulStop: 0,
      },
      clock,
      setup: async () => void log.push('set up'),
      teardown: async () => void log.push('torn down'),
      body: async (session) => {
        ids.push(session.uniqueId())
        await clock.sleep(10_000, session.signal)
      },
    })
    expect(log).toEqual(['set up', 'torn down', 'set up', 'torn down'])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(2)
  })
})
