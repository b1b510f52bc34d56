import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const head = `
  import { http, scenario, step, vu } from 'vitest-load'
  const { thread } = globalThis[Symbol.for('vitest-load.thread-host')]
  const load = { vus: 4, duration: '500ms', gracefulStop: 0 }
  const block = () => { for (;;); }
  const spinInMicrotasks = async () => { for (;;) await undefined }
`

const specs = {
  'a-leader.spec.ts': `${head}
    scenario('leader blocks', { load }, async () => {
      await step('visit', () => http.get('/').expect(200))
      if (thread === 0 && vu.iteration === 5) block()
    })
    scenario('after it', { load }, () => {})
  `,
  'b-follower.spec.ts': `${head}
    scenario('follower blocks', { load }, async () => {
      await step('visit', () => http.get('/').expect(200))
      if (thread === 1 && vu.iteration === 5) await spinInMicrotasks()
    })
  `,
}

/** Start-up of Vitest on a busy machine, which is none of a scenario's time. */
const startUpMs = 60_000

it('ends a thread that blocks for ever, in time and with the results so far', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(specs, { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' })
  const startedAtMs = performance.now()
  const { exitCode, results, tests } = await project.vitest(['run', '--project', 'load'])
  const elapsedMs = performance.now() - startedAtMs
  expect(exitCode).toBe(1)
  // Each of the two: duration, no graceful stop, and five seconds at most.
  expect(elapsedMs).toBeLessThan(2 * (500 + 5000) + startUpMs)
  const told = [...tests].map(([name, { status, messages }]) => [
    name,
    messages[0]?.split('\n    at ')[0]?.replace(/for [\d.]+ s/, 'for <time>') ?? status,
  ])
  expect(Object.fromEntries(told)).toMatchInlineSnapshot(`
    {
      "after it load": "AssertionError: The load did not take place: thread 1 of the load generator was lost: it has not answered for <time>: something in it blocks the event loop, such as a loop that never awaits.",
      "follower blocks load": "AssertionError: The load of 'follower blocks' failed: thread 2 of the load generator was lost: it has not answered for <time>: something in it blocks the event loop, such as a loop that never awaits.",
      "leader blocks load": "AssertionError: The load of 'leader blocks' failed: thread 1 of the load generator was lost: it has not answered for <time>: something in it blocks the event loop, such as a loop that never awaits.",
    }
  `)
  for (const name of ['leader blocks', 'follower blocks']) {
    expect(results.get(name)).toMatchObject({ verdict: 'fail' })
    expect(results.get(name)?.durationMs).toBeLessThan(500 + 5000)
    expect(results.get(name)?.iterations.ok).toBeGreaterThan(0)
  }
})
