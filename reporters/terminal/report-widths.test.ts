import { expect, it } from 'vitest'
import { longNames } from '../fixtures/odd-results.ts'
import { plainPage } from '../fixtures/pages.ts'
import { breached, passing } from '../fixtures/run-results.ts'
import { renderReport } from './report.ts'

const page = plainPage(80)
const report = (result: typeof passing, width: number): string =>
  renderReport({ result, resultFile: '.vitest-load/result.json' }, plainPage(width)).join('\n')

it('leaves out shares and percentiles before it cuts names, and breaks lines that are too long', () => {
  expect(report(breached, 80)).toMatchInlineSnapshot(`
    " shopping flow ────────────────────── specs/store/shopping-flow.spec.ts |load|

           Load  20 to 400 iterations/s for 5m   up to 1,200 VUs
                 http://127.0.0.1:3000   seed 4242001
       Duration  5:03   started 2026-08-01 12:00:00 UTC
        Network  48.3 MB sent   1.9 GB received   50 connections reused 1,598 times
      Generator  2 threads   up to 34 % busy   event-loop delay p99 up to 1.2 ms
         Result  .vitest-load/result.json

      over time   0:00                                    5:03  peak
      requests/s  ▇▇▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▇    62
      p95 in ms   ▃▄▄▅▅▆▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇  90.0
      failed/s     ▄▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▇   4.8

      latency in ms         count     /s  failed      p50      p95      p99      max
      iterations           61,204  201.6   1,080  2,412.0  5,065.2  7,236.0  9,889.2
      steps
        login              61,204  201.6       4     12.4     26.0     37.2     50.8
        checkout           61,180  201.5   1,076    341.2    716.5  1,023.6  1,398.9
      requests            244,816  806.7   1,080
        POST /auth/login   61,204  201.6       4     11.8     24.8     35.4     48.4
        POST /orders       61,180  201.5   1,076    330.1    693.2    990.3  1,353.4

      checks                            count  failed     %
      ✓ login > token is set              412       0
      ✓ stock is known                    412       0
      ✗ checkout > order is confirmed  60,116      12  0.02

      errors    id      count  % of all  last seen  step, request
      http_5xx  dzggww    120     60.00    00:30.0  checkout, POST /orders
        503 Service Unavailable  error pwned
        e.g. VU 7, iteration 1,204, answered try again later
      timeout              40     20.00    00:30.0  checkout, POST /orders
        no headers within 10 s
      aborted              20     10.00    00:30.0
        cut because time was over
      reset                12      6.00    00:30.0  checkout > pay, …s/:id/authorise
        the server closed the connection (ECONNRESET)
      schema                8      4.00    00:30.0  login, POST /auth/login
        token: expected string, received undefined

      ! 312 iterations were not started before the maximum duration
      ! 20 iterations were cut because time was over; the true duration is unknown

      SLOs                                wanted  measured         margin
      ✓ throughput                       > 200/s   201.6/s     1.6/s over
      ✓ POST /order… service time  100 to 400 ms  330.1 ms         within
      ✓ checks                            > 99 %  99.993 %    0.99 % over  (default)
      ✗ checkout p(95)                  < 300 ms  729.0 ms  429.0 ms over
      ✗ error rate                       < 0.5 %    1.76 %    1.26 % over
      ✗ chekout p(99)                   < 300 ms         –     no samples
        chekout p(99) could not be judged: there was no step named 'chekout'; known
        are 'login', 'checkout'. Did you mean 'checkout'?

      FAIL  shopping flow: 3 of 6 SLOs breached
    "
  `)
})

it('cuts long names', () => {
  expect(report(longNames, 80)).toMatchInlineSnapshot(`
    " a returning customer with a full basket… ── specs/store/r…ying.spec.ts |load|

           Load  50 VUs for 30s   http://127.0.0.1:3000   seed 4242001
       Duration  30.0 s   started 2026-08-01 12:00:00 UTC
        Network  310 kB sent   1.2 MB received   50 connections reused 1,598 times
      Generator  2 threads   up to 34 % busy   event-loop delay p99 up to 1.2 ms
         Result  .vitest-load/result.json

      over time   0 s                     30.0 s    peak
      requests/s  ▇▇▇▇▇▇▇▇▇▇▆▇▆▆▇▆▆▇▆▆▇▆▆▇▆▆▇▆▆▆      60
      p95 in µs   ▄▄▄▄▄▄▄▄▄▄▅▅▅▆▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇▇  59,000

      latency in µs             count    /s  failed  p50    p90    p95    p99    max
      iterations                  412  13.7       0  800  1,360  1,680  2,400  3,280
      steps
        checkout a…the address    412  13.7       0  420    714    882  1,260  1,722
      requests                  1,648  54.9       0
        PUT /custo…lidate=true    412  13.7       0  380    646    798  1,140  1,558

      phases in µs, p50 / p95                   dns  connecting       tls    waiting
      PUT /customers/:id…ard?validate=true  10 / 21     20 / 42  90 / 189  300 / 630

      checks                                                     count  failed     %
      ✗ checkout as a returning cu…that was sent, in every line    412       1  0.24

      SLOs                                           wanted  measured         margin
      ✗ PUT /customers/:i…9) of service time  100 to 400 µs  1,500 µs  1,100 µs over

      FAIL  a returning customer with a full basket who changes the delivery address
            twice before paying 日本語: 1 of 1 SLO breached
    "
  `)
})

it('shows more of long names in a wide terminal', () => {
  expect(report(longNames, 140).split('\n\n').slice(0, 4).join('\n\n')).toMatchInlineSnapshot(`
    " a returning customer with a full basket who changes the delivery addr… ── specs/store/returning-custom…dress-before-paying.spec.ts |load|

           Load  50 VUs for 30s   http://127.0.0.1:3000   seed 4242001
       Duration  30.0 s   started 2026-08-01 12:00:00 UTC
        Network  310 kB sent   1.2 MB received   50 connections reused 1,598 times
      Generator  2 threads   up to 34 % busy   event-loop delay p99 up to 1.2 ms
         Result  .vitest-load/result.json

      over time   0 s                                                   30.0 s    peak
      requests/s  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▆▆      60
      p95 in µs   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▅▅▅▅▅▅▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇  59,000

      latency in µs                                                                         count    /s  failed  p50    p90    p95    p99    max
      iterations                                                                              412  13.7       0  800  1,360  1,680  2,400  3,280
      steps
        checkout as a returning customer > enter…he delivery address > confirm the address    412  13.7       0  420    714    882  1,260  1,722
      requests                                                                              1,648  54.9       0
        PUT /customers/:id/addresses/:id/delivery-preferences/standard?validate=true          412  13.7       0  380    646    798  1,140  1,558"
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
