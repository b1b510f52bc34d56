import { describe, expect, it } from 'vitest'
import { parseLatency } from './latency.ts'
import { createRandom } from './random.ts'

/** Many draws, the smallest first. */
function draws(text: string): number[] {
  const [latency, random] = [parseLatency(text), createRandom(1)]
  return Array.from({ length: 10_000 }, () => latency?.(random) ?? NaN).toSorted((a, b) => a - b)
}

describe('parseLatency', () => {
  it('draws lognormal latencies around their median', () => {
    const sorted = draws('lognormal(50, 0.5)')
    expect(sorted[5_000]).toBeCloseTo(50, -1)
    // One standard deviation up, the 84th percentile, is a factor of e^0.5.
    expect(sorted[8_413]).toBeCloseTo(50 * Math.exp(0.5), -1)
  })

  it('draws the median itself without deviation', () => {
    expect(draws('lognormal(50,0)').every((latencyMs) => latencyMs === 50)).toBe(true)
  })

  it('draws uniform latencies between two', () => {
    const sorted = draws('uniform(10,20)')
    expect(sorted[0]).toBeGreaterThanOrEqual(10)
    expect(sorted.at(-1)).toBeLessThan(20)
    expect(sorted[5_000]).toBeCloseTo(15, 0)
  })

  it('draws exponential latencies with their mean', () => {
    const sorted = draws('exponential(30)')
    expect(sorted.reduce((sum, latencyMs) => sum + latencyMs, 0) / sorted.length).toBeCloseTo(30, -1)
    expect(sorted[0]).toBeGreaterThanOrEqual(0)
  })

  it.for([
    '',
    '50',
    'lognormal',
    'lognormal()',
    'lognormal(50)',
    'lognormal(50,)',
    'lognormal(50,0.5,1)',
    'lognormal(50,-1)',
    'lognormal(10001,1)',
    'lognormal(x,1)',
    'normal(50,5)',
    'constructor(1)',
    'uniform(1,Infinity)',
  ])('refuses "%s"', (text) => {
    expect(parseLatency(text)).toBeUndefined()
  })
})
