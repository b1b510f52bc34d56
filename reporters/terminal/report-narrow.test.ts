import { expect, it } from 'vitest'
import { breached, longNames, passing } from '../fixtures/run-results.ts'
import { createPaint, type Page } from './paint.ts'
import { renderNotAsked, renderReport } from './report.ts'

const page: Page = { width: 80, paint: createPaint(0) }
const report = (result: typeof passing): string =>
  renderReport({ result, resultFile: '.vitest-load/result.json' }, page).join('\n')

it('leaves out rates and percentiles before it cuts names', () => {
  expect(report(passing)).toMatchInlineSnapshot(`
    " shopping flow ────────────────────── specs/store/shopping-flow.spec.ts |load|

           Load  50 VUs for 30s   constant-vus   2 threads   seed 4242001
                 http://127.0.0.1:3000
       Duration  30.0 s   started 2026-08-01T12:00:00.000Z
     Iterations  412   13.7/s   412 ok   0 failed
       Requests  1,648   54.9/s   1,648 ok   0 failed
        Network  50 connections opened   1,598 reused   50 closed   310 kB sent
                 1.2 MB received

      latency in ms       count  failed      p50      p95      p99       max
      iterations            412       0  2,512.3  5,275.9  7,537.0  10,300.6
      steps
        login               412       0     12.4     26.0     37.2      50.8
        browse              412       0      4.1      8.6     12.3      16.8
        checkout            412       0     41.2     86.5    123.6     168.9
        checkout > pay      412       0     31.0     65.1     93.0     127.1
      requests
        POST /auth/login    412       0     11.8     24.8     35.4      48.4
        GET /products       824       0      3.9      8.2     11.7      16.0
        POST /orders        412       0     30.1     63.2     90.3     123.4
      requests of hooks, in no SLO
        POST /test/reset      1       0      5.0     10.5     15.0      20.5

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

it('breaks lines that are too long', () => {
  expect(report(breached)).toMatchInlineSnapshot(`
    " shopping flow ────────────────────── specs/store/shopping-flow.spec.ts |load|

           Load  20 to 400 iterations/s for 5m   ramping-arrival-rate
                 up to 1,200 VUs   2 threads   seed 4242001   http://127.0.0.1:3000
       Duration  5:03   started 2026-08-01T12:00:00.000Z
     Iterations  61,204   201.6/s   60,104 ok   1,080 failed   20 aborted
                 312 dropped
       Requests  244,816   806.7/s   243,716 ok   1,080 failed   20 aborted
        Network  50 connections opened   1,598 reused   50 closed   48.3 MB sent
                 1.9 GB received

      latency in ms        count  failed      p50      p95      p99      max
      iterations          61,204   1,080  2,412.0  5,065.2  7,236.0  9,889.2
      steps
        login             61,204       4     12.4     26.0     37.2     50.8
        checkout          61,180   1,076    341.2    716.5  1,023.6  1,398.9
      requests
        POST /auth/login  61,204       4     11.8     24.8     35.4     48.4
        POST /orders      61,180   1,076    330.1    693.2    990.3  1,353.4

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
      reset        12   6.00  00:12.3  00:30.0  checkout > pay, PO…nts/:id/authorise
        the server closed the connection (ECONNRESET)
      schema        8   4.00  00:12.3  00:30.0  login, POST /auth/login
        token: expected string, received undefined

      SLOs                        wanted            measured       margin
      ✗ checkout p(95)            < 300 ms            729 ms  429 ms over
      ✗ error rate                < 0.5 %             1.76 %  1.26 % over
      ✓ throughput                > 200/s            201.6/s   1.6/s over
      ✓ POST /order…service time  100 ms to 400 ms    330 ms       within
      ✗ chekout p(99)             < 300 ms                 –   no samples
        chekout p(99) could not be judged: there was no step named 'chekout'; known
        are 'login', 'checkout'. Did you mean 'checkout'?
      ✓ checks                    > 99 %            99.993 %  0.99 % over  (default)

      ! 312 iterations were not started before the maximum duration

      FAIL  shopping flow: 3 of 6 SLOs breached: checkout p(95), error rate, chekout
            p(99)
    "
  `)
})

it('cuts long names', () => {
  expect(report(longNames)).toMatchInlineSnapshot(`
    " a returning customer with a full basket… ── specs/store/r…ying.spec.ts |load|

           Load  50 VUs for 30s   constant-vus   2 threads   seed 4242001
                 http://127.0.0.1:3000
       Duration  30.0 s   started 2026-08-01T12:00:00.000Z
     Iterations  412   13.7/s   412 ok   0 failed
       Requests  1,648   54.9/s   1,648 ok   0 failed
        Network  50 connections opened   1,598 reused   50 closed   310 kB sent
                 1.2 MB received

      latency in µs            count  failed  p50    p90    p95    p99  p99.9    max
      iterations                 412       0  800  1,360  1,680  2,400  3,040  3,280
      steps
        checkout …the address    412       0  420    714    882  1,260  1,596  1,722
      requests
        PUT /cust…lidate=true    412       0  380    646    798  1,140  1,444  1,558

      phases in µs, p50 / p95                   dns  connecting       tls    waiting
      PUT /customers/:id…ard?validate=true  10 / 21     20 / 42  90 / 189  300 / 630

      Generator  event-loop delay p99 1.2 / 0.9 ms   busy 34 / 29 %   per thread
         Result  .vitest-load/result.json

      checks                                                passed  failed  % passed
      ✗ checkout as a returning …t was sent, in every line     411       1     99.76

      SLOs                                   wanted            measured       margin
      ✗ PUT /customers/:…9) of service time  100 µs to 400 µs    1.5 ms  1.1 ms over

      FAIL  a returning customer with a full basket who changes the delivery address
            twice before paying 日本語: 1 of 1 SLO breached: PUT
            /customers/:id/addresses/:id/delivery-preferences/standard p(99.9) of
            service time
    "
  `)
})

it('breaks the path of the result after a folder, so that its name can be copied', () => {
  const resultFile = `.vitest-load/results/20260801T120000000Z-shopping-flow-mwqfw2f7ffj4-ef50f812.json`
  const lines = renderReport({ result: passing, resultFile }, page)
  const at = lines.findIndex((line) => line.includes('Result'))
  expect(lines.slice(at, at + 3).join('\n')).toMatchInlineSnapshot(`
    "     Result  .vitest-load/results/
                 20260801T120000000Z-shopping-flow-mwqfw2f7ffj4-ef50f812.json
    "
  `)
})

it('says in the place of the path that the result was not written', () => {
  const writeFailure = 'not written to .vitest-load/results: no space left on device (ENOSPC). Free space on that disk.'
  const lines = renderReport({ result: passing, resultFile: undefined, writeFailure }, page)
  const at = lines.findIndex((line) => line.includes('Result'))
  expect(lines.slice(at, at + 3).join('\n')).toMatchInlineSnapshot(`
    "     Result  not written to .vitest-load/results: no space left on device
                 (ENOSPC). Free space on that disk.
    "
  `)
  expect(lines.at(-2)).toContain('PASS')
})

it('puts the command of a load that was not asked for on a line of its own', () => {
  expect(renderNotAsked(['load'], 3, page)).toMatchInlineSnapshot(`
    [
      "load not started: 3 load spec files skipped.",
      "Run  npx vitest run --project load  (or set LOAD=1).",
    ]
  `)
})
