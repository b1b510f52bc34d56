import { expect, it } from 'vitest'
import { json, startServer, type CountingServer } from './counting-server.ts'
import { createProject } from './project.ts'

const prelude = `
  import { describe } from 'vitest'
  import { expectThroughput, http, mix, scenario } from 'vitest-load'
  const visit = (path) => () => http.get(path).expect(200)
`

/** When the server heard of each path first and last, in milliseconds. */
type Spans = Map<string, { firstMs: number; lastMs: number }>

async function startTimedServer(): Promise<{ server: CountingServer; spans: Spans }> {
  const spans: Spans = new Map()
  const server = await startServer((request, response) => {
    const nowMs = performance.now()
    const span = spans.get(request.url ?? '') ?? { firstMs: nowMs, lastMs: nowMs }
    spans.set(request.url ?? '', { ...span, lastMs: nowMs })
    json(response, {})
  })
  return { server, spans }
}

function expectTogether(spans: Spans, paths: readonly string[]): void {
  const all = paths.map((path) => spans.get(path) ?? expect.fail(`nothing of ${path}`))
  const lastStartMs = Math.max(...all.map(({ firstMs }) => firstMs))
  expect(lastStartMs, `all of ${paths.join(', ')} run`).toBeLessThan(Math.min(...all.map(({ lastMs }) => lastMs)))
}

it('runs scenarios together where the spec says so, and otherwise one after another', async () => {
  const { server, spans } = await startTimedServer()
  const spec = `${prelude}
    const shares = [40, 20, 10, 10, 10, 5, 5]
    const handles = mix('shop', { load: { rate: 200, duration: '500ms' } }, () =>
      shares.map((weight, index) => scenario('part ' + index, { weight }, visit('/mix/' + index))))
    expectThroughput(handles[0]).toBeAbove('10/s')
    mix('shop at night', { load: { rate: 20, duration: '300ms' } }, () => {
      scenario('reading', visit('/night/reading'))
      scenario.todo('writing')
      scenario('paying', visit('/night/paying'))
    })
    describe.concurrent('a group', () => {
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
        scenario('group ' + name, { load: { rate: 30, duration: '400ms' } }, visit('/group/' + name))
    })
    for (const name of ['x', 'y'])
      scenario.concurrent('beside ' + name, { load: { rate: 30, duration: '400ms' } }, visit('/beside/' + name))
    scenario('first', { load: { rate: 20, duration: '200ms' } }, visit('/first'))
    scenario('second', { load: { rate: 20, duration: '200ms' } }, visit('/second'))
  `
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const { results, tests, exitCode, stdout } = await project.vitest(['run', '--project', 'load'])

  expect(exitCode, stdout).toBe(0)
  const shares = [40, 20, 10, 10, 10, 5, 5]
  for (const [index, share] of shares.entries()) {
    const result = results.get(`part ${index}`)
    expect(result?.load).toBe(`${share * 2}/s for 500ms`)
    expect(result?.iterations).toMatchObject({ planned: share, ok: share, dropped: 0 })
    expect(server.requests.get(`GET /mix/${index}`)).toBe(share)
  }
  expect(tests.get('shop part 0 throughput')?.status).toBe('passed')

  expectTogether(
    spans,
    shares.map((_, index) => `/mix/${index}`),
  )
  expectTogether(
    spans,
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `/group/${name}`),
  )
  expectTogether(spans, ['/night/reading', '/night/paying'])
  expectTogether(spans, ['/beside/x', '/beside/y'])
  expect(spans.get('/mix/0')?.lastMs).toBeLessThan(spans.get('/night/reading')?.firstMs ?? 0)
  expect(spans.get('/first')?.lastMs).toBeLessThan(spans.get('/second')?.firstMs ?? 0)
  expect(spans.get('/beside/x')?.lastMs).toBeLessThan(spans.get('/first')?.firstMs ?? 0)
})

it('divides what the environment says, and runs what is selected with the part that it has', async () => {
  const { server } = await startTimedServer()
  const spec = `${prelude}
    mix('shop', { load: { vus: 100, duration: '1h' } }, () => {
      scenario('browsing', { weight: 3 }, visit('/browsing'))
      scenario('buying', visit('/buying'))
    })
  `
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const { results, tests } = await project.vitest(['run', '--project', 'load', '-t', 'buying'], {
    LOAD_VUS: '4',
    LOAD_ITERATIONS: '40',
  })
  expect([...results.keys()]).toEqual(['buying'])
  expect(results.get('buying')).toMatchObject({ load: '10 iterations by 1 VU', iterations: { ok: 10 } })
  expect(tests.get('shop browsing load')?.status).toBe('skipped')
  expect(server.total).toBe(10)
})
