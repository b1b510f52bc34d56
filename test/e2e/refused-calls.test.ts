import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject, type ProjectRun } from './project.ts'

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
