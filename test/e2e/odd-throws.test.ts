import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { describe, expect, onTestFailed, onTestFinished } from 'vitest'
  import { check, http, scenario, step, vu } from 'vitest-load'
  const { thread } = globalThis[Symbol.for('vitest-load.thread-host')]
  const slo = { errorRate: false }
  const load = { vus: 2, iterationsPerVU: 20 }
  const visit = () => step('visit', () => http.get('/').expect(200))
  const odd = [
    () => Object.assign(new Error(), { message: ['name must be text'] }),
    () => Object.create(null),
    () => ({ toString() { throw new Error('no text') } }),
    () => Object.defineProperty(new Error(), 'message', { get() { throw new Error('no message') } }),
    () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy },
    () => Symbol('odd'), () => null, () => undefined, () => Object.freeze(new Error('frozen')),
  ]

  scenario('throws odd things', { load, slo }, async () => {
    await visit()
    if (vu.iteration < odd.length) throw odd[vu.iteration]()
  })
  scenario('rejects odd things', { load: { vus: 2, iterationsPerVU: odd.length }, slo }, async () => {
    Promise.reject(odd[vu.iteration]())
    await visit()
  })
  scenario('fails oddly to be torn down', { load, slo, teardown: () => { if (vu.id === 1) throw odd[1]() } }, visit)
  scenario('fails oddly to be set up', { load, slo, setup: () => { if (vu.id === 1) throw odd[3]() } }, visit)
  scenario('waits for what never comes', { load: { vus: 2, duration: '200ms', gracefulStop: 0 }, slo }, async () => {
    await expect(new Promise(() => {})).resolves.toBe(1)
  })
  scenario('does not await a matcher', { load: { vus: 2, duration: '200ms' } }, async () => {
    void expect.poll(() => 1, { timeout: 20 }).toBe(2)
    await visit()
  })
  scenario('registers a hook of a test', { load, slo }, async () => { onTestFailed(() => {}); await visit() })
  scenario('registers another', { load, slo }, async () => { onTestFinished(() => {}); await visit() })
  scenario('leaves a bomb', { load: { vus: 2, iterations: 2 } }, async () => {
    setTimeout(() => { throw new Error('late') }, 700)
    await visit()
  })
  scenario('is innocent', { load: { vus: 2, duration: '2s' } }, visit)
  scenario('stops the clock', { load: { vus: 2, duration: '300ms', gracefulStop: '20s' } }, async () => {
    const { now } = performance
    performance.now = () => 0
    try { await visit() } finally { performance.now = now }
  })
`

it('measures and ends loads whose bodies throw what is no error, or play with the test they run in', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const { exitCode, stderr, results } = await project.vitest(['run', '--project', 'load'])
  expect(exitCode).toBe(1)
  const told = [...results.values()].map(({ scenario, verdict, reasons, errors }) => [
    scenario,
    {
      verdict,
      reasons: reasons.map((reason) => reason.replace(/\d+ (failed|errors? were|errors? was)/, '<n> $1')),
      errors: errors.map(({ category, message }) => `${category}: ${message}`).toSorted(),
    },
  ])
  expect(Object.fromEntries(told)).toMatchInlineSnapshot(`
    {
      "does not await a matcher": {
        "errors": [],
        "reasons": [],
        "verdict": "pass",
      },
      "fails oddly to be set up": {
        "errors": [],
        "reasons": [
          "setup failed for 1 of 2 virtual users: something was thrown that cannot be shown",
        ],
        "verdict": "fail",
      },
      "fails oddly to be torn down": {
        "errors": [],
        "reasons": [
          "teardown failed for 1 of 2 virtual users: something was thrown that cannot be shown",
        ],
        "verdict": "fail",
      },
      "is innocent": {
        "errors": [],
        "reasons": [],
        "verdict": "pass",
      },
      "leaves a bomb": {
        "errors": [],
        "reasons": [],
        "verdict": "pass",
      },
      "registers a hook of a test": {
        "errors": [
          "script: onTestFailed() does not work under load. Iterations are no tests of their own. Use try … finally, or teardown for each virtual user.",
        ],
        "reasons": [
          "onTestFailed() does not work under load. Iterations are no tests of their own. Use try … finally, or teardown for each virtual user.",
          "no iteration completed: <n> failed and 0 were cut",
        ],
        "verdict": "fail",
      },
      "registers another": {
        "errors": [
          "script: onTestFinished() does not work under load. Iterations are no tests of their own. Use try … finally, or teardown for each virtual user.",
        ],
        "reasons": [
          "onTestFinished() does not work under load. Iterations are no tests of their own. Use try … finally, or teardown for each virtual user.",
          "no iteration completed: <n> failed and 0 were cut",
        ],
        "verdict": "fail",
      },
      "rejects odd things": {
        "errors": [
          "script: Symbol(odd)",
          "script: frozen",
          "script: name must be text",
          "script: null",
          "script: something was thrown that cannot be shown",
          "script: undefined",
        ],
        "reasons": [
          "<n> errors were thrown where nobody could catch them: name must be text. Await every promise, and catch what timers throw",
        ],
        "verdict": "fail",
      },
      "stops the clock": {
        "errors": [],
        "reasons": [],
        "verdict": "pass",
      },
      "throws odd things": {
        "errors": [
          "script: Symbol(odd)",
          "script: frozen",
          "script: name must be text",
          "script: null",
          "script: something was thrown that cannot be shown",
          "script: undefined",
        ],
        "reasons": [],
        "verdict": "pass",
      },
      "waits for what never comes": {
        "errors": [
          "aborted: did not end although it was cut",
        ],
        "reasons": [
          "no iteration completed: <n> failed and 2 were cut",
        ],
        "verdict": "fail",
      },
    }
  `)
  expect(results.get('throws odd things')?.iterations).toMatchObject({ started: 40, failed: 18, ok: 22 })
  expect(results.get('stops the clock')?.durationMs).toBeLessThan(15_000)
  expect(stderr).toContain('was not awaited')
  expect(stderr).toContain("Left behind by scenario 'leaves a bomb', after its load: late")
})
