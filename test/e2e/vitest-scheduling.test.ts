import { describe, expect, it } from 'vitest'
import { json, startServer, type CountingServer } from './counting-server.ts'
import { createProject, type Project, type ProjectRun } from './project.ts'

/** Two files of two scenarios; the first one's objective fails. */
const files = {
  'a.spec.ts': `
    import { expectLatency, http, scenario } from 'vitest-load'
    const alpha = scenario('alpha', { load: { vus: 2, iterations: 4 } }, async () => { await http.get('/alpha').expect(200) })
    expectLatency(alpha).p(95).toBeBelow('1us')
    scenario('beta', { load: { vus: 2, iterations: 4 } }, async () => { await http.get('/beta').expect(200) })
  `,
  'b.spec.ts': `
    import { http, scenario } from 'vitest-load'
    scenario('gamma', { load: { vus: 2, iterations: 4 } }, async () => { await http.get('/gamma').expect(200) })
    scenario('delta', { load: { vus: 2, iterations: 4 } }, async () => { await http.get('/delta').expect(200) })
  `,
}

const once = { 'GET /alpha': 4, 'GET /beta': 4, 'GET /gamma': 4, 'GET /delta': 4 }

interface Setup {
  readonly server: CountingServer
  readonly project: Project
  /** Paths in the order in which they were asked for, neighbours that are the same as one. */
  readonly order: string[]
}

async function setUp(sources: Readonly<Record<string, string>> = files, config: string = ''): Promise<Setup> {
  const order: string[] = []
  const server = await startServer((request, response) => {
    if (order.at(-1) !== request.url) order.push(request.url ?? '')
    setImmediate(() => json(response, {}))
  })
  const project = await createProject(sources, {
    load: `baseUrl: '${server.url}', threads: 2, ${config}`,
    functional: '',
  })
  return { server, project, order }
}

function statuses({ tests }: ProjectRun): Record<string, string> {
  return Object.fromEntries([...tests].map(([name, { status }]) => [name, status]))
}

describe('flags that schedule tests', () => {
  it('never make a load run again or beside another', async () => {
    const { server, project, order } = await setUp(
      files,
      'config: { test: { retry: 3, repeats: 3, isolate: false, maxWorkers: 3, fileParallelism: true, sequence: { concurrent: true } } },',
    )
    const run = await project.vitest([
      ...'--run --project load --retry=2 --repeats=2 --isolate=false --maxWorkers=4'.split(' '),
      ...'--sequence.concurrent --sequence.shuffle --sequence.seed=7 --sequence.groupOrder=2'.split(' '),
      ...'--sequence.hooks=parallel --sequence.setupFiles=parallel --maxConcurrency=1'.split(' '),
    ])
    expect(run.exitCode).toBe(1)
    expect(Object.fromEntries(server.requests)).toEqual(once)
    expect(order).toHaveLength(4)
    expect(statuses(run)).toEqual({
      'alpha load': 'passed',
      'alpha p(95)': 'failed',
      'beta load': 'passed',
      'gamma load': 'passed',
      'delta load': 'passed',
    })
  })

  it('keep files apart also on one worker without isolation', async () => {
    const { server, project, order } = await setUp()
    const { exitCode } = await project.vitest(['run', '--project', 'load', '--no-isolate', '--no-file-parallelism'])
    expect(exitCode).toBe(1)
    expect(Object.fromEntries(server.requests)).toEqual(once)
    expect(order).toHaveLength(4)
  })
})

it('does not bound a load by timeouts of Vitest, which are for hooks of Vitest', async () => {
  const sources = {
    'a.spec.ts': `
      import { http, scenario } from 'vitest-load'
      const soon = () => new Promise((resolve) => setTimeout(resolve, 30))
      scenario('long', { load: { iterations: 2 }, before: soon, setup: soon, teardown: soon, after: soon }, async () => {
        await soon()
        await http.get('/long')
      })
    `,
    'b.spec.ts': `
      import { beforeAll } from 'vitest'
      import { http, scenario } from 'vitest-load'
      beforeAll(() => new Promise(() => {}))
      scenario('never starts', { load: { iterations: 2 } }, async () => { await http.get('/never') })
    `,
  }
  const { server, project } = await setUp(sources, 'config: { test: { hookTimeout: 20 } },')
  const run = await project.vitest(['run', '--project', 'load', '--testTimeout=1'])
  expect(run.exitCode).toBe(1)
  expect(statuses(run)).toEqual({ 'long load': 'passed', 'never starts load': 'skipped' })
  expect(run.stderr).toContain('Hook timed out in 20ms')
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /long': 2 })
})

it('starts no further load once --bail is reached', async () => {
  // Whichever file Vitest takes first, its first scenario fails.
  const { server, project, order } = await setUp({
    'a.spec.ts': files['a.spec.ts'],
    'b.spec.ts': files['a.spec.ts'].replaceAll('alpha', 'gamma').replaceAll('beta', 'delta'),
  })
  const run = await project.vitest(['run', '--project', 'load', '--bail=1'])
  expect(run.exitCode).toBe(1)
  expect(['/alpha', '/gamma']).toEqual(expect.arrayContaining(order))
  expect(server.total).toBe(4)
  expect(run.results.size).toBe(1)
  expect(Object.values(statuses(run)).filter((status) => status === 'failed')).toHaveLength(1)
})

it('splits files over shards, and fails a merge of their blobs by the objective that failed', async () => {
  const { server, project, order } = await setUp()
  const shards = []
  for (const shard of ['1/2', '2/2'])
    shards.push(await project.vitest(['run', '--project', 'load', `--shard=${shard}`, '--reporter=blob']))
  expect(shards.map(({ exitCode }) => exitCode)).toEqual(expect.arrayContaining([0, 1]))
  expect(Object.fromEntries(server.requests)).toEqual(once)

  order.length = 0
  const merged = await project.vitest(['run', '--project', 'load', '--merge-reports'])
  expect(merged.exitCode).toBe(1)
  expect(order).toEqual([])
  expect(merged.stderr).toMatch(/AssertionError: p\(95\) was .+ over the limit of 1 µs \(4 samples\)/)
  expect(merged.tests.get('gamma load')?.meta['load']).toMatchObject({ scenario: 'gamma', verdict: 'pass' })
  expect(merged.tests.size).toBe(5)
})

it('runs scenarios of describe.concurrent at once, however small --maxConcurrency is', async () => {
  const waiting: (() => void)[] = []
  const server = await startServer((_request, response) => {
    waiting.push(() => json(response, {}))
    // Nobody gets an answer before all are there.
    if (waiting.length === 3) for (const answer of waiting) answer()
  })
  const project = await createProject(
    {
      'a.spec.ts': `
        import { describe } from 'vitest'
        import { http, scenario } from 'vitest-load'
        const meet = async () => { await http.get('/meet', { timeout: '20s' }).expect(200) }
        describe.concurrent('together', () => {
          scenario('one', { load: { iterations: 1 } }, meet)
          scenario('two', { load: { iterations: 1 } }, meet)
        })
        scenario.concurrent('three', { load: { iterations: 1 } }, meet)
      `,
    },
    { load: `baseUrl: '${server.url}', threads: 1, config: { test: { maxConcurrency: 1 } },`, functional: '' },
  )
  const run = await project.vitest(['run', '--project', 'load', '--maxConcurrency=1'])
  expect(statuses(run)).toEqual({
    'together one load': 'passed',
    'together two load': 'passed',
    'three load': 'passed',
  })
  expect(run.exitCode).toBe(0)
})
