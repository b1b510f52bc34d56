import { describe, expect, it } from 'vitest'
import { capacity, expectCapacity } from './capacity.ts'
import type { CapacityHandle } from './capacity-types.ts'
import { createHandle, type ScenarioRecord } from './handle.ts'

/** As without type checks. */
const anyCapacity = capacity as unknown as (...input: unknown[]) => unknown

function createSearch(more: Partial<ScenarioRecord> = {}): {
  handle: CapacityHandle<string, 'rate'>
  record: ScenarioRecord
} {
  const record: ScenarioRecord = {
    name: 'browsing',
    declarations: [],
    expectations: [],
    unit: 'rate',
    sealed: false,
    ...more,
  }
  return { handle: createHandle(record) as CapacityHandle<string, 'rate'>, record }
}

describe('capacity', () => {
  it('is refused without what it is about', () => {
    expect(() => anyCapacity('browsing', () => undefined)).toThrow(
      'Capacity "browsing": options: expected { from, to, hold }; received a function. body: expected a function; received undefined. Write capacity(name, options, body).',
    )
    expect(() => anyCapacity('browsing', { from: 5 }, () => undefined)).toThrow(
      /^Options of capacity "browsing": 2 problems\.\n {2}- to: expected a rate .*\n {2}- hold: expected a duration/,
    )
  })
})

describe('expectCapacity', () => {
  it('declares what is expected, in the unit of the search', () => {
    const { handle, record } = createSearch()
    expectCapacity(handle).toBeAbove('90/m')
    expectCapacity(handle).toBeAbove(400)
    expect(record.expectations?.map(({ limit }) => limit)).toEqual([1.5, 400])
  })

  it.for([
    [{ unit: 'vus' }, '5/s', 'Not a number of virtual users: "5/s". Write a whole number above 0.'],
    [{ unit: 'vus' }, 0.5, 'Not a number of virtual users: 0.5.'],
    [{}, 'many', 'The limit of a capacity is wrong. Not a rate: "many".'],
    [{ sealed: true }, 5, "The expectation 'capacity above 5/s' of 'browsing' was declared too late"],
    [{ expectations: [{ limit: 5, site: new Error('') }] }, 5, "'capacity above 5/s' of 'browsing' was declared twice"],
  ] as const)('of %j is refused for %j', ([more, limit, message]) => {
    const { handle } = createSearch(more as Partial<ScenarioRecord>)
    expect(() => expectCapacity(handle).toBeAbove(limit)).toThrow(message)
  })

  it('is refused for what looks for no capacity', () => {
    const scenario = createHandle({ name: 'a', declarations: [], sealed: false }) as CapacityHandle
    expect(() => expectCapacity(scenario)).toThrow('expectCapacity() got a scenario. Pass what capacity() returned.')
    expect(() => expectCapacity(undefined as unknown as CapacityHandle)).toThrow('expectCapacity() got something')
  })
})
