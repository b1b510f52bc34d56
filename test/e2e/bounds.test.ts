import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { RunResult, RunSummary } from 'vitest-load'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const iterations = 2000

/** How busy this machine is is not the question here. */
const anyMachine = 'validity: { eventLoopDelay: false }'

const spec = `
  import { check, expectErrorRate, expectLatency, http, scenario, step, vu } from 'vitest-load'

  const untidy = scenario('untidy', { load: { vus: 20, iterations: ${iterations} } }, async () => {
    const id = vu.id + 'x' + vu.iteration + ' with a long name'.repeat(9)
    await step('buy ' + id, () => http.get('/things/of-' + id.slice(0, 20)).expect(200))
    check('price of ' + id, true)
    await http.get('/named', { name: 'thing ' + id })
    await step('order', () => { throw new Error('no stock of ' + id) }).catch(() => {})
    await step('pay', () => check('paid', vu.iteration % 2 === 0))
  })
  expectLatency(untidy.step('bye')).p(95).toBeBelow('1s')
  expectErrorRate(untidy).toBeBelow('1%')

  const page = 'x'.repeat(5_000_000)
  scenario('huge', { load: { vus: 2, iterations: 8 }, slo: { errorRate: false } }, async () => {
    check(vu.iteration + page, true)
    await step(vu.iteration + page, () => http.get('/huge').text())
    await http.get('/named', { name: vu.iteration + page })
    throw new Error(vu.id + ' ' + vu.iteration + ' ' + page)
  })

  scenario('huge setup', { load: { vus: 2 }, setup: () => { throw new Error(page) } }, () => {})
`

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0)
}

function countsOf(result: RunResult | undefined, kind: 'step' | 'request'): number {
  return sum((result?.series ?? []).filter((one) => one.kind === kind).map((one) => one.ok + one.failed))
}

it('keeps every output small and every count right, whatever names and messages hold', async () => {
  const answer = 'y'.repeat(10_000_000)
  const server = await startServer((request, response) => {
    if (request.url === '/huge') response.writeHead(500, { 'content-type': 'text/plain' }).end(answer)
    else json(response, {})
  })
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2, ${anyMachine}`, functional: '' },
  )
  const { exitCode, stdout, stderr, results, tests } = await project.vitest(['run', '--project', 'load'])
  expect(exitCode).toBe(1)
  expect([...tests].map(([name, { status }]) => `${name}: ${status}`)).toEqual([
    'untidy load: failed',
    'untidy bye p(95): failed',
    'untidy error rate: passed',
    'huge load: failed',
    'huge setup load: failed',
  ])

  const [untidy, huge] = [results.get('untidy'), results.get('huge')]
  expect(server.total).toBe(2 * iterations + 2 * 8)
  expect([untidy?.requests.ok, countsOf(untidy, 'request')]).toEqual([2 * iterations, 2 * iterations])
  expect([huge?.requests.ok, huge?.requests.failed]).toEqual([8, 8])
  expect(untidy?.iterations.ok).toBe(iterations)
  expect(countsOf(untidy, 'step')).toBe(3 * iterations)
  expect(sum(untidy?.checks.map(({ passed, failed }) => passed + failed) ?? [])).toBe(2 * iterations)
  expect(sum(untidy?.errors.map(({ count }) => count) ?? [])).toBe(iterations)
  expect(untidy?.errors.length).toBe(101)
  expect(untidy?.warnings.filter((warning) => warning.includes("'other'"))).toHaveLength(1)

  const summary = tests.get('untidy load')?.meta['load'] as RunSummary
  expect(summary.series.length + (summary.omitted?.series ?? 0)).toBe(untidy?.series.length)
  expect(summary.omitted?.series).toBeGreaterThan(0)
  expect(summary.warnings.at(-1)).toContain('this summary leaves out')
  expect(summary.requests).toEqual(untidy?.requests)

  for (const { messages, meta } of tests.values()) {
    expect(JSON.stringify(messages).length).toBeLessThan(20_000)
    expect(Buffer.byteLength(JSON.stringify(meta))).toBeLessThan(256_000)
  }
  const folder = join(project.folder, '.vitest-load/results')
  for (const name of await readdir(folder)) expect((await stat(join(folder, name))).size).toBeLessThan(2_000_000)
  expect(stdout.length).toBeLessThan(50_000)
  expect(stderr.length).toBeLessThan(50_000)
})
