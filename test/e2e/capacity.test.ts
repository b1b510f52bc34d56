import { expect, it } from 'vitest'
import { json, startServer, type CountingServer } from './counting-server.ts'
import { createProject, type Project } from './project.ts'

/** A target that serves so many at once, and turns others away. */
async function startLimited(most: number): Promise<CountingServer> {
  let busy = 0
  return startServer((request, response) => {
    if (request.url === '/hook') {
      json(response, {})
      return
    }
    if (busy >= most) {
      json(response, {}, 503)
      return
    }
    busy += 1
    setTimeout(() => {
      busy -= 1
      json(response, {})
    }, 20)
  })
}

const spec = `
  import { capacity, expectCapacity, http } from 'vitest-load'
  const hook = () => http.post('/hook').expect(200)
  const options = { from: 1, to: 20, unit: 'vus', hold: '300ms', settle: 0, rest: '20ms', before: hook, after: hook }
  const users = capacity('users', options, () => http.get('/').expect(200))
  expectCapacity(users).toBeAbove(5)
  expectCapacity(users).toBeAbove(10)
`

async function createSearch(server: CountingServer, threads: number, text: string = spec): Promise<Project> {
  const common = `baseUrl: '${server.url}',`
  const load = `${common} threads: ${threads}, profiles: { smoke: { load: { vus: 1, iterations: 2 } } }, validity: { eventLoopDelay: false },`
  return createProject({ 'a.spec.ts': text }, { load, functional: common })
}

it('finds how many users a target bears, on two threads, and tells the whole curve', async () => {
  const server = await startLimited(7)
  const project = await createSearch(server, 2)
  const { exitCode, stdout, stderr, results, tests } = await project.vitest(['run', '--project', 'load'])

  expect(exitCode).toBe(1)
  expect(server.requests.get('POST /hook')).toBe(2)
  const { capacity, verdict, vus, load } = results.get('users') ?? expect.fail('no result')
  expect(capacity).toMatchObject({ unit: 'vus', highest: 7, broken: 8, ended: 'found', confirmed: true })
  expect(capacity?.levels.map(({ level, outcome }) => `${level} ${outcome}`).join(', ')).toBe(
    '1 met, 2 met, 4 met, 8 broken, 6 met, 7 met, 7 met',
  )
  expect({ verdict, vus, load }).toEqual({ verdict: 'fail', vus: 7, load: '7 VUs for 300ms' })
  const started = capacity?.levels.reduce((sum, level) => sum + level.started, 0)
  expect(server.requests.get('GET /')).toBe(started)

  expect([...tests].map(([name, { status }]) => `${name}: ${status}`)).toEqual([
    'users capacity: passed',
    'users capacity above 5 VUs: passed',
    'users capacity above 10 VUs: failed',
  ])
  expect(tests.get('users capacity')?.meta).toMatchObject({ load: { capacity: { highest: 7 } } })
  expect(tests.get('users capacity above 10 VUs')?.messages[0]).toMatch(
    /^AssertionError: capacity was 7 VUs, 3 VUs under the limit of 10 VUs: 7 VUs met the objectives and 8 VUs did not\n.*a\.spec\.ts:7:25/,
  )
  expect(stderr).toContain('a.spec.ts:7:25')
  // A line for each level while it runs, and one curve in the end.
  expect(stdout.match(/^ {2}[✓✗] users +\d+ VUs? .*$/gm)).toHaveLength(7)
  expect(stdout).toMatch(/✓ 7 VUs .*◀ capacity\n/)
  expect(stdout.match(/latency in ms/g)).toHaveLength(1)
})

it('runs once where it is no load, and one load where that replaces the search', async () => {
  const server = await startLimited(7)
  const project = await createSearch(server, 1)
  const both = ['run', '--project', 'functional', '--project', 'load']
  const { exitCode, tests } = await project.vitest(both, { LOAD_PROFILE: 'smoke' })
  expect(exitCode).toBe(0)
  expect(server.requests.get('GET /')).toBe(1 + 2)
  expect([...tests].map(([name, { status }]) => `${name}: ${status}`)).toEqual([
    'users: passed',
    'users load: passed',
    'users capacity above 5 VUs: skipped',
    'users capacity above 10 VUs: skipped',
  ])
})
