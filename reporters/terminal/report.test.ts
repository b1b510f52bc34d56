import { describe, expect, it } from 'vitest'
import { breached, dead, invalid, longNames, passing, thirtySteps } from '../fixtures/run-results.ts'
import { createPaint, type Page } from './paint.ts'
import { renderNotAsked, renderReport, renderReports } from './report.ts'
import { displayWidth } from './width.ts'

const page: Page = { width: 100, paint: createPaint(0) }
const report = (result: typeof passing): string =>
  renderReport({ result, resultFile: '.vitest-load/result.json' }, page).join('\n')

describe('a report of 100 columns', () => {
  it('tells a load that went well', () => {
    expect(report(passing)).toMatchInlineSnapshot(`
      " shopping flow ────────────────────────────────────────── specs/store/shopping-flow.spec.ts |load|

             Load  50 VUs for 30s   constant-vus   2 threads   seed 4242001   http://127.0.0.1:3000
         Duration  30.0 s   started 2026-08-01T12:00:00.000Z
       Iterations  412   13.7/s   412 ok   0 failed
         Requests  1,648   54.9/s   1,648 ok   0 failed
          Network  50 connections opened   1,598 reused   50 closed   310 kB sent   1.2 MB received

        latency in ms       count     /s  failed      p50      p90      p95      p99    p99.9       max
        iterations            412  13.70       0  2,512.3  4,271.0  5,275.9  7,537.0  9,546.9  10,300.6
        steps
          login               412  13.70       0     12.4     21.1     26.0     37.2     47.1      50.8
          browse              412  13.70       0      4.1      7.0      8.6     12.3     15.6      16.8
          checkout            412  13.70       0     41.2     70.0     86.5    123.6    156.6     168.9
          checkout > pay      412  13.70       0     31.0     52.7     65.1     93.0    117.8     127.1
        requests
          POST /auth/login    412  13.70       0     11.8     20.1     24.8     35.4     44.8      48.4
          GET /products       824  27.50       0      3.9      6.6      8.2     11.7     14.8      16.0
          POST /orders        412  13.70       0     30.1     51.2     63.2     90.3    114.4     123.4
        requests of hooks, in no SLO
          POST /test/reset      1   0.03       0      5.0      8.5     10.5     15.0     19.0      20.5

        phases in ms, p50 / p95          dns   connecting        waiting
        POST /auth/login         0.18 / 0.38  0.41 / 0.86  11.20 / 23.52
        GET /products                                       3.50 /  7.35
        POST /orders                                       29.80 / 62.58

        Generator  event-loop delay p99 1.2 / 0.9 ms   busy 34 / 29 %   per thread
           Result  .vitest-load/result.json

        checks                  passed  failed  % passed
        ✓ login > token is set     412       0    100.00
        ✓ stock is known           412       0    100.00

        SLOs              wanted    measured        margin
        ✓ checkout p(95)  < 300 ms   88.1 ms  212 ms under
        ✓ p(99)           < 8 s       7.54 s  463 ms under
        ✓ error rate      < 1 %          0 %     1 % under  (default)
        ✓ checks          > 99 %       100 %      1 % over  (default)

        ! p(99) rests on 412 samples; p(99) wants 1,000 or more

        PASS  shopping flow: 4 of 4 SLOs met
      "
    `)
  })

  it('tells breaches and what was behind them', () => {
    expect(report(breached)).toMatchInlineSnapshot(`
      " shopping flow ────────────────────────────────────────── specs/store/shopping-flow.spec.ts |load|

             Load  20 to 400 iterations/s for 5m   ramping-arrival-rate   up to 1,200 VUs   2 threads
                   seed 4242001   http://127.0.0.1:3000
         Duration  5:03   started 2026-08-01T12:00:00.000Z
       Iterations  61,204   201.6/s   60,104 ok   1,080 failed   20 aborted   312 dropped
         Requests  244,816   806.7/s   243,716 ok   1,080 failed   20 aborted
          Network  50 connections opened   1,598 reused   50 closed   48.3 MB sent   1.9 GB received

        latency in ms        count  failed      %      p50      p90      p95      p99    p99.9      max
        iterations          61,204   1,080   1.76  2,412.0  4,100.4  5,065.2  7,236.0  9,165.6  9,889.2
        steps
          login             61,204       4  <0.01     12.4     21.1     26.0     37.2     47.1     50.8
          checkout          61,180   1,076   1.76    341.2    580.0    716.5  1,023.6  1,296.6  1,398.9
        requests
          POST /auth/login  61,204       4  <0.01     11.8     20.1     24.8     35.4     44.8     48.4
          POST /orders      61,180   1,076   1.76    330.1    561.2    693.2    990.3  1,254.4  1,353.4

        Generator  event-loop delay p99 1.2 / 0.9 ms   busy 34 / 29 %   per thread
           Result  .vitest-load/result.json

        checks                           passed  failed  % passed
        ✓ login > token is set              412       0    100.00
        ✓ stock is known                    412       0    100.00
        ✗ checkout > order is confirmed  60,104      12     99.98

        errors    count      %    first     last  step, request
        http_5xx    120  60.00  00:12.3  00:30.0  checkout, POST /orders
          503 Service Unavailable  error pwned
        timeout      40  20.00  00:12.3  00:30.0  checkout, POST /orders
          no headers within 10 s
        aborted      20  10.00  00:12.3  00:30.0
          cut at the end of the load
        reset        12   6.00  00:12.3  00:30.0  checkout > pay, POST /payments/:id/authorise
          the server closed the connection (ECONNRESET)
        schema        8   4.00  00:12.3  00:30.0  login, POST /auth/login
          token: expected string, received undefined

        SLOs                                   wanted            measured       margin
        ✗ checkout p(95)                       < 300 ms            729 ms  429 ms over
        ✗ error rate                           < 0.5 %             1.76 %  1.26 % over
        ✓ throughput                           > 200/s            201.6/s   1.6/s over
        ✓ POST /orders median of service time  100 ms to 400 ms    330 ms       within
        ✗ chekout p(99)                        < 300 ms                 –   no samples
          chekout p(99) could not be judged: there was no step named 'chekout'; known are 'login',
          'checkout'. Did you mean 'checkout'?
        ✓ checks                               > 99 %            99.993 %  0.99 % over  (default)

        ! 312 iterations were not started before the maximum duration

        FAIL  shopping flow: 3 of 6 SLOs breached: checkout p(95), error rate, chekout p(99)
      "
    `)
  })

  it('tells a run that proves nothing', () => {
    expect(report(invalid)).toMatchInlineSnapshot(`
      " shopping flow ────────────────────────────────────────── specs/store/shopping-flow.spec.ts |load|

             Load  50 VUs for 30s   constant-vus   12 threads   seed 4242001   http://127.0.0.1:3000
         Duration  30.0 s   started 2026-08-01T12:00:00.000Z
       Iterations  412   13.7/s   412 ok   0 failed
         Requests  1,648   54.9/s   1,648 ok   0 failed
          Network  50 connections opened   1,598 reused   50 closed   310 kB sent   1.2 MB received

        latency in ms       count     /s  failed      p50      p90      p95      p99    p99.9       max
        iterations            412  13.70       0  2,512.3  4,271.0  5,275.9  7,537.0  9,546.9  10,300.6
        steps
          login               412  13.70       0     12.4     21.1     26.0     37.2     47.1      50.8
          browse              412  13.70       0      4.1      7.0      8.6     12.3     15.6      16.8
          checkout            412  13.70       0     41.2     70.0     86.5    123.6    156.6     168.9
          checkout > pay      412  13.70       0     31.0     52.7     65.1     93.0    117.8     127.1
        requests
          POST /auth/login    412  13.70       0     11.8     20.1     24.8     35.4     44.8      48.4
          GET /products       824  27.50       0      3.9      6.6      8.2     11.7     14.8      16.0
          POST /orders        412  13.70       0     30.1     51.2     63.2     90.3    114.4     123.4
        requests of hooks, in no SLO
          POST /test/reset      1   0.03       0      5.0      8.5     10.5     15.0     19.0      20.5

        phases in ms, p50 / p95          dns   connecting        waiting
        POST /auth/login         0.18 / 0.38  0.41 / 0.86  11.20 / 23.52
        GET /products                                       3.50 /  7.35
        POST /orders                                       29.80 / 62.58

        Generator  event-loop delay p99 38.1 / 35.0 / 31.9 / 28.8 / 25.7 / 22.6 / 19.5 / 16.4 ms
                   busy 97 / 97 / 97 / 97 / 97 / 97 / 97 / 97 %   worst 8 of 12 threads
           Result  .vitest-load/result.json

        checks                  passed  failed  % passed
        ✓ login > token is set     412       0    100.00
        ✓ stock is known           412       0    100.00

        SLOs              wanted    measured      margin
        ○ checkout p(95)  < 300 ms   88.1 ms  not judged
        ○ p(99)           < 8 s       7.54 s  not judged
        ○ error rate      < 1 %          0 %  not judged  (default)
        ○ checks          > 99 %       100 %  not judged  (default)

        INVALID  shopping flow: the load generator did not deliver the planned load, so nothing is said
                 about the target
        ! event-loop delay p99 was 38.1 ms, over 10 % of the tightest limit judged (300 ms). Use more
          threads, fewer virtual users, or a faster machine
      "
    `)
  })

  it('tells a target that is not there', () => {
    expect(report(dead)).toMatchInlineSnapshot(`
      " shopping flow ────────────────────────────────────────── specs/store/shopping-flow.spec.ts |load|

             Load  50 VUs for 30s   constant-vus   2 threads   seed 4242001   http://127.0.0.1:3000
         Duration  30.0 s   started 2026-08-01T12:00:00.000Z
       Iterations  900   30.0/s   0 ok   900 failed
         Requests  900   30.0/s   0 ok   900 failed
          Network  0 B sent   0 B received

        latency in ms       count    /s  failed       %  p50  p90  p95  p99  p99.9  max
        iterations            900  30.0     900  100.00    –    –    –    –      –    –
        steps
          login               900  30.0     900  100.00    –    –    –    –      –    –
        requests
          POST /auth/login    900  30.0     900  100.00    –    –    –    –      –    –

        Generator  event-loop delay p99 1.2 / 0.9 ms   busy 34 / 29 %   per thread
           Result  .vitest-load/result.json

        errors   count       %    first     last  step, request
        connect    900  100.00  00:12.3  00:30.0  login, POST /auth/login
          connection refused (ECONNREFUSED 127.0.0.1:3000)

        SLOs           wanted    measured      margin
        ✗ login p(95)  < 300 ms         –  no samples
          login p(95) could not be judged: all 900 attempts failed, and failures do not count as latency.
        ✗ error rate   < 1 %        100 %   99 % over  (default)
        ○ checks       > 99 %           –  not judged  (default)
          checks could not be judged: no check was made.

        ! 850 pauses were made by virtual users whose iterations failed at once

        FAIL  shopping flow: 2 of 2 SLOs breached, 1 not judged: login p(95), error rate
        ✗ no iteration completed: 900 failed and 0 were cut
      "
    `)
  })

  it('cuts long names', () => {
    expect(report(longNames)).toMatchInlineSnapshot(`
      " a returning customer with a full basket who chang… ── specs/store/return…re-paying.spec.ts |load|

             Load  50 VUs for 30s   constant-vus   2 threads   seed 4242001   http://127.0.0.1:3000
         Duration  30.0 s   started 2026-08-01T12:00:00.000Z
       Iterations  412   13.7/s   412 ok   0 failed
         Requests  1,648   54.9/s   1,648 ok   0 failed
          Network  50 connections opened   1,598 reused   50 closed   310 kB sent   1.2 MB received

        latency in µs                          count    /s  failed  p50    p90    p95    p99  p99.9    max
        iterations                               412  13.7       0  800  1,360  1,680  2,400  3,040  3,280
        steps
          checkout as a re…onfirm the address    412  13.7       0  420    714    882  1,260  1,596  1,722
        requests
          PUT /customers/:…dard?validate=true    412  13.7       0  380    646    798  1,140  1,444  1,558

        phases in µs, p50 / p95                                       dns  connecting       tls    waiting
        PUT /customers/:id/addresses…nces/standard?validate=true  10 / 21     20 / 42  90 / 189  300 / 630

        Generator  event-loop delay p99 1.2 / 0.9 ms   busy 34 / 29 %   per thread
           Result  .vitest-load/result.json

        checks                                                                    passed  failed  % passed
        ✗ checkout as a returning customer >…ddress that was sent, in every line     411       1     99.76

        SLOs                                                       wanted            measured       margin
        ✗ PUT /customers/:id/address…dard p(99.9) of service time  100 µs to 400 µs    1.5 ms  1.1 ms over

        FAIL  a returning customer with a full basket who changes the delivery address twice before paying
              日本語: 1 of 1 SLO breached: PUT /customers/:id/addresses/:id/delivery-preferences/standard
              p(99.9) of service time
      "
    `)
  })
})

describe('any report', () => {
  it.for([72, 80, 100, 120])('fits %i columns', (width) => {
    const resultFile = `.vitest-load/results/20260801T120000000Z-${'long-name-'.repeat(4)}-mwqfw2f7ffj4-ef50f812.json`
    const writeFailure = `not written to ${resultFile}: no space left on device (ENOSPC). Free space on that disk.`
    const all = [passing, breached, invalid, dead, longNames, thirtySteps]
    const runs = [
      ...all.map((result) => ({ result, resultFile })),
      { result: passing, resultFile: undefined, writeFailure },
    ]
    const lines = renderReports(runs, { width, paint: createPaint(0) })
    const hint = renderNotAsked(['load', 'a load with a long name', 'load (eu)'], 3, { width, paint: createPaint(0) })
    expect([...lines, ...hint].filter((line) => displayWidth(line) > width)).toEqual([])
  })

  it('lets no control character of a target through', () => {
    expect(report(breached)).not.toMatch(/[^\P{Cc}\n]/u)
    expect(report(breached)).not.toContain('::error')
  })

  it('counts the verdicts of several scenarios and names those to look for', () => {
    const runs = [passing, { ...breached, scenario: 'checkout' }, { ...invalid, scenario: 'search' }]
    expect(
      renderReports(
        runs.map((result) => ({ result, resultFile: 'result.json' })),
        page,
      ).at(-2),
    ).toMatchInlineSnapshot(`"  Scenarios  1 failed: checkout   1 invalid: search   1 passed"`)
  })
})

describe('the hint of a load that was not asked for', () => {
  it('names the number of files and the command', () => {
    expect(renderNotAsked(['load'], 3, page)).toMatchInlineSnapshot(`
      [
        "load not started: 3 load spec files skipped. Run  npx vitest run --project load  (or set LOAD=1).",
      ]
    `)
    expect(renderNotAsked(['load', 'load (eu)'], 1, page)).toMatchInlineSnapshot(`
      [
        "load not started: 1 load spec file skipped.",
        "Run  npx vitest run --project load --project "load (eu)"  (or set LOAD=1).",
      ]
    `)
    expect(renderNotAsked(['load'], 0, page)).toMatchInlineSnapshot(`
      [
        "load not started: it was not asked for. Run  npx vitest run --project load  (or set LOAD=1).",
      ]
    `)
    expect(renderNotAsked([''], 1, page)).toEqual([
      'load not started: 1 load spec file skipped. Run  LOAD=1 npx vitest run.',
    ])
  })
})
