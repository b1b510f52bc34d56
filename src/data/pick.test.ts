import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mixSeed } from '../shared/random.ts'
import type { RowKey } from './feeder.ts'
import type { PickOptions } from './pick.ts'
import { rows } from './rows.ts'

const never = new AbortController().signal

function keyOf(vuId: number, iteration: number, vus: number, runSeed: number = 1): RowKey {
  return { vuId, iteration, globalIteration: undefined, seed: mixSeed(runSeed, vuId, iteration), runSeed, vus }
}

function numbersTo(length: number): number[] {
  return Array.from({ length }, (_, index) => index)
}

describe('per virtual user', () => {
  it('gives a row for all iterations, another to each user', () => {
    for (const pick of ['sequential', 'shuffle', 'random'] as const) {
      const feeder = rows(numbersTo(1000), { pick, per: 'vu' })
      const picked = [1, 2, 3].map((vuId) => [0, 1, 7].map((iteration) => feeder.rowIndex(keyOf(vuId, iteration, 3))))
      expect(picked.map((own) => new Set(own).size)).toEqual([1, 1, 1])
      expect(new Set(picked.map(([first]) => first)).size).toBe(3)
    }
  })

  it('runs out by users', () => {
    const feeder = rows(['a', 'b'], { pick: 'unique', per: 'vu' })
    expect(feeder).toMatchObject({ uniqueRows: 2, uniquePer: 'vu' })
    expect(() => feeder.rowIndex(keyOf(3, 0, 3))).toThrow('has 2 rows, and more virtual users than that want one')
  })
})

describe('at the end', () => {
  it('begins again, stops or fails', () => {
    const [second, third] = [keyOf(1, 1, 1), keyOf(1, 2, 1)]
    const pick = (options: PickOptions) => rows(['a', 'b'], options)
    expect(pick({ pick: 'circular' }).rowIndex(third)).toBe(0)
    expect(pick({ pick: 'unique', onEnd: 'recycle' }).rowIndex(third)).toBe(0)
    expect(pick({ onEnd: 'stop' }).provide?.(second, never)).toBe(true)
    expect(pick({ onEnd: 'stop' }).provide?.(third, never)).toBe(false)
    expect(() => pick({ pick: 'shuffle', onEnd: 'fail' }).rowIndex(third)).toThrow("with pick 'shuffle' has 2 rows")
    expect(pick({})).not.toHaveProperty('provide')
    expect(pick({ onEnd: 'stop' })).not.toHaveProperty('uniqueRows')
  })

  it('has given each row once, in any order of asking, over any threads', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('sequential', 'unique', 'shuffle'),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (pick, length, threads, vus, runSeed) => {
          const given: number[] = []
          for (let thread = threads - 1; thread >= 0; thread--) {
            const feeder = rows(numbersTo(length), { pick, onEnd: 'stop' })
            for (let vuId = thread + 1; vuId <= vus; vuId += threads)
              for (let iteration = 0; feeder.provide?.(keyOf(vuId, iteration, vus), never) === true; iteration++)
                given.push(feeder.rowIndex(keyOf(vuId, iteration, vus, runSeed)))
          }
          expect(given.toSorted((left, right) => left - right)).toEqual(numbersTo(length))
        },
      ),
    )
  })
})
