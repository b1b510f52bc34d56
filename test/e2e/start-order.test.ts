import { expect, it } from 'vitest'
import { json, startServer, type CountingServer } from './counting-server.ts'
import { createProject } from './project.ts'

const prelude = `
  import { beforeAll, describe } from 'vitest'
  import { http, scenario } from 'vitest-load'
  const visit = (path) => () => http.get(path).expect(200)
`

/** When the server heard of each path first and last, in milliseconds. */
async function startTimedServer(): Promise<{
  server: CountingServer
  firstMs: Map<string, number>
  lastMs: Map<string, number>
}> {
  const firstMs = new Map<string, number>()
  const lastMs = new Map<string, number>()
  const server = await startServer((request, response) => {
    const path = request.url ?? ''
    if (!firstMs.has(path)) firstMs.set(path, performance.now())
    lastMs.set(path, performance.now())
    json(response, {})
  })
  return { server, firstMs, lastMs }
}

it('starts a load at its time, and after another one, and refuses what could never start, on two threads', async () => {
  const { server, firstMs, lastMs } = await startTimedServer()
  const spec = `${prelude}
    describe.concurrent('a group', () => {
      scenario('seed', { load: { rate: 20, duration: '500ms' } }, visit('/seed'))
      scenario('late', { load: { rate: 20, duration: '500ms', startTime: '900ms' } }, visit('/late'))
      scenario('next', { load: { rate: 20, duration: '300ms', startAfter: 'seed' } }, visit('/next'))
      scenario('last', { load: { rate: 20, duration: '300ms', startAfter: 'next', startTime: '200ms' } }, visit('/last'))
      describe.concurrent('broken', () => {
        beforeAll(() => { throw new Error('no database') })
        scenario('none', visit('/none'))
      })
      scenario('anyway', { load: { startAfter: 'none' } }, visit('/anyway'))
      scenario.skip('skipped', visit('/skipped'))
      scenario('at once', { load: { startAfter: 'skipped' } }, visit('/at-once'))
    })
  `
  const impossible = `${prelude}
    scenario('first', visit('/never/first'))
    describe.concurrent('a group', () => {
      scenario('a', { load: { startAfter: 'b' } }, visit('/never/a'))
      scenario('b', { load: { startAfter: 'a' } }, visit('/never/b'))
      scenario('c', { load: { startAfter: 'first' } }, visit('/never/c'))
      scenario('d', { load: { startAfter: 'd' } }, visit('/never/d'))
    })
    scenario('alone', { load: { startAfter: 'first' } }, visit('/never/alone'))
  `
  const project = await createProject(
    { 'a.spec.ts': spec, 'b.spec.ts': impossible },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const { results, tests, stdout, stderr } = await project.vitest(['run', '--project', 'load'])

  const gapMs = (path: string, other: string): number => (firstMs.get(path) ?? Number.NaN) - (lastMs.get(other) ?? 0)
  expect(gapMs('/next', '/seed'), stdout).toBeGreaterThan(0)
  expect(gapMs('/last', '/next')).toBeGreaterThan(200)
  expect((firstMs.get('/late') ?? 0) - (firstMs.get('/seed') ?? 0)).toBeGreaterThan(700)
  expect(results.get('late')).toMatchObject({
    load: '20/s for 500ms, 900ms after the start',
    verdict: 'pass',
    iterations: { planned: 10, ok: 10 },
  })
  // Without the time before it.
  expect(results.get('late')?.durationMs).toBeLessThan(1300)
  expect(results.get('last')?.load).toBe("20/s for 300ms, 200ms after 'next'")
  expect(tests.get('a group broken none load')?.status).not.toBe('passed')
  for (const name of ['anyway', 'at once']) expect(results.get(name)?.verdict, name).toBe('pass')

  const output = stdout + stderr
  expect(output.slice(output.indexOf('LoadError: Order'), output.indexOf('❯ b.spec.ts:'))).toMatchInlineSnapshot(`
    "LoadError: Order of scenarios: 5 problems.
      - scenario 'a': startAfter "b" makes a circle: 'a' after 'b' after 'a'. Let one of them start first
      - scenario 'b': startAfter "a" makes a circle: 'b' after 'a' after 'b'. Let one of them start first
      - scenario 'c': startAfter "first" does not run at the same time. With it run 'a', 'b', 'd'; put both into one describe.concurrent(), or remove 'startAfter'
      - scenario 'd': startAfter "d" is itself. Name another scenario
      - scenario 'alone': startAfter "first" does not run at the same time. It runs alone; put both into one describe.concurrent(), or remove 'startAfter'
     "
  `)
  expect([...server.requests.keys()].filter((key) => key.includes('/never/'))).toEqual([])
})
