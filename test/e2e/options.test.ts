import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { RunResult } from 'vitest-load'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const library = `import { expectErrorRate, expectLatency, http, rows, scenario, step } from 'vitest-load'`
const body = `async () => { await http.get('/wrong') }`

const specs = {
  'scenario.spec.ts': `scenario('wrong', {
    load: { vus: 0, duration: '1000h', iterations: 5, gracefulStop: '-1s', rate: 5 },
    data: { user: ['ann'] }, steps: ['pay', 'pay'], cookies: true, setup: 'login', slo: { errorRate: 0, check: 1 },
  }, ${body})`,
  'objective.spec.ts': `expectErrorRate(scenario('fine', ${body})).toBeBelow('300ms')`,
  'service.spec.ts': `expectLatency(scenario('fine', ${body}).request('GET /'), { of: 'sevice', window: '5s' }).p(95).toBeBelow('1s')`,
  'twice.spec.ts': `const fine = scenario('fine', ${body}); expectLatency(fine).p(50).toBeBelow('1s'); expectLatency(fine).median.toBeBelow('2s')`,
  'rows.spec.ts': `scenario('fine', { data: { user: rows([], { pik: 'unique' }) } }, ${body})`,
  'name.spec.ts': `scenario('', ${body})`,
  'order.spec.ts': `scenario('swapped', ${body}, { load: { vus: 0 } })`,
  'body.spec.ts': `scenario('no body', { cookies: 'always' })`,
  'for.spec.ts': `scenario.for(5)('each', ${body})`,
  'step.spec.ts': `expectLatency(scenario('shop', { steps: ['checkout', 'pay'] }, ${body}).step('checkout > pya')).p(95).toBeBelow('1s')`,
  'twins.spec.ts': `
    scenario('twin', { load: { iterations: 2 } }, async () => { await http.get('/first') })
    scenario('twin', { load: { vus: 2, iterationsPerVU: 3 } }, async () => { await http.get('/second') })
  `,
}

/** What Vitest prints of the errors of a file that could not be collected. */
function errorsIn(stderr: string): string[] {
  return [...stderr.matchAll(/LoadError: (.*?)\n ❯/gs)].map(([, text = '']) => text.trim())
}

it('tells everything that is wrong in a spec at once and before a request, and takes two scenarios of one name', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const files = Object.entries(specs).map(([path, text]) => [path, `${library}\n${text}\n`])
  const project = await createProject(Object.fromEntries(files) as Record<string, string>, {
    load: `baseUrl: '${server.url}', threads: 1,`,
    functional: '',
  })
  const { exitCode, stderr } = await project.vitest(['run', '--project', 'load'])
  expect(exitCode).toBe(1)
  expect(
    errorsIn(stderr)
      .toSorted((left, right) => left.localeCompare(right))
      .join('\n\n'),
  ).toMatchInlineSnapshot(`
    ".step("checkout > pya") of scenario 'shop': no such step in its option 'steps'. Did you mean 'checkout > pay'?

    Options of expectLatency(): 2 problems.
      - window: unknown option; known is of
      - of: expected 'response' or 'service'; received "sevice"

    Options of scenario '': 1 problem.
      - name: expected a text of 1 to 200 characters; received ""

    Options of scenario 'wrong': 11 problems.
      - data.user: expected rows([...]), csv('...') or another feeder of 'vitest-load'; received ["ann"]
      - cookies: expected 'iteration', 'vu' or 'none'; received true
      - steps.1: expected each name once; received "pay"
      - slo.errorRate: expected a ratio above 0, which the error rate can be below, or false; for no failure at all declare expectErrorRate(…).toBeBetween(0, 0); received 0
      - slo.check: unknown option; did you mean 'checks'?
      - setup: expected a function; received "login"
      - load.vus: expected a whole number from 1 to 100,000; received 0
      - load.duration: expected a duration of at most '596h', which is the longest that a timer can wait; received "1000h"
      - load.gracefulStop: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received "-1s"
      - load: 'rate' and 'iterations' contradict each other. Remove 'rate' or remove 'iterations'
      - load: 'rate' and 'vus' contradict each other. Remove 'rate' or write 'maxVUs' in place of 'vus'

    rows(): 2 problems.
      - items: expected an array with at least one row; received []
      - pik: unknown option; did you mean 'pick'?

    Scenario 'no body': 2 problems.
      - body: expected a function; received undefined
      - cookies: expected 'iteration', 'vu' or 'none'; received "always"

    Scenario 'swapped': 2 problems.
      - options: expected before the body; received {"load":{"vus":0}} after it. Write scenario(name, options, body)
      - load.vus: expected a whole number from 1 to 100,000; received 0

    scenario.for(): expected an array of cases, received 5. Write scenario.for([…])(name, options, body).

    The objective 'error rate': 1 problem.
      - limit: not a ratio: "300ms". Write a number from 0 to 1 or a percentage from '0%' to '100%'.

    The objective 'median' of 'fine' was declared twice. Keep one; use toBeBetween() for two bounds."
  `)
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /first': 2, 'GET /second': 6 })

  const folder = join(project.folder, '.vitest-load/results')
  const names = await readdir(folder)
  const results = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as RunResult),
  )
  const counts = results.map(({ scenario, requests }) => `${scenario}: ${requests.ok}`)
  expect(counts.toSorted((left, right) => left.localeCompare(right))).toEqual(['twin: 2', 'twin: 6'])
})
