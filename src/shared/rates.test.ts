import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRateRange, formatRatio, parseRate, parseRatio, type Rate, type Ratio } from './rates.ts'

describe('parseRate', () => {
  it.for([
    ['500/s', 500],
    ['90/m', 1.5],
    ['1800/h', 0.5],
    ['0.5/s', 0.5],
    [0, 0],
    [12.5, 12.5],
  ] as const)('reads %j as %d per second', ([text, perSecond]) => {
    expect(parseRate(text)).toBe(perSecond)
  })

  it('takes a rate per minute and per hour for what it is per second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (count) => {
        expect(parseRate(`${count}/m`)).toBe(parseRate(count) / 60)
        expect(parseRate(`${count}/h`)).toBe(parseRate(count) / 3600)
      }),
    )
  })

  it.for([
    '',
    '500',
    '500/',
    '500/d',
    '/s',
    '-5/s',
    '5 /s',
    '5/s ',
    '1e3/s',
    Number.NaN,
    -1,
    Number.POSITIVE_INFINITY,
    undefined,
    null,
    {},
  ])('refuses %j', (value) => {
    expect(() => parseRate(value as Rate)).toThrow('Not a rate: ')
  })

  it('says what it received and what to write', () => {
    expect(() => parseRate('fast')).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: Not a rate: "fast". Write a number per second or a string such as '500/s' or '90/m'.]`,
    )
    expect(() => parseRate(Number.NaN)).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: Not a rate: NaN. Write a number per second or a string such as '500/s' or '90/m'.]`,
    )
  })
})

describe('parseRatio', () => {
  it.for([
    ['0%', 0],
    ['0.5%', 0.005],
    ['100%', 1],
    [0, 0],
    [0.25, 0.25],
    [1, 1],
  ] as const)('reads %j as %d', ([text, ratio]) => {
    expect(parseRatio(text)).toBe(ratio)
  })

  it.for(['', '1', '101%', '-1%', '1 %', '%', 1.01, -0.01, Number.NaN, Number.POSITIVE_INFINITY, undefined, null, {}])(
    'refuses %j',
    (value) => {
      expect(() => parseRatio(value as Ratio)).toThrow('Not a ratio: ')
    },
  )

  it('says what it received and what to write', () => {
    expect(() => parseRatio('150%')).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: Not a ratio: "150%". Write a number from 0 to 1 or a percentage from '0%' to '100%'.]`,
    )
    expect(() => parseRatio(5)).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: Not a ratio: 5. Write a number from 0 to 1 or a percentage from '0%' to '100%'.]`,
    )
  })
})

describe('formatRateRange', () => {
  it.for([
    [500, 500, '500/s'],
    [0, 500, '0 to 500/s'],
    [12_345.67, 0, '12,345.7 to 0/s'],
    [1.5, 1.5, '1.5/s'],
    [0.25, 0.25, '0.25/s'],
    [1 / 3, 1 / 3, '20/m'],
    [0, 5 / 60, '0 to 5/m'],
    [1 / 3600, 1 / 3600, '1/h'],
    [0.001 / 3600, 0.001 / 3600, '0.001/h'],
    [0, 0, '0/s'],
  ] as const)('writes %d to %d as %s', ([from, to, text]) => {
    expect(formatRateRange(from, to)).toBe(text)
  })
})

describe('formatRatio', () => {
  it.for([
    [0, '0 %'],
    [0.0004, '0.04 %'],
    [0.00004, '0.004 %'],
    [0.005, '0.5 %'],
    [0.0525, '5.25 %'],
    [0.1234, '12.3 %'],
    [0.99999, '99.999 %'],
    [0.999_999_999, '99.999999 %'],
    [0.000_000_000_1, '0.000001 %'],
    [1, '100 %'],
  ] as const)('writes %d as %s', ([ratio, text]) => {
    expect(formatRatio(ratio)).toBe(text)
  })

  it('is read back by parseRatio, to a twentieth of a percent', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (ratio) => {
        expect(Math.abs(parseRatio(formatRatio(ratio).replace(' ', '')) - ratio)).toBeLessThanOrEqual(0.000_500_001)
      }),
    )
  })
})
