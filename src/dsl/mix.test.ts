import { afterAll, describe, expect, it } from 'vitest'
import { expectLatency } from './slo.ts'
import { mix } from './mix.ts'
import { scenario } from './scenario.ts'

// Outside of a load project: scenarios are ordinary tests. What a mix does under load, `test/e2e/mixes.test.ts` tells.
const ran: string[] = []
const run = (name: string) => (): unknown => ran.push(name)

const handles = mix('shop', { load: { vus: 10, duration: '1s' } }, () => {
  scenario('browsing', { weight: 70 }, run('browsing'))
  scenario.skip('closed', { weight: 10 }, run('closed'))
  scenario.todo('returning')
  scenario.for([1, 2])('visit %i', { weight: 10 }, (visit) => run(`visit ${visit}`)())
  return { buying: scenario('buying', { weight: 10, steps: ['pay'] }, run('buying')) }
})
expectLatency(handles.buying.step('pay')).p(95).toBeBelow('1s')
// @ts-expect-error -- the step is another one
const unlisted = (): unknown => handles.buying.step('play')

mix.skip('closed shop', { load: {} }, () => scenario('nobody', {}, run('nobody')))

afterAll(() => expect(ran).toEqual(['browsing', 'visit 1', 'visit 2', 'buying']))

describe('a mix', () => {
  const body = (): void => {}
  const problemsOf = (define: () => unknown): string => {
    try {
      define()
    } catch (error) {
      return (error as Error).message
    }
    return expect.fail('nothing was refused')
  }

  it('gives back what its callback returns', () => {
    expect(Object.keys(handles)).toEqual(['buying'])
    expect(unlisted).toThrow("no such step in its option 'steps'. Did you mean 'pay'?")
  })

  it('tells all that is wrong with it and its scenarios at once', () => {
    const load = { vus: 0, duration: '1m' }
    const wrong = (): void => {
      scenario('browsing', { weight: 0 }, body)
      scenario('buying', { load: { vus: 1 }, cookies: 'always' as 'vu' }, body)
    }
    expect(problemsOf(() => mix('shop', { load, weight: 3 } as { load: typeof load }, wrong))).toMatchInlineSnapshot(`
      "Mix 'shop': 5 problems.
        - weight: unknown option; known are load
        - scenario 'browsing': weight: expected a number above zero; received 0
        - load.vus: expected a whole number from 1 to 100,000; received 0
        - scenario 'buying': cookies: expected 'iteration', 'vu' or 'none'; received "always"
        - scenario 'buying': load: a scenario of a mix() has its part of the mix's load. Remove it, or write the scenario beside the mix"
    `)
  })

  it.for<readonly [() => unknown, string]>([
    [() => mix('shop', { load: { vus: 1 } }, body), 'expected scenarios in the callback; received none'],
    [
      () => mix('shop', { load: { vus: 1 } }, (): unknown => Promise.resolve(scenario('buying', body))),
      'scenarios: expected a function that is not async; received a promise from it',
    ],
    [
      () => mix('shop', {} as { load: object }, () => scenario('buying', body)),
      'load: expected a load; received undefined',
    ],
    [
      () => mix('shop', { load: { vus: 1 } }, () => [scenario('a', body), scenario('b', body)]),
      "scenario 'b': gets none of 1 VU with its weight of 1. Raise 'vus' to at least 2, or its weight",
    ],
    [
      () => mix('shop', { load: { vus: 1 } }, undefined as unknown as () => void),
      'scenarios: expected a function with the scenarios; received undefined',
    ],
  ])('refuses what cannot be one %$', ([define, problem]) => {
    expect(problemsOf(define)).toBe(`Mix 'shop': 1 problem.\n  - ${problem}`)
  })

  it('has no other mix inside', () => {
    const inner = (): void => mix('inner', { load: {} }, body)
    expect(problemsOf(() => mix('shop', { load: {} }, inner))).toContain("The mix 'inner' stands inside another mix")
  })

  it('leaves a weight to its scenarios', () => {
    expect(problemsOf(() => scenario('alone', { weight: 5 }, body))).toContain(
      'weight: only a scenario of a mix() has one. Remove it, or write the scenario inside a mix()',
    )
  })
})
