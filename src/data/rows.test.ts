import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mixSeed } from '../shared/random.ts'
import type { Feeder, RowKey } from './feeder.ts'
import type { RowPick } from './pick.ts'
import { rows } from './rows.ts'

const letters = ['a', 'b', 'c', 'd', 'e']

/** The key of an iteration in a closed model of `vus` virtual users. */
function keyOf(vuId: number, iteration: number, vus: number, runSeed: number = 1): RowKey {
  return { vuId, iteration, globalIteration: undefined, seed: mixSeed(runSeed, vuId, iteration), runSeed, vus }
}

/** The key of an iteration that the executor numbers. */
function numberedKey(globalIteration: number, runSeed: number = 1): RowKey {
  return { vuId: 1, iteration: 0, globalIteration, seed: mixSeed(runSeed, globalIteration), runSeed, vus: 3 }
}

function pickNumbered(feeder: Feeder<unknown>, count: number, runSeed: number = 1): number[] {
  return Array.from({ length: count }, (_, index) => feeder.rowIndex(numberedKey(index, runSeed)))
}

describe('rows', () => {
  it('goes through the rows and starts again at the end', () => {
    const feeder = rows(letters)
    const picked = pickNumbered(feeder, 7).map((index) => feeder.row(index, numberedKey(0)))
    expect(picked).toEqual(['a', 'b', 'c', 'd', 'e', 'a', 'b'])
  })

  it('gives each virtual user its own rows where iterations have no number', () => {
    const feeder = rows(letters)
    const picked = [0, 1, 2].map((iteration) => [1, 2].map((vuId) => feeder.rowIndex(keyOf(vuId, iteration, 2))))
    expect(picked).toEqual([
      [0, 1],
      [2, 3],
      [4, 0],
    ])
  })

  it('gives any row when they are random', () => {
    const picked = pickNumbered(rows(letters, { pick: 'random' }), 1000)
    for (let index = 0; index < letters.length; index++) {
      expect(Math.abs(picked.filter((candidate) => candidate === index).length - 200)).toBeLessThan(60)
    }
  })

  it('gives the same rows for the same seed and others for another', () => {
    for (const pick of ['random', 'shuffle'] as const) {
      const items = Array.from({ length: 100 }, (_, index) => index)
      const first = pickNumbered(rows(items, { pick }), 100, 1)
      expect(pickNumbered(rows(items, { pick }), 100, 1)).toEqual(first)
      expect(pickNumbered(rows(items, { pick }), 100, 2)).not.toEqual(first)
    }
  })

  it('shuffles: every row once, then all of them again in the same order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (length, runSeed) => {
        const feeder = rows(
          Array.from({ length }, (_, index) => index),
          { pick: 'shuffle' },
        )
        const picked = pickNumbered(feeder, 2 * length, runSeed)
        expect(new Set(picked.slice(0, length)).size).toBe(length)
        expect(Math.max(...picked)).toBe(length - 1)
        expect(picked.slice(length)).toEqual(picked.slice(0, length))
      }),
    )
  })

  it('shuffles into many orders', () => {
    const orders = Array.from({ length: 500 }, (_, runSeed) =>
      pickNumbered(rows(letters, { pick: 'shuffle' }), 5, runSeed).join(''),
    )
    expect(new Set(orders).size).toBeGreaterThan(90)
    expect(new Set(orders.map((order) => order[0])).size).toBe(5)
  })

  it('gives no row twice when they are unique, until they run out', () => {
    const feeder = rows(letters, { pick: 'unique' })
    expect(pickNumbered(feeder, 5)).toEqual([0, 1, 2, 3, 4])
    expect(() => feeder.rowIndex(numberedKey(5))).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: rows() with pick 'unique' has 5 rows, and more iterations than that want one. Add rows, run fewer iterations, or pick 'sequential'.]`,
    )
    expect(() => feeder.rowIndex(numberedKey(5))).toThrow(expect.objectContaining({ code: 'ERR_LOAD_DATA_EXHAUSTED' }))
  })

  it('says the same of every iteration that finds no row', () => {
    const feeder = rows(['a'], { pick: 'unique' })
    expect(() => feeder.rowIndex(numberedKey(1))).toThrow('has 1 row, and more iterations than that want one. Add rows')
    expect(() => feeder.rowIndex(numberedKey(9))).toThrow('has 1 row, and more iterations than that want one. Add rows')
  })

  it('tells how many rows there are when they are unique', () => {
    expect(rows(letters, { pick: 'unique' }).uniqueRows).toBe(5)
    expect(rows(letters)).not.toHaveProperty('uniqueRows')
  })

  it('gives an iteration the same row on any number of threads', () => {
    const picks: readonly RowPick[] = ['sequential', 'random', 'shuffle', 'unique']
    fc.assert(
      fc.property(
        fc.constantFrom(...picks),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        (pick, threads, vus, runSeed) => {
          const items = Array.from({ length: 64 }, (_, index) => index)
          const whole = rows(items, { pick })
          // A feeder of its own in every thread, asked in an order of its own.
          const perThread = Array.from({ length: threads }, () => rows(items, { pick }))
          for (let vuId = vus; vuId >= 1; vuId--) {
            for (let iteration = 0; iteration < 8; iteration++) {
              const key = keyOf(vuId, iteration, vus, runSeed)
              expect(perThread[(vuId - 1) % threads]?.rowIndex(key)).toBe(whole.rowIndex(key))
            }
          }
        },
      ),
    )
  })

  it.for([
    [[undefined], 'items: expected an array with at least one row; received undefined'],
    [[[]], 'items: expected an array with at least one row; received []'],
    [[new Set(['a'])], 'items: expected an array with at least one row; received an object (Set)'],
    [[Promise.resolve(letters)], 'items: expected an array with at least one row; received a promise: await it first'],
    [['abc'], 'items: expected an array with at least one row; received "abc"'],
    [[letters, 'random'], `options: expected an object such as { pick: 'random' }; received "random"`],
    [[letters, null], "options: expected an object such as { pick: 'random' }; received null"],
    [
      [letters, { pick: null }],
      "pick: expected one of 'sequential', 'random', 'shuffle', 'unique', 'circular'; received null",
    ],
    [
      [letters, { pick: 'Random' }],
      `pick: expected one of 'sequential', 'random', 'shuffle', 'unique', 'circular'; received "Random"`,
    ],
    [[letters, { picks: 'unique' }], "picks: unknown option; did you mean 'pick'?"],
    [[letters, { schema: {} }], 'schema: unknown option; known are pick, per, onEnd'],
  ] as const)('refuses %j', ([input, problem]) => {
    expect(() => rows(...(input as unknown as [string[]]))).toThrow(
      expect.objectContaining({ code: 'ERR_LOAD_OPTIONS', message: `rows(): 1 problem.\n  - ${problem}` }),
    )
  })

  it('lists all problems', () => {
    expect(() => rows([], { pick: 'any', pik: 1 } as never)).toThrow('rows(): 3 problems.')
  })
})
