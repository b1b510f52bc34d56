import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { beforeEach } from 'vitest'
  import { check, expectLatency, http, rows, run, scenario, vu } from 'vitest-load'

  beforeEach(async () => { await http.get('/each').expect(200) })
  const fail = (message) => { throw new Error(message) }
  const visit = async () => { await http.get('/') }
  const load = { vus: 4, iterationsPerVU: 1 }

  scenario('aborts before', { load, before: () => run.abort('no stock') }, visit)

  const after = scenario('after throws', { load, after: () => fail('not clean') }, visit)
  expectLatency(after).max.toBeBelow('30s')
  expectLatency(after).mean.toBeAbove('31s')

  scenario('after aborts', { load, after: () => run.abort('dirty') }, visit)

  scenario('fails twice', { load, after: () => fail('not clean') }, () => fail('sold out'))

  scenario('setup fails', { load, setup: () => { if (vu.id <= 2) throw new Error('no account') } }, visit)

  scenario('hangs', { load: { vus: 4, duration: '100ms', gracefulStop: 0 } }, () => new Promise(() => {}))

  scenario('forgets requests', {
    load,
    setup: async () => { void http.get('/slow'); await http.get('/seeded/' + vu.random()) },
    teardown: async () => { void http.get('/slow'); await http.get('/seeded/' + vu.random()) },
  }, visit)

  const user = rows(['a', 'b', 'c'], { pick: 'unique' })
  scenario('exhausted', { load: { vus: 1, duration: '30s' }, data: { user }, slo: { errorRate: false } }, visit)

  scenario('one user', { load: { vus: 1, duration: '300ms' } }, visit)
`

/** The message without stack and measured time. */
function normalise(message: string): string | undefined {
  return message.replace(/was [\d.]+ \S+ [\d.]+ s under/, 'was <time> under').split('\n    at ')[0]
}

it('judges a load also where its hooks fail, and adds up what the threads count', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/slow') setTimeout(() => json(response, {}), 100)
    else json(response, {})
  })
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const { results, tests } = await project.vitest(['run', '--project', 'load'])
  const firstLines = [...tests].map(([name, { status, messages }]) => [
    name,
    status === 'failed' ? messages.map((message) => normalise(message)) : status,
  ])
  expect(Object.fromEntries(firstLines)).toMatchInlineSnapshot(`
    {
      "aborts before load": [
        "LoadError: before() of 'aborts before' aborted the run: no stock",
      ],
      "after aborts load": [
        "LoadError: after() of 'after aborts' aborted the run: dirty",
      ],
      "after throws load": [
        "LoadError: after() of 'after throws' threw: not clean",
      ],
      "after throws max": "passed",
      "after throws mean": [
        "AssertionError: mean was <time> under the limit of 31 s (4 samples)",
      ],
      "exhausted load": [
        "AssertionError: The load of 'exhausted' failed: rows() with pick 'unique' has 3 rows, and more iterations than that want one. Add rows, run fewer iterations, or pick 'sequential'.",
      ],
      "fails twice load": [
        "AssertionError: The load of 'fails twice' failed:
      - no iteration completed: 4 failed and 0 were cut
      - error rate was 100 %, 99 % over the limit of 1 % (4 iterations)
    Most frequent failures:
      caqep1  4 × script: sold out",
        "LoadError: after() of 'fails twice' threw: not clean",
      ],
      "forgets requests load": "passed",
      "hangs load": [
        "AssertionError: The load of 'hangs' failed: no iteration completed: 0 failed and 4 were cut",
      ],
      "one user load": "passed",
      "setup fails load": [
        "AssertionError: The load of 'setup fails' failed:
      - setup failed for 2 of 4 virtual users: no account
      - no iteration was started",
      ],
    }
  `)
  expect(results.get('after throws')).toMatchObject({ verdict: 'fail', reasons: [], iterations: { ok: 4 } })
  expect(tests.get('after throws load')?.meta).toMatchObject({ load: { iterations: { ok: 4 } } })
  expect(results.has('aborts before')).toBe(false)
  expect(results.get('hangs')?.warnings[0]).toContain('4 iterations did not end')

  const forgetful = results.get('forgets requests')
  const slow = forgetful?.series.find(({ name }) => name === 'GET /slow')
  expect(slow).toMatchObject({ kind: 'hook', ok: 8, aborted: 0 })
  expect([...server.requests.keys()].filter((key) => key.startsWith('GET /seeded/'))).toHaveLength(8)

  expect(results.get('exhausted')?.durationMs).toBeLessThan(20_000)
  expect(results.get('exhausted')?.iterations.ok).toBe(3)
  expect(results.get('one user')?.health.map(({ thread }) => thread)).toEqual([1])
})
