import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mixSeed, SeededRandom } from './random.ts'

describe('mixSeed', () => {
  it('gives the same seed for the same parts, on any machine', () => {
    expect([mixSeed(), mixSeed(1), mixSeed(1, 'shopping flow'), mixSeed(2 ** 32 - 1, 'ü', 0)]).toMatchInlineSnapshot(`
      [
        2872998923,
        1303382056,
        2215997890,
        2814260467,
      ]
    `)
  })

  it('gives another seed for another part, order or split', () => {
    const seeds = [
      mixSeed(1, 2),
      mixSeed(2, 1),
      mixSeed(12),
      mixSeed(1, 2, 0),
      mixSeed('1', '2'),
      mixSeed('12'),
      mixSeed(1, 65_538),
    ]
    expect(new Set(seeds).size).toBe(seeds.length)
  })

  it('is a 32-bit integer', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat({ max: 2 ** 32 - 1 }), fc.string())), (parts) => {
        const seed = mixSeed(...parts)
        expect(seed).toBe(seed >>> 0)
      }),
    )
  })

  it('seldom gives two virtual users or iterations the same seed', () => {
    const seeds = new Set<number>()
    for (let vu = 1; vu <= 100; vu++)
      for (let iteration = 0; iteration < 100; iteration++) seeds.add(mixSeed(42, vu, iteration))
    expect(seeds.size).toBeGreaterThanOrEqual(9998)
  })
})

describe('SeededRandom', () => {
  const sequence = (random: SeededRandom): number[] => Array.from({ length: 5 }, () => random.next())

  it('repeats its sequence for the same seed', () => {
    const random = new SeededRandom(7)
    const first = sequence(random)
    random.reseed(7)
    expect(sequence(random)).toEqual(first)
    expect(sequence(new SeededRandom(8))).not.toEqual(first)
  })

  it('stays within 0 and 1 and spreads evenly', () => {
    const random = new SeededRandom(1)
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let index = 0; index < 10_000; index++) {
      const value = random.next()
      expect(value >= 0 && value < 1).toBe(true)
      const tenth = Math.floor(value * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    // 30 is one standard deviation.
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it('spreads the first numbers of neighbouring iterations evenly', () => {
    const firsts = Array.from({ length: 2000 }, (_, iteration) => new SeededRandom(mixSeed(1, 1, iteration)).next())
    const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length
    expect(mean).toBeCloseTo(0.5, 1)
    expect(firsts.filter((value) => value < 0.25).length / firsts.length).toBeCloseTo(0.25, 1)
  })
})
