import { describe, expect, it } from 'vitest'
import { summarise } from '../fixtures/summarise.ts'
import {
  formatBytes,
  formatElapsed,
  formatOffset,
  formatPercent,
  formatRate,
  pickLatencyScale,
  rateFormatter,
} from './units.ts'

describe('units', () => {
  it.for([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [310_400, '310 kB'],
    [999_960, '1.0 MB'],
    [1_234_567, '1.2 MB'],
    [1_934_000_000, '1.9 GB'],
  ] as const)('writes %i bytes as %s', ([bytes, text]) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it.for([
    [0, '0.00'],
    [0.000_01, '<0.01'],
    [0.0049, '0.49'],
    [0.999_999, '99.99'],
    [1, '100.00'],
  ] as const)('never rounds %d to all or nothing: %s', ([ratio, text]) => {
    expect(formatPercent(ratio)).toBe(text)
  })

  it.for([
    [0, '0'],
    [0.034, '0.03'],
    [13.66, '13.7'],
    [1234.4, '1,234'],
  ] as const)('writes a rate of %d as %s', ([rate, text]) => {
    expect(formatRate(rate)).toBe(text)
  })

  it('writes the rates of a column alike', () => {
    const format = rateFormatter([1234, 13.7])
    expect([format(1234), format(13.7)]).toEqual(['1,234.0', '13.7'])
  })

  it('writes offsets and lengths', () => {
    expect([0, 12_340, 59_960, 4_512_300].map(formatOffset)).toEqual(['00:00.0', '00:12.3', '01:00.0', '75:12.3'])
    expect([0, 15_040, 59_960, 65_000, 3_725_000].map(formatElapsed)).toEqual([
      '0.0 s',
      '15.0 s',
      '1:00',
      '1:05',
      '1:02:05',
    ])
  })
})

describe('pickLatencyScale', () => {
  it.for([
    ['µs', [420], '420'],
    ['ms', [900, 5000], '0.90'],
    ['ms', [4100], '4.10'],
    ['ms', [4100, 2_500_000], '4.1'],
    ['ms', [41_200], '41.2'],
    ['ms', [341_200], '341'],
    ['s', [1_200_000, 4_000_000], '1.20'],
  ] as const)('picks %s for medians of %o µs', ([unit, medians, text]) => {
    const scale = pickLatencyScale(medians.map((median) => summarise(median, 10)))
    expect(scale.unit).toBe(unit)
    expect(scale.format(medians[0])).toBe(text)
  })

  it('picks milliseconds when nothing was measured', () => {
    expect(pickLatencyScale([summarise(0, 0)]).unit).toBe('ms')
  })
})
