import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

/** What every spec here begins with: which thread it is in, and a body that visits the target. */
const head = `
  import { afterEach, beforeAll } from 'vitest'
  import { expectLatency, http, scenario, step, think, vu } from 'vitest-load'
  const { thread } = globalThis[Symbol.for('vitest-load.thread-host')]
  const visit = async () => { await step('visit', () => http.get('/').expect(200)) }
  const load = { vus: 4, iterationsPerVU: 2 }
  const exit = () => process.reallyExit(3)
`

const specs = {
  'a-import.spec.ts': `${head}
    if (thread === 1) throw new Error('no such module')
    scenario('import', { load }, visit)
  `,
  'b-before-all.spec.ts': `${head}
    beforeAll(() => { console.log('before all of thread ' + thread); if (thread === 1) throw new Error('no database') })
    scenario('before all', { load }, visit)
  `,
  'c-after-each.spec.ts': `${head}
    afterEach(() => { if (thread === 1) throw new Error('not clean') })
    scenario('after each', { load }, visit)
  `,
  'd-follower.spec.ts': `${head}
    const dying = scenario('follower dies', { load: { vus: 4, duration: '20s' } }, async () => {
      await visit()
      if (thread === 1 && vu.iteration === 20) exit()
      await think('5ms')
    })
    expectLatency(dying).max.toBeBelow('30s')
    scenario('follower is gone', { load }, visit)
  `,
  'e-leader.spec.ts': `${head}
    scenario('before it', { load }, visit)
    const dying = scenario('leader dies', { load: { vus: 4, duration: '20s' } }, async () => {
      await visit()
      if (thread === 0 && vu.iteration === 20) exit()
      await think('5ms')
    })
    expectLatency(dying).max.toBeBelow('30s')
    expectLatency(dying.step('visit')).p(50).toBeBelow('1us')
    const late = scenario('leader is gone', { load }, visit)
    expectLatency(late).max.toBeBelow('30s')
  `,
  'g-late.spec.ts': `${head}
    import { afterAll } from 'vitest'
    afterAll(() => { if (thread === 1) process.reallyExit(4) })
    scenario('nothing is wrong', { load }, visit)
  `,
  'f-setup.spec.ts': `${head}
    if (thread === 0) setTimeout(exit, 0)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    scenario('leader dies at import', { load }, visit)
  `,
}

it('tells what a thread died of, with the results so far, and goes on with the next spec', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(specs, { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' })
  const { exitCode, stdout, stderr, results, tests } = await project.vitest(['run', '--project', 'load'])
  expect(exitCode).toBe(1)
  const told = [...tests].map(([name, { status, messages }]) => [
    name,
    messages[0]?.split('\n    at ')[0]?.replace(/was [\d.]+ .*/, 'was <figures>') ?? status,
  ])
  expect(Object.fromEntries(told)).toMatchInlineSnapshot(`
    {
      "after each load": "passed",
      "before all load": "LoadError: The load did not take place: thread 2 ended the spec without finishing this scenario: no database",
      "before it load": "passed",
      "follower dies load": "AssertionError: The load of 'follower dies' failed: thread 2 of the load generator was lost: it ended by itself with exit code 3.",
      "follower dies max": "passed",
      "follower is gone load": "LoadError: The load did not take place: thread 2 of the load generator was lost: it ended by itself with exit code 3.",
      "import load": "LoadError: The load did not take place: thread 2 could not load the spec: no such module",
      "leader dies load": "AssertionError: The load of 'leader dies' failed: thread 1 of the load generator was lost: it ended by itself with exit code 3.",
      "leader dies max": "passed",
      "leader dies visit median": "AssertionError: visit median was <figures>",
      "leader is gone load": "AssertionError: The load did not take place: thread 1 of the load generator was lost: it ended by itself with exit code 3.",
      "leader is gone max": "skipped",
      "nothing is wrong load": "passed",
    }
  `)
  expect(stdout).toContain('before all of thread 1')
  expect(stderr.match(/In thread \d of the load generator: .*/g)).toEqual([
    'In thread 2 of the load generator: not clean',
  ])
  expect(stderr).toContain('thread 1 of the load generator was lost: it ended by itself with exit code 3.')
  expect(stderr).toContain('thread 2 of the load generator was lost: it ended by itself with exit code 4.')
  expect([...results].map(([name, { verdict }]) => `${name}: ${verdict}`).toSorted()).toMatchInlineSnapshot(`
    [
      "after each: pass",
      "before it: pass",
      "follower dies: fail",
      "leader dies: fail",
      "nothing is wrong: pass",
    ]
  `)
  for (const name of ['follower dies', 'leader dies']) {
    const result = results.get(name)
    expect(result?.iterations.ok).toBeGreaterThan(0)
    expect(result?.durationMs).toBeLessThan(15_000)
    expect(stdout).toContain(`FAIL  ${name}`)
  }
})
