import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrivalsWithin } from '../shared/rate-profile.ts'
import { resolve } from './fixtures/written-load.ts'
import { isOpen, type ResolvedLoad } from './resolved-load.ts'
import { splitLoad } from './split-load.ts'

const named = (weights: readonly number[]) => weights.map((weight, index) => ({ name: `s${index}`, weight }))

function split(options: object, weights: readonly number[], isBounded: boolean = false): ResolvedLoad[] {
  const problems: string[] = []
  const parts = splitLoad(resolve(options), named(weights), { isBounded, isAsWritten: true }, problems)
  expect(problems).toEqual([])
  return parts
}

function problemsOf(options: object, weights: readonly number[], isBounded: boolean = false): string[] {
  const problems: string[] = []
  splitLoad(resolve(options), named(weights), { isBounded, isAsWritten: true }, problems)
  return problems
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

describe('splitLoad', () => {
  it('divides virtual users and iterations', () => {
    expect(split({ vus: 10, duration: '1m' }, [70, 20, 10]).map(({ vus }) => vus)).toEqual([7, 2, 1])
    expect(split({ vus: 3, iterations: 100 }, [2, 1])).toMatchObject([
      { vus: 2, iterations: 67 },
      { vus: 1, iterations: 33 },
    ])
    expect(split({ vus: 3, iterationsPerVU: 5 }, [2, 1])).toMatchObject([
      { vus: 2, iterations: 5 },
      { vus: 1, iterations: 5 },
    ])
  })

  it('divides rates as they are, and gives each part the virtual users of its own rate', () => {
    expect(split({ rate: 100, duration: '1m' }, [90, 9, 1])).toMatchObject([
      { vus: 900, stages: [{ fromPerSecond: 90, toPerSecond: 90 }] },
      { vus: 100, stages: [{ fromPerSecond: 9, toPerSecond: 9 }] },
      { vus: 100, stages: [{ fromPerSecond: 1, toPerSecond: 1 }] },
    ])
  })

  it('divides maxVUs where they are given', () => {
    expect(split({ rate: 100, duration: '1m', maxVUs: 50 }, [7, 3], true)).toMatchObject([
      { vus: 35, preAllocatedVUs: 35 },
      { vus: 15, preAllocatedVUs: 15 },
    ])
  })

  it('divides a bound on requests, and leaves what is of each user or of the time', () => {
    const refined = {
      vus: 9,
      duration: '1m',
      throttle: 30,
      warmup: '5s',
      pacing: '1s',
      startTime: '2s',
      startAfter: 'x',
    }
    expect(split(refined, [2, 1])).toMatchObject([
      { vus: 6, throttlePerSecond: 20, warmupMs: 5000, startTimeMs: 2000, startAfter: 'x' },
      { vus: 3, throttlePerSecond: 10, warmupMs: 5000, startTimeMs: 2000, startAfter: 'x' },
    ])
  })

  it('divides the targets of a ramp', () => {
    const stages = [
      { duration: '1m', vus: 11 },
      { duration: '1m', vus: 0 },
    ]
    expect(split({ startVUs: 3, stages }, [2, 1])).toMatchObject([
      { vus: 7, startVUs: 2, stages: [{ target: 7 }, { target: 0 }] },
      { vus: 4, startVUs: 1, stages: [{ target: 4 }, { target: 0 }] },
    ])
  })

  it('tells what is missing where a part would get nobody', () => {
    expect(problemsOf({ vus: 10, duration: '1m' }, [98, 1, 1])).toEqual([
      "scenario 's1': gets none of 10 VUs with its weight of 1. Raise 'vus' to at least 51, or its weight",
      "scenario 's2': gets none of 10 VUs with its weight of 1. Raise 'vus' to at least 51, or its weight",
    ])
    expect(problemsOf({ vus: 51, duration: '1m' }, [98, 1, 1])).toEqual([])
    expect(problemsOf({ rate: 5, duration: '1m', maxVUs: 1 }, [1, 1], true)).toEqual([
      "scenario 's1': gets none of 1 VU with its weight of 1. Raise 'maxVUs' to at least 2, or its weight",
    ])
    expect(problemsOf({ stages: [{ duration: '1m', vus: 1 }] }, [1, 1])).toEqual([
      "scenario 's1': gets none of 1 VU with its weight of 1. Raise 'vus of a stage' to at least 2, or its weight",
    ])
  })

  it('leaves nobody out of a load that something has made smaller', () => {
    const splitSmall = (options: object, weights: readonly number[], isBounded: boolean = false): ResolvedLoad[] => {
      const problems: string[] = []
      const parts = splitLoad(resolve(options), named(weights), { isBounded, isAsWritten: false }, problems)
      expect(problems).toEqual([])
      return parts
    }
    expect(splitSmall({ vus: 1, iterations: 1 }, [7, 2, 1])).toMatchObject([
      { vus: 1, iterations: 1 },
      { vus: 1, iterations: 1 },
      { vus: 1, iterations: 1 },
    ])
    expect(splitSmall({ vus: 1, iterations: 10 }, [1, 1])).toMatchObject([
      { vus: 1, iterations: 5 },
      { vus: 1, iterations: 5 },
    ])
    expect(splitSmall({ vus: 5, duration: '1s' }, [90, 5, 5]).map(({ vus }) => vus)).toEqual([5, 1, 1])
    const stages = [
      { duration: '1s', vus: 2 },
      { duration: '1s', vus: 0 },
    ]
    expect(splitSmall({ startVUs: 0, stages }, [9, 1])).toMatchObject([
      { vus: 2, startVUs: 0, stages: [{ target: 2 }, { target: 0 }] },
      { vus: 1, startVUs: 0, stages: [{ target: 1 }, { target: 0 }] },
    ])
    expect(splitSmall({ rate: 5, duration: '1s', maxVUs: 2 }, [9, 1], true).map(({ vus }) => vus)).toEqual([2, 1])
  })
})

describe('all parts together', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 })
  const stage = fc.record({ duration: fc.constantFrom(0, 500, 1000), vus: fc.nat(2000) })

  it('are a closed load', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 600, max: 5000 }), fc.nat(100_000), (by, vus, more) => {
        const parts = split({ vus, iterations: vus + more }, by)
        expect(sum(parts.map((part) => part.vus))).toBe(vus)
        expect(sum(parts.map((part) => ('iterations' in part ? part.iterations : 0)))).toBe(vus + more)
        // Each can be run by itself: nobody has nothing to do.
        expect(parts.every((part) => 'iterations' in part && part.iterations >= part.vus)).toBe(true)
      }),
    )
  })

  it('are a ramp, target by target, with as many users as it takes', () => {
    fc.assert(
      fc.property(weights, fc.array(stage, { maxLength: 5 }), (by, stages) => {
        const options = { startVUs: 601, stages: [{ duration: 1000, vus: 700 }, ...stages] }
        const whole = resolve(options)
        const parts = split(options, by)
        expect(sum(parts.map((part) => part.vus))).toBe(whole.vus)
        for (const [index, target] of options.stages.entries()) {
          const targets = parts.map((part) => (part.executor === 'ramping-vus' ? part.stages[index]?.target : 0) ?? 0)
          expect(sum(targets)).toBe(target.vus)
        }
        for (const part of parts) {
          if (part.executor !== 'ramping-vus') expect.fail('another executor')
          const lasting = part.stages.flatMap(({ durationMs, target }, index) =>
            durationMs > 0 ? [target, part.stages[index - 1]?.target ?? part.startVUs] : [],
          )
          expect(part.vus).toBe(Math.max(part.startVUs, ...lasting))
        }
      }),
    )
  })

  it('are a rate: each has its part of the arrivals', () => {
    const profile = fc.array(fc.record({ duration: fc.integer({ min: 1, max: 5000 }), rate: fc.nat(500) }), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(weights, profile, (by, stages) => {
        const options = { startRate: 5, stages }
        const whole = resolve(options)
        if (!isOpen(whole)) expect.fail('no rate')
        const planned = split(options, by).map((part) => (isOpen(part) ? arrivalsWithin(part.stages) : 0))
        for (const [index, count] of planned.entries()) {
          const expected = (arrivalsWithin(whole.stages) * (by[index] ?? 0)) / sum(by)
          expect(Math.abs(count - expected)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
