import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
import { check, expectChecks, expectErrorRate, expectLatency, expectThroughput, http, run, scenario, step } from 'vitest-load'

const load = { vus: 2, iterations: 20 }

const slow = scenario('slow', { load }, async () => {
  await step('checkout', () => http.get('/slow').expect(200))
  check('half the time', (await http.get('/')).status === 200)
})
expectLatency(slow.step('checkout')).p(95).toBeBelow('5ms')
expectLatency(slow.step('chekout')).p(95).toBeBelow('5s')
expectLatency(slow.request('GET /slow'), { of: 'service' }).median.toBeBetween('1us', '30s')
expectThroughput(slow).toBeAbove('100000/s')
expectErrorRate(slow).toBeBelow('50%')
expectChecks(slow).toBeAbove(0.5)

scenario('dead target', { load }, async () => {
  await http.get('http://127.0.0.1:1/')
})

scenario('nothing declared', { load }, async () => {
  await http.get('/404')
})

scenario('failing checks', { load }, async () => {
  await http.get('/')
  check('never', false)
})

scenario('aborted', { load: { vus: 2, duration: '20s' } }, async () => {
  await http.get('/')
  run.abort('seen enough')
})

scenario('no preparation', { load, before: () => { throw new Error('no database') } }, async () => {
  await http.get('/')
})
`

it('fails each objective on its own line, and the load for what nobody declared', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/slow') setTimeout(() => json(response, {}), 10)
    else json(response, {}, request.url === '/404' ? 404 : 200)
  })
  const project = await createProject({ 'a.spec.ts': spec }, { load: `baseUrl: '${server.url}',` })
  const { exitCode, tests, stdout, stderr } = await project.vitest(['run', '--project', 'load'], { LOAD_THREADS: '2' })
  expect(exitCode).toBe(1)
  expect(Object.fromEntries([...tests].map(([name, test]) => [name, test.status]))).toEqual({
    'slow load': 'passed',
    'slow checkout p(95)': 'failed',
    'slow chekout p(95)': 'failed',
    'slow GET /slow median of service time': 'passed',
    'slow throughput': 'failed',
    'slow error rate': 'passed',
    'slow checks': 'passed',
    'dead target load': 'failed',
    'nothing declared load': 'failed',
    'failing checks load': 'failed',
    'aborted load': 'failed',
    'no preparation load': 'failed',
  })
  const breach = tests.get('slow checkout p(95)')?.messages[0] ?? ''
  expect(normalise(breach)).toMatch(
    /^AssertionError: checkout p\(95\) was N ms, N ms over the limit of N ms \(N samples\)/,
  )
  expect(breach).toContain('a.spec.ts:10:')
  expect(normalise(stderr)).toContain('Expected: "p(95) < N ms"\nReceived: "p(95) = N ms"')
  expect(stderr).toContain(`10| expectLatency(slow.step('checkout')).p(95).toBeBelow('5ms')`)
  expect(firstLine(tests.get('slow chekout p(95)')?.messages[0])).toBe(
    "AssertionError: chekout p(95) could not be judged: there was no step named 'chekout'; known are 'checkout'. Did you mean 'checkout'?",
  )
  expect(tests.get('dead target load')?.messages[0]).toContain('no iteration completed: 20 failed and 0 were cut')
  expect(firstLine(tests.get('nothing declared load')?.messages[0])).toContain("The load of 'nothing declared' failed")
  expect(tests.get('nothing declared load')?.messages[0]).toContain(
    'error rate was 100 %, 99 % over the limit of 1 % (20 iterations)',
  )
  expect(firstLine(tests.get('failing checks load')?.messages[0])).toBe(
    "AssertionError: The load of 'failing checks' failed: checks was 0 %, 99 % under the limit of 99 % (20 checks)",
  )
  expect(firstLine(tests.get('aborted load')?.messages[0])).toBe(
    "AssertionError: The load of 'aborted' failed: seen enough",
  )
  expect(firstLine(tests.get('no preparation load')?.messages[0])).toContain(
    "before() of 'no preparation' threw: no database",
  )
  expect(stdout).toContain('FAIL  slow: 3 of 6 SLOs breached')
  expect(tests.get('slow load')?.meta['load']).toMatchObject({
    version: 1,
    scenario: 'slow',
    verdict: 'fail',
    threads: 2,
  })
})

function normalise(text: string): string {
  return text.replaceAll(/\d[\d.,]* (ms|µs|s)\b/g, 'N ms').replaceAll(/\(\d+ /g, '(N ')
}

function firstLine(text: string | undefined): string {
  return text?.split('\n')[0] ?? ''
}
