import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, scenario, step, vu } from 'vitest-load'
  const load = { vus: 2, iterationsPerVU: 500 }
  const visit = () => step('visit', () => http.get('/').expect(200))

  scenario('rejects in the background', { load }, async () => {
    await visit()
    Promise.reject(new Error('nobody waits for this'))
  })
  scenario('throws in a timer', { load: { vus: 2, iterationsPerVU: 5 } }, async () => {
    setTimeout(() => { throw new Error('thrown by a timer') }, 0)
    await visit()
    await step('wait', () => new Promise((resolve) => setTimeout(resolve, 20)))
  })
  scenario('leaves timers', { load: { vus: 2, iterationsPerVU: 5 } }, async () => {
    setInterval(() => {}, 60_000)
    await visit()
  })
  scenario('awaits nothing', { load }, () => { void new Promise((resolve) => setTimeout(resolve, 5)) })
  scenario('awaits no request', { load: { vus: 2, iterationsPerVU: 5 } }, () => { void http.get('/') })
  scenario('never settles', { load: { vus: 4, duration: '500ms', gracefulStop: 0 }, slo: { errorRate: false } }, async () => {
    await visit()
    if (vu.id > 2) await step('wait', () => new Promise(() => {}))
    else if (vu.iteration > 0) await new Promise(() => {})
  })
  scenario('goes on afterwards', { load: { vus: 1, duration: '100ms', gracefulStop: 0 }, slo: { errorRate: false } }, async () => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      await visit().catch(() => {})
    }
  })
  scenario('fails at once', { load: { vus: 2, duration: '1s' }, slo: { errorRate: false } }, () => {
    if (vu.iteration > 0) throw new Error('sold out')
  })
  scenario('is left alone', { load }, visit)
`

it('counts, names and bounds what careless bodies do, and no load disturbs the next', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 1,`, functional: '' },
  )
  const { exitCode, stderr, results } = await project.vitest(['run', '--project', 'load'])
  expect(exitCode).toBe(1)
  expect(stderr).not.toContain('Unhandled')
  const told = [...results.values()].map(({ scenario, verdict, reasons, warnings, errors }) => [
    scenario,
    {
      verdict,
      reasons,
      warnings: warnings.map((warning) => warning.replace(/^(at least )?[\d,]+ (pauses|timers)/, '$1<n> $2')),
      // Whether a request is under way at the cut is chance, and how often a user fails within a second.
      errors: errors
        .filter(({ message }) => message !== 'cut because time was over')
        .map(({ category, message, step, count }) => `${category}: ${message} [${step}] ${count > 10 ? '' : count}`),
    },
  ])
  expect(Object.fromEntries(told)).toMatchInlineSnapshot(`
    {
      "awaits no request": {
        "errors": [],
        "reasons": [],
        "verdict": "pass",
        "warnings": [
          "10 requests were still running when their iteration had returned; await them, or their time is nobody’s",
        ],
      },
      "awaits nothing": {
        "errors": [],
        "reasons": [],
        "verdict": "pass",
        "warnings": [
          "the iterations recorded no step, request or check; does the body await what it starts?",
        ],
      },
      "fails at once": {
        "errors": [
          "script: sold out [] ",
        ],
        "reasons": [],
        "verdict": "pass",
        "warnings": [
          "the iterations recorded no step, request or check; does the body await what it starts?",
          "<n> pauses were made by virtual users whose iterations failed at once",
        ],
      },
      "goes on afterwards": {
        "errors": [
          "aborted: did not end although it was cut [] 1",
        ],
        "reasons": [
          "no iteration completed: 0 failed and 1 were cut",
        ],
        "verdict": "fail",
        "warnings": [
          "1 iteration did not end although cut: the body waits for something that never comes; the errors of category aborted tell where",
          "1 iteration was cut because time was over; the true duration is unknown",
        ],
      },
      "is left alone": {
        "errors": [],
        "reasons": [],
        "verdict": "pass",
        "warnings": [],
      },
      "leaves timers": {
        "errors": [],
        "reasons": [],
        "verdict": "pass",
        "warnings": [
          "at least <n> timers of the bodies still ran when the load had ended; clear them, or the next load pays for them",
        ],
      },
      "never settles": {
        "errors": [
          "aborted: did not end although it was cut [] 2",
          "aborted: did not end although it was cut [wait] 2",
        ],
        "reasons": [],
        "verdict": "pass",
        "warnings": [
          "4 iterations did not end although cut: the body waits for something that never comes; the errors of category aborted tell where",
          "4 iterations were cut because time was over; the true duration is unknown",
        ],
      },
      "rejects in the background": {
        "errors": [
          "script: nobody waits for this [] ",
        ],
        "reasons": [
          "1,000 errors were thrown where nobody could catch them: nobody waits for this. Await every promise, and catch what timers throw",
        ],
        "verdict": "fail",
        "warnings": [],
      },
      "throws in a timer": {
        "errors": [
          "script: thrown by a timer [] 10",
        ],
        "reasons": [
          "10 errors were thrown where nobody could catch them: thrown by a timer. Await every promise, and catch what timers throw",
        ],
        "verdict": "fail",
        "warnings": [],
      },
    }
  `)
  expect(results.get('fails at once')?.iterations.failed).toBeLessThan(100)
})
