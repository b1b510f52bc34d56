import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { resolveLoad } from '../../options/load-options.ts'
import type { LoadOptions } from '../../options/load-shapes.ts'
import { isOpen, type ResolvedLoad } from '../../options/resolved-load.ts'
import { splitLoad } from '../../options/split-load.ts'
import { spike } from '../../options/spike.ts'
import { stairs } from '../../options/stairs.ts'
import { RateProfile } from '../../shared/rate-profile.ts'
import { FakeClock } from '../fixtures/fake-clock.ts'
import { runLocally } from '../fixtures/run-locally.ts'
import { arrivalsOf, type Arrival } from './arrivals.ts'
import { activeTimes } from './ramp.ts'

// Whatever a load is written as – a function, a helper's stages, a part of a mix, later than the others – all segments
// together are what was planned.

const threads = fc.integer({ min: 1, max: 4 })
const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 })
const height = fc.integer({ min: 1, max: 30 })

const rates: fc.Arbitrary<LoadOptions> = fc.oneof(
  fc.record({ low: height, high: height }).map(({ low, high }) => ({
    rate: (ms: number) => low + high * Math.abs(Math.sin(ms / 700)),
    duration: '3s',
  })),
  fc.record({ from: height, more: height, steps: fc.integer({ min: 1, max: 5 }) }).map(({ from, more, steps }) => ({
    stages: stairs({ rate: { from, to: from + more, steps }, hold: 400, ramp: 100 }),
  })),
  fc.record({ base: height, more: height }).map(({ base, more }) => ({
    stages: spike({ rate: { base, peak: base + more }, at: 500, hold: 300, ramp: 50 }),
  })),
)

const users: fc.Arbitrary<LoadOptions> = fc.oneof(
  fc.record({ low: height, high: height }).map(({ low, high }) => ({
    vus: (ms: number) => low + high * Math.abs(Math.sin(ms / 700)),
    duration: '3s',
  })),
  fc.record({ from: height, more: height, steps: fc.integer({ min: 1, max: 5 }) }).map(({ from, more, steps }) => ({
    stages: stairs({ vus: { from, to: from + more, steps }, hold: 400 }),
  })),
)

function resolve(options: LoadOptions): ResolvedLoad {
  return resolveLoad(options, 'load', []) ?? expect.fail('it is wrong')
}

function partsOf(load: ResolvedLoad, by: readonly number[]): ResolvedLoad[] {
  return splitLoad(
    load,
    by.map((weight) => ({ name: `${weight}`, weight })),
    { isBounded: false, isAsWritten: true },
    [],
  )
}

it('starts each arrival at its planned time, on any number of threads', async () => {
  await fc.assert(
    fc.asyncProperty(rates, threads, fc.integer({ min: 0, max: 5000 }), async (options, count, startTime) => {
      const load = { ...options, startTime, timer: 'precise' } as LoadOptions
      const startsMs: number[] = []
      for (let index = 0; index < count; index++) {
        const clock = new FakeClock()
        await runLocally({ load, clock, segment: { index, count }, body: () => startsMs.push(clock.now() - startTime) })
      }
      const resolved = resolve(load)
      const profile = new RateProfile(isOpen(resolved) ? resolved.stages : [])
      const planned = Array.from({ length: profile.total }, (_, index) => profile.timeOf(index))
      expect(startsMs.length).toBe(planned.length)
      for (const [index, atMs] of startsMs.toSorted((left, right) => left - right).entries())
        expect(atMs).toBeCloseTo(planned[index] ?? Number.NaN, 6)
    }),
    { numRuns: 40 },
  )
})

it('divides arrivals between scenarios, each on any number of threads', () => {
  fc.assert(
    fc.property(rates, weights, threads, (options, by, count) => {
      for (const part of partsOf(resolve(options), by)) {
        if (!isOpen(part)) expect.fail('another executor')
        const profile = new RateProfile(part.stages)
        const all = Array.from({ length: count }, (_, index) => [
          ...listOf(arrivalsOf(part, { index, count }, 1)),
        ]).flat()
        const sorted = all.toSorted((left, right) => left.index - right.index)
        expect(sorted.map(({ index }) => index)).toEqual(Array.from({ length: profile.total }, (_, index) => index))
        for (const { index, atMs } of sorted) expect(atMs).toBe(profile.timeOf(index))
      }
    }),
    { numRuns: 50 },
  )
})

it('has as many users as the levels say, in all parts together', () => {
  fc.assert(
    fc.property(users, weights, fc.double({ min: 0, max: 1, noNaN: true }), (options, by, share) => {
      const whole = resolve(options)
      if (whole.executor !== 'ramping-vus') expect.fail('another executor')
      const lastsMs = whole.stages.reduce((sum, { durationMs }) => sum + durationMs, 0)
      const atMs = Math.min(share, 0.999) * lastsMs
      const parts = partsOf(whole, by)
      expect(parts.reduce((sum, part) => sum + activeAt(part, atMs), 0)).toBe(activeAt(whole, atMs))
    }),
    { numRuns: 50 },
  )
})

function activeAt(load: ResolvedLoad, atMs: number): number {
  if (load.executor !== 'ramping-vus') return expect.fail('another executor')
  return Array.from({ length: load.vus }, (_, position) =>
    activeTimes(load, position).some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs),
  ).filter(Boolean).length
}

function* listOf(arrivals: Iterator<Arrival, undefined>): Generator<Arrival> {
  for (let next = arrivals.next(); next.done !== true; next = arrivals.next()) yield next.value
}
