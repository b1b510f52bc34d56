import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedDuration, formatDuration, formatMicroseconds, parseDuration, type Duration } from './durations.ts'

describe('parseDuration', () => {
  it.for([
    ['250us', 0.25],
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5s', 1500],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['1h1m1s1ms1us', 3_661_001.001],
    ['0s', 0],
    [0, 0],
    [1500.5, 1500.5],
    ['596h', 2_145_600_000],
    [2_145_600_000, 2_145_600_000],
  ] as const)('reads %j as %d ms', ([text, ms]) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 6)
  })

  it.for(['', ' ', '5', 's', '5 s', '5x', '-5s', '5s ', '1m-30s', '1e3s', '.5s', '5.s', 'Infinity', '1d'])(
    'refuses the text %j',
    (text) => {
      expect(() => parseDuration(text)).toThrow(`Not a duration: ${JSON.stringify(text)}. `)
    },
  )

  it.for([Number.NaN, Number.POSITIVE_INFINITY, -1, -0.001])('refuses the number %d', (value) => {
    expect(() => parseDuration(value)).toThrow(`Not a duration: ${value}. `)
  })

  it.for([undefined, null, true, {}, ['1s']])('refuses %j, which is neither text nor number', (value) => {
    expect(() => parseDuration(value as Duration)).toThrow('Not a duration: ')
  })

  it.for([
    ['1000h', '"1000h"'],
    ['596h1us', '"596h1us"'],
    [2 ** 31, '2147483648'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
  ] as const)('refuses %j, which no timer can wait for', ([value, received]) => {
    const message = `Too long a duration: ${received}. Write at most '596h', which is the longest that a timer can wait.`
    expect(() => parseDuration(value)).toThrow(expect.objectContaining({ code: 'ERR_LOAD_OPTIONS', message }))
    expect(expectedDuration(value)).toBe("a duration of at most '596h', which is the longest that a timer can wait")
  })

  it('says what it received and what to write', () => {
    expect(() => parseDuration('soon')).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: Not a duration: "soon". Write a string such as '250ms', '30s' or '1m30s', or a number of milliseconds.]`,
    )
    expect(() => parseDuration('soon')).toThrow(expect.objectContaining({ code: 'ERR_LOAD_OPTIONS' }))
    expect(expectedDuration('soon')).toBe(
      "a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative",
    )
  })
})

describe('formatDuration', () => {
  it.for([
    [0, '0ms'],
    [250, '250ms'],
    [999.7, '1s'],
    [1000, '1s'],
    [1250, '1.3s'],
    [59_980, '1m'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [119_990, '2m'],
    [3_599_999, '1h'],
    [3_600_000, '1h'],
    [3_661_500, '1h1m1.5s'],
  ] as const)('writes %d ms as %s', ([ms, text]) => {
    expect(formatDuration(ms)).toBe(text)
  })

  it('is read back by parseDuration, to the tenth of a second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (ms) => {
        const exact = ms < 1000 ? ms : Math.round(ms / 100) * 100
        expect(parseDuration(formatDuration(ms))).toBeCloseTo(exact, 6)
      }),
    )
  })
})

describe('formatMicroseconds', () => {
  it.for([
    [0, '0 µs'],
    [830, '830 µs'],
    [1000, '1 ms'],
    [1234, '1.23 ms'],
    [12_345, '12.3 ms'],
    [412_000, '412 ms'],
    [1_250_000, '1.25 s'],
    [59_990_000, '59.99 s'],
    [60_000_000, '1m'],
    [90_500_000, '1m30.5s'],
  ] as const)('writes %d as %s', ([us, text]) => {
    expect(formatMicroseconds(us)).toBe(text)
  })

  it.for([
    [999.7, '1 ms'],
    [9_999, '10 ms'],
    [99_990, '100 ms'],
    [999_900, '1 s'],
    [59_999_000, '1m'],
  ] as const)('carries %d over to %s', ([us, text]) => {
    expect(formatMicroseconds(us)).toBe(text)
  })
})
