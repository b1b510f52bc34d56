import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LevelOutcome } from '../results/capacity-result.ts'
import { nextStep, type CapacityRange, type SearchStep, type TriedLevel } from './capacity-search.ts'

type Ended = Extract<SearchStep, { kind: 'ended' }>

const range: CapacityRange = { unit: 'rate', from: 50, to: 2000, step: undefined, precision: 0.05 }

/** Searches to the end, with a target that answers each try. */
function search(
  given: CapacityRange,
  answer: (level: number, tries: number) => LevelOutcome,
): Ended & { levels: number[] } {
  const tried: TriedLevel[] = []
  for (;;) {
    const step = nextStep(given, tried)
    if (step.kind === 'ended') return { ...step, levels: tried.map(({ level }) => level) }
    if (tried.length > 100) throw new Error('the search does not end')
    const tries = tried.filter(({ level }) => level === step.level).length
    tried.push({ level: step.level, outcome: answer(step.level, tries) })
  }
}

const upTo = (capacity: number) => (level: number) => (level <= capacity ? 'met' : 'broken')

describe('a capacity search', () => {
  it('doubles until a level breaks, halves the bracket, and tries the best level again', () => {
    expect(search(range, upTo(210))).toEqual({
      kind: 'ended',
      ended: 'found',
      highest: 207,
      broken: 213,
      confirmed: true,
      levels: [50, 100, 200, 400, 300, 250, 225, 213, 207, 207],
    })
  })

  it('adds a step where one is given', () => {
    const { levels } = search({ ...range, step: 100 }, upTo(310))
    expect(levels).toEqual([50, 150, 250, 350, 300, 325, 313, 300])
  })

  it('tries a first level that breaks once more', () => {
    expect(search(range, upTo(20))).toMatchObject({
      ended: 'below-from',
      highest: undefined,
      broken: 50,
      levels: [50, 50],
    })
    expect(search(range, (level, tries) => (level === 50 && tries === 0 ? 'broken' : upTo(210)(level)))).toMatchObject({
      ended: 'found',
      highest: 207,
    })
  })

  it('says no more than that the highest level was met', () => {
    expect(search({ ...range, to: 390 }, upTo(1000))).toMatchObject({
      ended: 'reached-to',
      highest: 390,
      broken: undefined,
      confirmed: true,
      levels: [50, 100, 200, 390, 390],
    })
  })

  it('ends where the generator three times does not deliver a level', () => {
    const limited = (level: number): LevelOutcome => (level >= 400 ? 'invalid' : 'met')
    expect(search(range, limited)).toMatchObject({
      ended: 'generator',
      highest: 200,
      broken: undefined,
      levels: [50, 100, 200, 400, 400, 400],
    })
    const hiccup = (level: number, tries: number): LevelOutcome =>
      level === 100 && tries === 0 ? 'invalid' : upTo(210)(level)
    expect(search(range, hiccup)).toMatchObject({ ended: 'found', highest: 207 })
    expect(search(range, () => 'invalid')).toMatchObject({
      ended: 'generator',
      highest: undefined,
      levels: [50, 50, 50],
    })
  })

  it('ends when it is interrupted, with what it knows', () => {
    expect(search(range, (level) => (level === 400 ? 'interrupted' : 'met'))).toMatchObject({
      ended: 'interrupted',
      highest: 200,
    })
  })

  it('goes lower when the best level breaks the second time', () => {
    const relapse = (level: number, tries: number): LevelOutcome =>
      level === 207 && tries === 1 ? 'broken' : upTo(210)(level)
    expect(search(range, relapse)).toMatchObject({ ended: 'found', highest: 200, broken: 207, confirmed: true })
  })

  it('finds any capacity within its precision, in a bounded number of rounds', () => {
    const ranges = fc
      .record({
        unit: fc.constantFrom('rate' as const, 'vus' as const),
        from: fc.integer({ min: 1, max: 1000 }),
        factor: fc.double({ min: 1.5, max: 1000, noNaN: true }),
        precision: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        step: fc.option(fc.integer({ min: 50, max: 500 }), { nil: undefined }),
      })
      .map(({ factor, ...rest }): CapacityRange => ({ ...rest, to: Math.ceil(rest.from * factor) }))
      .filter(({ from, to, step }) => to > from && (step === undefined || (to - from) / step <= 40))
    fc.assert(
      fc.property(ranges, fc.double({ min: 0, max: 1.2, noNaN: true }), (given, part) => {
        const capacity = given.to * part
        const found = search(given, upTo(capacity))
        expect(found.levels.length).toBeLessThan(70)
        if (capacity < given.from) {
          expect(found.ended).toBe('below-from')
          return
        }
        if (capacity >= given.to) {
          expect(found).toMatchObject({ ended: 'reached-to', highest: given.to })
          return
        }
        const { highest = Number.NaN, broken = Number.NaN } = found
        expect(found).toMatchObject({ ended: 'found', confirmed: true })
        expect(highest).toBeLessThanOrEqual(capacity)
        expect(broken).toBeGreaterThan(capacity)
        expect(broken - highest).toBeLessThanOrEqual(Math.max(given.precision * broken, given.unit === 'vus' ? 1 : 0))
      }),
    )
  })

  it('ends whatever a fickle target answers', () => {
    const answer = fc.constantFrom<LevelOutcome>('met', 'broken', 'invalid')
    const answers = fc.array(answer, { minLength: 101, maxLength: 101 })
    fc.assert(
      fc.property(answers, (all) => {
        const left = [...all]
        const { ended, highest, broken } = search(range, () => left.pop() ?? 'met')
        if (ended === 'found') expect(highest).toBeLessThan(broken ?? 0)
      }),
    )
  })
})
