import { describe, expect, it } from 'vitest'
import { empty, fortySteps, longNames, stopped } from '../fixtures/odd-results.ts'
import { plainPage } from '../fixtures/pages.ts'
import { breached, dead, invalid, passing } from '../fixtures/run-results.ts'
import { plainGlyphs } from './glyphs.ts'
import { renderNotAsked, renderReport, renderReports } from './report.ts'
import { displayWidth } from './width.ts'

const page = plainPage(100)
const report = (result: typeof passing): string =>
  renderReport({ result, resultFile: '.vitest-load/result.json' }, page).join('\n')
/** The paragraphs from the one that begins with `first` on. */
const reportFrom = (first: string, result: typeof passing): string[] => {
  const paragraphs = report(result).split('\n\n')
  return paragraphs.slice(paragraphs.findIndex((one) => one.startsWith(`  ${first} `)))
}

describe('a report of 100 columns', () => {
  it('tells a load that went well', () => {
    expect(report(passing)).toMatchInlineSnapshot(`
      " shopping flow ────────────────────────────────────────── specs/store/shopping-flow.spec.ts |load|

             Load  50 VUs for 30s   http://127.0.0.1:3000   seed 4242001
         Duration  30.0 s   started 2026-08-01 12:00:00 UTC
          Network  310 kB sent   1.2 MB received   50 connections reused 1,598 times
        Generator  2 threads   up to 34 % busy   event-loop delay p99 up to 1.2 ms
           Result  .vitest-load/result.json

        over time   0 s                                                   30.0 s  peak
        requests/s  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▆▆    60
        p95 in ms   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▅▅▅▅▅▅▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇  59.0

        latency in ms       count    /s  failed      p50      p90      p95      p99       max
        iterations            412  13.7       0  2,512.3  4,271.0  5,275.9  7,537.0  10,300.6
        steps
          login               412  13.7       0     12.4     21.1     26.0     37.2      50.8
          browse              412  13.7       0      4.1      7.0      8.6     12.3      16.8
          checkout            412  13.7       0     41.2     70.0     86.5    123.6     168.9
          checkout > pay      412  13.7       0     31.0     52.7     65.1     93.0     127.1
        requests            1,648  54.9       0
          POST /auth/login    412  13.7       0     11.8     20.1     24.8     35.4      48.4
          GET /products       824  27.5       0      3.9      6.6      8.2     11.7      16.0
          POST /orders        412  13.7       0     30.1     51.2     63.2     90.3     123.4
        requests of hooks, in no SLO
          POST /test/reset      1             0      5.0                                 20.5

        checks                  count  failed
        ✓ login > token is set    412       0
        ✓ stock is known          412       0

        ! p(99) rests on 412 samples; p(99) wants 1,000 or more

        SLOs                  wanted    measured          margin
        ✓ checkout p(95)    < 300 ms     88.1 ms  211.9 ms under
        ✓ p(99)           < 8,000 ms  7,537.0 ms  463.0 ms under
        ✓ error rate           < 1 %         0 %       1 % under  (default)
        ✓ checks              > 99 %       100 %        1 % over  (default)

        PASS  shopping flow: 4 of 4 SLOs met
      "
    `)
  })

  it('tells how many of each failed, where there were failures', () => {
    expect(reportFrom('latency in ms', breached)[0]).toMatchInlineSnapshot(`
      "  latency in ms         count     /s  failed      %      p50      p90      p95      p99      max
        iterations           61,204  201.6   1,080   1.76  2,412.0  4,100.4  5,065.2  7,236.0  9,889.2
        steps
          login              61,204  201.6       4  <0.01     12.4     21.1     26.0     37.2     50.8
          checkout           61,180  201.5   1,076   1.76    341.2    580.0    716.5  1,023.6  1,398.9
        requests            244,816  806.7   1,080   0.44
          POST /auth/login   61,204  201.6       4  <0.01     11.8     20.1     24.8     35.4     48.4
          POST /orders       61,180  201.5   1,076   1.76    330.1    561.2    693.2    990.3  1,353.4"
    `)
  })

  it('tells a target that is not there', () => {
    expect(reportFrom('over time', dead).join('\n\n')).toMatchInlineSnapshot(`
      "  over time   0 s                                                   30.0 s  peak
        requests/s  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇    60
        failed/s    ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇    60

        outcomes            count    /s  failed       %
        iterations            900  30.0     900  100.00
        steps
          login               900  30.0     900  100.00
        requests              900  30.0     900  100.00
          POST /auth/login    900  30.0     900  100.00

        errors   count  % of all  first seen  last seen  step, request
        connect    900    100.00     00:12.3    00:30.0  login, POST /auth/login
          connection refused (ECONNREFUSED 127.0.0.1:3000)

        ! 850 pauses were made by virtual users whose iterations failed at once

        SLOs             wanted  measured      margin
        ○ checks         > 99 %         –  not judged  (default)
          checks could not be judged: no check was made.
        ✗ login p(95)  < 300 ms         –  no samples
          login p(95) could not be judged: all 900 attempts failed, and failures do not count as latency.
        ✗ error rate      < 1 %     100 %   99 % over  (default)
        ✗ no iteration completed: 900 failed and 0 were cut

        FAIL  shopping flow: 2 of 2 SLOs breached, 1 not judged
      "
    `)
  })

  it('tells a run that proves nothing', () => {
    expect(reportFrom('SLOs', invalid).join('\n\n')).toMatchInlineSnapshot(`
      "  SLOs                  wanted    measured      margin
        ○ checkout p(95)    < 300 ms     88.1 ms  not judged
        ○ p(99)           < 8,000 ms  7,537.0 ms  not judged
        ○ error rate           < 1 %         0 %  not judged  (default)
        ○ checks              > 99 %       100 %  not judged  (default)
        ! event-loop delay p99 was 38.1 ms, over 10 % of the tightest limit judged (300 ms). Use more
          threads, fewer virtual users, or a faster machine

        INVALID  shopping flow: the load generator did not deliver the planned load, so nothing is said
                 about the target
      "
    `)
    expect(report(invalid)).toContain('12 threads   up to 97 % busy   event-loop delay p99 up to 38.1 ms')
  })

  it('tells a run that was stopped, and why it failed although all objectives were met', () => {
    expect(report(stopped)).toContain('       Lost  3 iterations of which nothing was reported\n')
    expect(reportFrom('SLOs', stopped)[1]).toMatchInlineSnapshot(
      `
      "  FAIL  shopping flow: the load was stopped by Ctrl-C
      "
    `,
    )
  })

  it('tells a run that measured nothing', () => {
    expect(report(empty)).toMatchInlineSnapshot(`
      " shopping flow ────────────────────────────────────────── specs/store/shopping-flow.spec.ts |load|

             Load  50 VUs for 30s   http://127.0.0.1:3000   seed 4242001
         Duration  0.1 s   started 2026-08-01 12:00:00 UTC
        Generator  2 threads
           Result  .vitest-load/result.json

        FAIL  shopping flow: the thread ended before the load began: out of memory
      "
    `)
  })

  it('tells that handlers answered in place of a target', () => {
    expect(report({ ...passing, offline: 'mocks/handlers.ts' })).toContain(
      'Load  50 VUs for 30s   offline: mocks/handlers.ts answered   seed 4242001\n',
    )
  })
})

describe('any report', () => {
  it.for([72, 80, 100, 120, 140])('fits %i columns', (width) => {
    const resultFile = `.vitest-load/results/20260801T120000000Z-${'long-name-'.repeat(4)}-mwqfw2f7ffj4-ef50f812.json`
    const writeFailure = `not written to ${resultFile}: no space left on device (ENOSPC). Free space on that disk.`
    const all = [passing, breached, invalid, dead, longNames, fortySteps, stopped, empty]
    const runs = [
      ...all.map((result) => ({ result, resultFile })),
      { result: passing, resultFile: undefined, writeFailure },
    ]
    const lines = renderReports(runs, plainPage(width))
    const hint = renderNotAsked(['load', 'a load with a long name', 'load (eu)'], 3, plainPage(width))
    expect([...lines, ...hint].filter((line) => displayWidth(line) > width)).toEqual([])
  })

  it('lets no control character of a target through', () => {
    expect(report(breached)).not.toMatch(/[^\P{Cc}\n]/u)
    expect(report(breached)).not.toContain('::error')
  })

  it('draws no blocks where a terminal has none', () => {
    const lines = renderReport({ result: breached, resultFile: 'result.json' }, { ...page, glyphs: plainGlyphs })
    expect(lines.join('\n')).not.toMatch(/[\u2580-\u259f]/)
    expect(lines.find((line) => line.startsWith('  p95 in ms'))).toMatchInlineSnapshot(
      `"  p95 in ms   -==++***###########################################  90.0"`,
    )
  })

  it('comes last when its scenario failed', () => {
    const runs = [{ ...breached, scenario: 'checkout' }, passing].map((result) => ({ result, resultFile: 'r.json' }))
    const titles = renderReports(runs, page).filter((line) => line.includes('───'))
    expect(titles.map((line) => line.split(' ─')[0])).toEqual([' shopping flow', ' checkout'])
  })
})
