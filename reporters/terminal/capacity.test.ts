import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { colorPage, plainPage } from '../fixtures/pages.ts'
import { passing } from '../fixtures/run-results.ts'
import { bounded, found } from '../fixtures/searches.ts'
import { renderCapacity, renderLevelLine } from './capacity.ts'
import { renderReport } from './report.ts'
import { renderScenarios } from './scenarios.ts'
import { displayWidth } from './width.ts'

const written = { resultFile: 'a.json' } as const

describe('renderCapacity', () => {
  it('draws the curve by load, with what counts and what broke', () => {
    expect(renderCapacity({ capacity: found }, plainPage(100)).join('\n')).toMatchInlineSnapshot(`
      "  capacity  done/s  failed %  p50 in ms      p95      p99
        ✓ 100/s    100.0      0.00       10.5     21.0     25.2  ▰
        ✓ 200/s    200.0      0.00       17.0     34.0     40.8  ▰
        ✓ 207/s    207.0      0.00       94.0    188.0    225.6  ▰
        ✓ 207/s    207.0      0.00       95.0    190.0    228.0  ▰           ◀ capacity
        ✗ 213/s    213.0      0.00      206.0    412.0    494.4  ▰▰          checkout p(95) was 412 ms
        ! 300/s    300.0      0.00      452.0    904.0  1,084.8  ▰▰▰▰▰       iterations were started late
        ✗ 400/s    211.0      3.00      906.0  1,812.0  2,174.4  ▰▰▰▰▰▰▰▰▰▰  checkout p(95) was 412 ms

        ✓ capacity above 150/s
        ✗ capacity was 207/s, 193/s under the limit of 400/s: 207/s met the objectives and 213/s did not"
    `)
  })

  it('says where it is a bound only', () => {
    expect(renderCapacity({ capacity: bounded }, plainPage(100)).join('\n')).toMatchInlineSnapshot(`
      "  capacity  done/s  failed %  p50 in µs    p95    p99
        ✓ 1 VU       1.0      0.00        450    900  1,080  ▰▰▰▰
        ✓ 4 VUs      4.0      0.00        600  1,200  1,440  ▰▰▰▰▰       ◀ at least, met once
        ! 8 VUs      8.0      0.00      1,150  2,300  2,760  ▰▰▰▰▰▰▰▰▰▰  the load generator was late itse…"
    `)
  })

  it.for([72, 100, 120])('fits %i columns', (width) => {
    for (const capacity of [found, bounded])
      for (const line of renderReport({ result: { ...passing, capacity }, ...written }, plainPage(width)))
        expect(displayWidth(line)).toBeLessThanOrEqual(width)
  })

  it('says the same with colours', () => {
    const colored = renderCapacity({ capacity: found }, colorPage)
    expect(colored.map(stripVTControlCharacters)).toEqual(renderCapacity({ capacity: found }, plainPage(100)))
  })

  it('leaves other results alone', () => {
    expect(renderCapacity(passing, plainPage(100))).toEqual([])
  })
})

it('tells of each level in a line', () => {
  const page = plainPage(100)
  expect(
    found.levels
      .slice(1, 4)
      .flatMap((level) => renderLevelLine('browsing', 'rate', level, page))
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "  ✓ browsing      200/s   p95   34.0 ms   failed   0.00 %   met
      ✗ browsing      400/s   p95  1,812 ms   failed   3.00 %   broken: checkout p(95) was 412 ms, 112 …
      ! browsing      300/s   p95    904 ms   failed   0.00 %   invalid: iterations were started late: …"
  `)
})

it('tells of all levels in one unit', () => {
  const [level] = found.levels
  const lines = [1373, 37_440, 904_000].flatMap((p95) =>
    renderLevelLine('c', 'rate', { ...(level ?? expect.fail()), p95 }, plainPage(100)),
  )
  expect(lines.map((line) => /p95 +(\S+ \S+)/.exec(line)?.[1])).toEqual(['1.37 ms', '37.4 ms', '904 ms'])
})

it('tells in the verdict and the overview what the search came to', () => {
  const result = {
    ...passing,
    capacity: found,
    verdict: 'fail',
    reasons: [found.expectations[1]?.message ?? ''],
  } as const
  const report = renderReport({ result, ...written }, plainPage(100)).join('\n')
  expect(report).toContain('the highest met of 7 levels from 100/s to 2,000/s')
  expect(report).toContain(' FAIL  shopping flow: capacity 207/s; at 213/s checkout p(95) was 412 ms')
  expect(renderScenarios([result, passing], plainPage(100)).join('\n')).toContain('capacity 207/s; at 213/s')
})
