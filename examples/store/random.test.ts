import { expect, it } from 'vitest'
import { createRandom } from './random.ts'

const draw = (random: { next(): number }): number[] => Array.from({ length: 1_000 }, () => random.next())

it('repeats its numbers after a reset, and for the same seed', () => {
  const random = createRandom(7)
  const numbers = draw(random)
  random.reset()
  expect(draw(random)).toEqual(numbers)
  expect(draw(createRandom(7))).toEqual(numbers)
  expect(draw(createRandom(8))).not.toEqual(numbers)
})

it('spreads evenly from 0 up to 1', () => {
  const counts = Array.from({ length: 10 }, () => 0)
  const random = createRandom(1)
  for (let drawn = 0; drawn < 10_000; drawn += 1) {
    const tenth = Math.floor(random.next() * 10)
    counts[tenth] = (counts[tenth] ?? 0) + 1
  }
  expect(counts).toHaveLength(10)
  expect(counts.every((count) => Math.abs(count - 1_000) < 120)).toBe(true)
})
