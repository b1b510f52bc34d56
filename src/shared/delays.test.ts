import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawDelay, type Delay } from './delays.ts'
import { SeededRandom } from './random.ts'

const samples = 40_000

function draw(delay: Delay, seed: number, count: number = samples): number[] {
  const random = new SeededRandom(seed)
  return Array.from({ length: count }, () => drawDelay(delay, () => random.next()))
}

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) }
}

const ms = fc.double({ min: 1, max: 100_000, noNaN: true })
const seeds = fc.nat()
const delays: fc.Arbitrary<Delay> = fc.oneof(
  fc.record({ distribution: fc.constant('uniform'), minMs: fc.constant(0), maxMs: ms }),
  fc.record({
    distribution: fc.constantFrom('normal', 'log-normal'),
    meanMs: ms,
    deviationMs: ms,
    maxMs: fc.option(ms, { nil: undefined }),
  }),
  fc.record({ distribution: fc.constant('exponential'), meanMs: ms, maxMs: fc.option(ms, { nil: undefined }) }),
)
const fewRuns = { numRuns: 10 }

describe('drawDelay', () => {
  it('gives the same delays for the same seed, never one below 0 or over the maximum', () => {
    fc.assert(
      fc.property(delays, seeds, (delay, seed) => {
        const drawn = draw(delay, seed, 100)
        expect(draw(delay, seed, 100)).toEqual(drawn)
        for (const value of drawn) expect(value >= 0 && value <= (delay.maxMs ?? Number.MAX_VALUE)).toBe(true)
      }),
    )
  })

  it.for(['normal', 'log-normal'] as const)('has the mean and the deviation that a %s one asks for', (distribution) => {
    fc.assert(
      // Of a normal one a quarter of the mean, so that nothing of it lies below 0.
      fc.property(ms, fc.double({ min: 0, max: 0.25, noNaN: true }), seeds, (meanMs, ratio, seed) => {
        const { mean, deviation } = momentsOf(draw({ distribution, meanMs, deviationMs: ratio * meanMs }, seed))
        expect(Math.abs(mean / meanMs - 1)).toBeLessThan(0.01)
        expect(Math.abs(deviation / meanMs - ratio)).toBeLessThan(0.01)
      }),
      fewRuns,
    )
  })

  it('has the mean of an exponential one as its deviation', () => {
    fc.assert(
      fc.property(ms, seeds, (meanMs, seed) => {
        const { mean, deviation } = momentsOf(draw({ distribution: 'exponential', meanMs }, seed))
        expect(Math.abs(mean / meanMs - 1)).toBeLessThan(0.03)
        expect(Math.abs(deviation / meanMs - 1)).toBeLessThan(0.05)
      }),
      fewRuns,
    )
  })

  it('spreads a uniform one evenly', () => {
    const { mean, deviation } = momentsOf(draw({ distribution: 'uniform', minMs: 1000, maxMs: 3000 }, 5))
    expect(mean).toBeCloseTo(2000, -2)
    expect(deviation).toBeCloseTo(2000 / Math.sqrt(12), -2)
  })

  it('raises the mean by what it does not let fall below 0, as documented', () => {
    const { mean } = momentsOf(draw({ distribution: 'normal', meanMs: 1000, deviationMs: 1000 }, 7))
    expect(mean / 1000).toBeCloseTo(1.083, 1)
  })

  it('lowers the mean by what it does not let exceed the maximum, as documented', () => {
    const { mean } = momentsOf(draw({ distribution: 'exponential', meanMs: 1000, maxMs: 2000 }, 7))
    expect(mean / 1000).toBeCloseTo(1 - Math.exp(-2), 1)
  })
})
