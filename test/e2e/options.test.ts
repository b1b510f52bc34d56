import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { RunResult } from 'vitest-load'
import { json, startServer } from './counting-server.ts'
import { createProject, type ProjectRun } from './project.ts'

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

const calls = `
  import { check, http, run, scenario, step, think, vu } from 'vitest-load'
  const load = { vus: 2, iterationsPerVU: 500 }
  const visit = () => http.get('/').expect(200)
  const paid = async () => { await visit(); return false }
  scenario('check of a promise', { load }, async () => { check('paid', paid()); await visit() })
  scenario('check of a request', { load }, async () => { check('paid', visit()) })
  scenario('check of a function', { load }, async () => { await visit(); check('paid', () => false) })
  scenario('check without a name', { load }, async () => { await visit(); check('', true) })
  scenario('step of a promise', { load: { iterations: 1 } }, async () => { await step('pay', visit()) })
  scenario('step of nothing', { load: { iterations: 1 } }, async () => { await step('pay') })
  scenario('step without a name', { load: { iterations: 1 } }, async () => { await step('', visit) })
  scenario('endless think', { load: { iterations: 1 } }, async () => { await think('1000h') })
  scenario('fail without a reason', { load: { iterations: 1 } }, () => { vu.fail() })
  scenario('abort without a reason', { load }, async () => { await visit(); run.abort() })
  scenario('loop around a step', { load: { duration: '300ms', gracefulStop: '100ms' } }, async () => {
    for (;;) await step('pay').catch(() => {})
  })
`

/** What the failed tests of a run say in the line that tells of the call. */
function failuresIn(tests: ProjectRun['tests']): Record<string, string | undefined> {
  const told = [...tests].map(([name, { messages, status }]): [string, string | undefined] => {
    const lines = (messages[0] ?? status).split('\n').map((line) => line.trim())
    return [name, lines.find((line) => line.startsWith('- ')) ?? lines[0]]
  })
  return Object.fromEntries(told)
}

/** The rows of the error tables. */
function errorsOf(results: ProjectRun['results']): Record<string, string[]> {
  const told = [...results].map(([name, { errors }]): [string, string[]] => [
    name,
    errors.map(({ category, message }) => `${category}: ${message}`),
  ])
  return Object.fromEntries(told.toSorted(([left], [right]) => left.localeCompare(right)))
}

it('refuses calls that would pass or break in each iteration alike, under load and in ordinary tests', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    { 'a.spec.ts': calls },
    {
      load: `baseUrl: '${server.url}', threads: 2,`,
      functional: `baseUrl: '${server.url}',`,
    },
  )
  const underLoad = await project.vitest(['run', '--project', 'load'])
  expect(underLoad.exitCode).toBe(1)
  expect(failuresIn(underLoad.tests)).toMatchInlineSnapshot(`
    {
      "abort without a reason load": "AssertionError: The load of 'abort without a reason' failed: run.abort() was called without a reason",
      "check of a function load": "- check('paid'): expected a condition, received a function, which would hold whatever it returns. Call it: check('paid', …()).",
      "check of a promise load": "- check('paid'): expected a condition, received a promise, which would hold whatever it comes to. Await it: check('paid', await …).",
      "check of a request load": "- check('paid'): expected a condition, received a promise, which would hold whatever it comes to. Await it: check('paid', await …).",
      "check without a name load": "- check(): expected a name, received "". Write check('name', condition).",
      "endless think load": "- no iteration completed: 1 failed and 0 were cut",
      "fail without a reason load": "- no iteration completed: 1 failed and 0 were cut",
      "loop around a step load": "AssertionError: The load of 'loop around a step' failed: no iteration completed: 0 failed and 1 were cut",
      "step of a promise load": "- no iteration completed: 1 failed and 0 were cut",
      "step of nothing load": "- no iteration completed: 1 failed and 0 were cut",
      "step without a name load": "- no iteration completed: 1 failed and 0 were cut",
    }
  `)
  expect(errorsOf(underLoad.results)).toMatchInlineSnapshot(`
    {
      "abort without a reason": [],
      "check of a function": [
        "script: check('paid'): expected a condition, received a function, which would hold whatever it returns. Call it: check('paid', …()).",
      ],
      "check of a promise": [
        "script: check('paid'): expected a condition, received a promise, which would hold whatever it comes to. Await it: check('paid', await …).",
      ],
      "check of a request": [
        "script: check('paid'): expected a condition, received a promise, which would hold whatever it comes to. Await it: check('paid', await …).",
      ],
      "check without a name": [
        "script: check(): expected a name, received "". Write check('name', condition).",
      ],
      "endless think": [
        "script: Too long a duration: "1000h". Write at most '596h', which is the longest that a timer can wait.",
      ],
      "fail without a reason": [
        "script: vu.fail() was called without a reason",
      ],
      "loop around a step": [
        "aborted: did not end although it was cut",
      ],
      "step of a promise": [
        "script: step('pay'): expected a function to run, received a promise, whose work began before the step. Write step('pay', () => …).",
      ],
      "step of nothing": [
        "script: step('pay'): expected a function to run, received undefined. Write step('pay', () => …).",
      ],
      "step without a name": [
        "script: step(): expected a name, received "". Write step('name', () => …).",
      ],
    }
  `)
  for (const [name, { iterations }] of underLoad.results)
    expect([name, iterations.started]).toEqual([name, expect.toSatisfy((count: number) => count < 500)])

  const ordinary = await project.vitest(['run', '--project', 'functional', '-t', '^(?!loop)'])
  expect(ordinary.exitCode).toBe(1)
  expect(failuresIn(ordinary.tests)).toMatchInlineSnapshot(`
    {
      "abort without a reason": "LoadError: run.abort() was called without a reason",
      "check of a function": "LoadError: check('paid'): expected a condition, received a function, which would hold whatever it returns. Call it: check('paid', …()).",
      "check of a promise": "LoadError: check('paid'): expected a condition, received a promise, which would hold whatever it comes to. Await it: check('paid', await …).",
      "check of a request": "LoadError: check('paid'): expected a condition, received a promise, which would hold whatever it comes to. Await it: check('paid', await …).",
      "check without a name": "LoadError: check(): expected a name, received "". Write check('name', condition).",
      "endless think": "LoadError: Too long a duration: "1000h". Write at most '596h', which is the longest that a timer can wait.",
      "fail without a reason": "LoadError: vu.fail() was called without a reason",
      "loop around a step": "skipped",
      "step of a promise": "LoadError: step('pay'): expected a function to run, received a promise, whose work began before the step. Write step('pay', () => …).",
      "step of nothing": "LoadError: step('pay'): expected a function to run, received undefined. Write step('pay', () => …).",
      "step without a name": "LoadError: step(): expected a name, received "". Write step('name', () => …).",
    }
  `)
  expect(`${underLoad.stderr}${ordinary.stderr}`).not.toContain('Unhandled')
})
