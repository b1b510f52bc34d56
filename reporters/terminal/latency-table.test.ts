import { describe, expect, it } from 'vitest'
import { fortySteps } from '../fixtures/odd-results.ts'
import { colorPage, plainPage } from '../fixtures/pages.ts'
import { breached, passing } from '../fixtures/run-results.ts'
import { renderLatencyTable } from './latency-table.ts'
import type { Page } from './paint.ts'

const render = (result: Partial<typeof passing>, page: Page = plainPage(100)): string[] =>
  renderLatencyTable({ ...passing, slos: [], ...result }, page)

describe('renderLatencyTable', () => {
  it('shows forty steps, with places for the largest', () => {
    const lines = render(fortySteps)
    expect(lines).toHaveLength(43)
    expect([...lines.slice(0, 4), ...lines.slice(-2)].join('\n')).toMatchInlineSnapshot(`
      "  latency in ms  count    /s  failed      p50      p90      p95      p99       max
        iterations       412  13.7       0  3,000.0  5,100.0  6,300.0  9,000.0  12,300.0
        steps
          page 1         412  13.7       0     20.0     34.0     42.0     60.0      82.0
          page 39        412  13.7       0     58.0     98.6    121.8    174.0     237.8
          page 40        412  13.7       0     59.0    100.3    123.9    177.0     241.9"
    `)
  })

  it('shows no percentile that is but the maximum', () => {
    const [iteration] = passing.series
    const latency = { ...iteration!.latency, count: 99 }
    const [, row = ''] = render({ series: [{ ...iteration!, latency }, ...breached.series] })
    expect(row.trim().split(/ {2,}/).slice(4)).toEqual(['2,512.3', '4,271.0', '5,275.9', '10,300.6'])
  })

  it('marks the figures that breached an objective', () => {
    const [, iterations = ''] = render(breached, colorPage)
    expect(iterations).toContain('\u001b[31m\u001b[1m 1.76')
    const line = render(breached, colorPage).find((one) => one.includes('checkout'))
    expect(line?.split('\u001b[1m').map((part) => part.split('\u001b')[0])).toEqual([
      '    checkout           61,180  201.5  ',
      '  716.5',
    ])
  })

  it('stops after sixty rows of a kind', () => {
    const [iteration] = fortySteps.series
    const many = Array.from({ length: 75 }, (_, index) => ({
      ...iteration!,
      kind: 'request' as const,
      name: `GET /${index}`,
    }))
    const lines = render({ series: many })
    expect(lines).toHaveLength(63)
    expect(lines.at(-1)).toBe('    … and 15 more')
  })

  it('puts a step before the steps within it, in order of appearance', () => {
    const [first] = passing.series
    const names = ['b > x > y', 'b > x', 'a', 'b', 'a > z']
    const lines = render({ series: names.map((name) => ({ ...first!, kind: 'step' as const, name })) })
    expect(lines.slice(2).map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
      'b',
      'b > x',
      'b > x > y',
      'a',
      'a > z',
    ])
  })

  it('shows nothing when nothing ended', () => {
    const [first] = passing.series
    expect(render({ series: [{ ...first!, ok: 0 }] })).toEqual([])
  })

  it('colours failures only', () => {
    const [first] = passing.series
    expect(render({ series: [first!] }, colorPage).join('\n')).not.toContain('\u001b[31m')
    expect(render({ series: [{ ...first!, failed: 2 }] }, colorPage).join('\n')).toContain('\u001b[31m')
  })
})
