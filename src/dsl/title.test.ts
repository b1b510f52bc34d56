import { describe, expect, it } from 'vitest'
import { formatTitle } from './title.ts'

describe('formatTitle', () => {
  it.for([
    ['login', { name: 'ann' }, 'login'],
    ['login as $name', { name: 'ann' }, 'login as ann'],
    ['login as $user.name ($user.age)', { user: { name: 'ann', age: 5 } }, 'login as ann (5)'],
    ['case $#: $name', { name: 'ann' }, 'case 3: ann'],
    ['$missing and $user.missing', { user: {} }, '$missing and $user.missing'],
    ['costs $5', {}, 'costs $5'],
    ['$flag', { flag: false }, 'false'],
    ['%s buys %d', ['ann', 5], 'ann buys 5'],
    ['buys %s', 'lamps', 'buys lamps'],
    ['case %# of %s', 'lamps', 'case 3 of lamps'],
    ['%j', { a: 1 }, '{"a":1}'],
    ['100% of load', 'x', '100% of load'],
    ['$0', ['x'], '$0'],
  ] as const)('makes of %j and %j: %j', ([template, item, title]) => {
    expect(formatTitle(template, item, 3)).toBe(title)
  })
})
