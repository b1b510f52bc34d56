import { describe, expectTypeOf, it } from 'vitest'
import { capacity, expectCapacity, expectLatency, rows, scenario } from 'vitest-load'

const rates = { from: '50/s', to: 2000, hold: '10s' } as const
const body = (): void => undefined

describe('capacity', () => {
  it('takes what a scenario takes, typed, but its load', () => {
    const options = { ...rates, data: { term: rows(['lamp']) }, before: () => ({ id: 7 }), setup: () => 'token' }
    capacity('search', options, ({ data, prepared, state }) => {
      expectTypeOf(data.term).toEqualTypeOf<'lamp'>()
      expectTypeOf(prepared).toEqualTypeOf<{ id: number }>()
      expectTypeOf(state).toEqualTypeOf<string>()
    })
    // @ts-expect-error -- a load is what it looks for
    capacity('search', { ...rates, load: { vus: 1 } }, body)
    // @ts-expect-error -- without an end nothing is looked for
    capacity('search', { from: '50/s', hold: '10s' }, body)
    // @ts-expect-error -- misspelt
    capacity('search', { ...rates, settel: '1s' }, body)
    // @ts-expect-error -- without options there is no range
    capacity('search', body)
    capacity.todo('later')
    capacity.skip('search', rates, body)
  })

  it('has objectives, with the names of steps', () => {
    const browsing = capacity('browsing', { ...rates, steps: ['list'], slo: { p95: '300ms', errorRate: false } }, body)
    expectLatency(browsing.step('list')).p(95).toBeBelow('300ms')
    // @ts-expect-error -- misspelt: it is `list`
    browsing.step('lists')
    // @ts-expect-error -- not one of the percentiles
    capacity('browsing', { ...rates, slo: { p42: '1s' } }, body)
  })

  it('is expected in its unit', () => {
    expectCapacity(capacity('a', rates, body)).toBeAbove('400/s')
    expectCapacity(capacity('a', rates, body)).toBeAbove(400)
    const users = capacity('b', { from: 1, to: 10, unit: 'vus', hold: '1s' }, body)
    expectCapacity(users).toBeAbove(5)
    expectCapacity(capacity('c', { ...rates, steps: ['list'] }, body)).toBeAbove('1/s')
    // @ts-expect-error -- virtual users are counted
    expectCapacity(users).toBeAbove('5/s')
  })

  it('is no scenario', () => {
    // @ts-expect-error -- a scenario looks for no capacity
    expectCapacity(scenario('a', body)).toBeAbove(5)
  })
})
