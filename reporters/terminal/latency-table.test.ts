import { describe, expect, it } from 'vitest'
import { passing, thirtySteps } from '../fixtures/run-results.ts'
import { renderLatencyTable } from './latency-table.ts'
import { createPaint, type Page } from './paint.ts'

const page: Page = { width: 100, paint: createPaint(0) }

describe('renderLatencyTable', () => {
  it('shows thirty steps', () => {
    expect(renderLatencyTable(thirtySteps, page).join('\n')).toMatchInlineSnapshot(`
      "  latency in ms  count    /s  failed      p50      p90      p95      p99     p99.9       max
        iterations       412  13.7       0  3,000.0  5,100.0  6,300.0  9,000.0  11,400.0  12,300.0
        steps
          page 1         412  13.7       0     20.0     34.0     42.0     60.0      76.0      82.0
          page 2         412  13.7       0     21.0     35.7     44.1     63.0      79.8      86.1
          page 3         412  13.7       0     22.0     37.4     46.2     66.0      83.6      90.2
          page 4         412  13.7       0     23.0     39.1     48.3     69.0      87.4      94.3
          page 5         412  13.7       0     24.0     40.8     50.4     72.0      91.2      98.4
          page 6         412  13.7       0     25.0     42.5     52.5     75.0      95.0     102.5
          page 7         412  13.7       0     26.0     44.2     54.6     78.0      98.8     106.6
          page 8         412  13.7       0     27.0     45.9     56.7     81.0     102.6     110.7
          page 9         412  13.7       0     28.0     47.6     58.8     84.0     106.4     114.8
          page 10        412  13.7       0     29.0     49.3     60.9     87.0     110.2     118.9
          page 11        412  13.7       0     30.0     51.0     63.0     90.0     114.0     123.0
          page 12        412  13.7       0     31.0     52.7     65.1     93.0     117.8     127.1
          page 13        412  13.7       0     32.0     54.4     67.2     96.0     121.6     131.2
          page 14        412  13.7       0     33.0     56.1     69.3     99.0     125.4     135.3
          page 15        412  13.7       0     34.0     57.8     71.4    102.0     129.2     139.4
          page 16        412  13.7       0     35.0     59.5     73.5    105.0     133.0     143.5
          page 17        412  13.7       0     36.0     61.2     75.6    108.0     136.8     147.6
          page 18        412  13.7       0     37.0     62.9     77.7    111.0     140.6     151.7
          page 19        412  13.7       0     38.0     64.6     79.8    114.0     144.4     155.8
          page 20        412  13.7       0     39.0     66.3     81.9    117.0     148.2     159.9
          page 21        412  13.7       0     40.0     68.0     84.0    120.0     152.0     164.0
          page 22        412  13.7       0     41.0     69.7     86.1    123.0     155.8     168.1
          page 23        412  13.7       0     42.0     71.4     88.2    126.0     159.6     172.2
          page 24        412  13.7       0     43.0     73.1     90.3    129.0     163.4     176.3
          page 25        412  13.7       0     44.0     74.8     92.4    132.0     167.2     180.4
          page 26        412  13.7       0     45.0     76.5     94.5    135.0     171.0     184.5
          page 27        412  13.7       0     46.0     78.2     96.6    138.0     174.8     188.6
          page 28        412  13.7       0     47.0     79.9     98.7    141.0     178.6     192.7
          page 29        412  13.7       0     48.0     81.6    100.8    144.0     182.4     196.8
          page 30        412  13.7       0     49.0     83.3    102.9    147.0     186.2     200.9"
    `)
  })

  it('stops after sixty rows of a kind', () => {
    const [iteration] = thirtySteps.series
    const many = Array.from({ length: 75 }, (_, index) => ({
      ...iteration!,
      kind: 'request' as const,
      name: `GET /${index}`,
    }))
    const lines = renderLatencyTable({ series: many }, page)
    expect(lines).toHaveLength(63)
    expect(lines.at(-1)).toBe('    … and 15 more')
  })

  it('puts a step before the steps within it, in order of appearance', () => {
    const [first] = passing.series
    const names = ['b > x > y', 'b > x', 'a', 'b', 'a > z']
    const lines = renderLatencyTable(
      { series: names.map((name) => ({ ...first!, kind: 'step' as const, name })) },
      page,
    )
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
    expect(renderLatencyTable({ series: [{ ...first!, ok: 0 }] }, page)).toEqual([])
  })

  it('colours failures only', () => {
    const [first] = passing.series
    const painted = { width: 100, paint: createPaint(1) }
    expect(renderLatencyTable({ series: [first!] }, painted).join('\n')).not.toContain('\u001b[31m')
    expect(renderLatencyTable({ series: [{ ...first!, failed: 2 }] }, painted).join('\n')).toContain('\u001b[31m')
  })
})
