import type { RunResult } from 'vitest-load'
import { describe, expect, inject, it } from 'vitest'
import { startServer, json, type Answer } from './counting-server.ts'
import { createProject } from './project.ts'

/** Three scenarios, one after another: bounded by iterations, with faults of many kinds, bounded by time. */
const spec = `
  import { expect, inject } from 'vitest'
  import { check, http, rows, scenario, step, think, vu } from 'vitest-load'
  const Thing = { '~standard': { version: 1, vendor: 'test', validate: (value) => typeof value.id === 'number' ? { value } : { issues: [{ message: 'id is not a number' }] } } }

  scenario('bounded', { load: { vus: 7, iterationsPerVU: 20 } }, async () => {
    await step('list', () => http.get('/things', { query: { page: 2 } }).expect(200).json(Thing))
    await step('make', () => http.post('/things/:id', { params: { id: vu.iteration }, json: { name: 'ünïcode' } }).expect(201))
    check('is quick', true)
  })

  const other = inject('other')
  const faults = [
    () => http.get(other + '/404'),
    () => http.get(other + '/500').expect(200),
    () => http.get(other + '/200').expect(201),
    () => http.get(other + '/reset'),
    () => http.get(other + '/hang', { timeout: '150ms' }),
    () => http.get(other + '/no-json').expect(200).json(),
    () => http.get(other + '/wrong').expect(200).json(Thing),
    () => http.get(other + '/200').jsonPath('$.nothing'),
    () => expect(1).toBe(2),
    () => { throw new Error('own mistake') },
    () => http.get('http://127.0.0.1:1/'),
    () => http.get(other + '/200').expect(200),
  ]
  const data = { fault: rows(Array.from({ length: 12 }, (_, index) => index)) }
  scenario('faulty', { load: { vus: 6, iterations: 120 }, slo: { errorRate: false }, data }, async ({ data }) => {
    await step('fault', faults[data.fault])
  })

  scenario('timed', { load: { vus: 9, duration: '1s', gracefulStop: '50ms' } }, async () => {
    await http.get(other + '/slow')
    await think('1ms', '5ms')
  })
`

const answer: Answer = (request, response) => {
  const path = request.url?.split('?')[0] ?? ''
  if (path === '/404') json(response, {}, 404)
  else if (path === '/500') json(response, { password: 'hunter2' }, 500)
  else if (path === '/200') json(response, { some: 'thing' })
  else if (path === '/reset') request.socket.resetAndDestroy()
  else if (path === '/hang') return
  else if (path === '/no-json') response.end('<html>')
  else if (path === '/wrong') json(response, { id: 'seven' })
  else if (path === '/slow') setTimeout(() => json(response, {}), 20)
  else json(response, { id: 7 }, request.method === 'POST' ? 201 : 200)
}

describe.for(inject('threadCounts'))('with %i threads', (threads) => {
  it('counts what the server counts, and every fault by its category', async () => {
    const server = await startServer(answer)
    const other = await startServer(answer)
    const load = `baseUrl: '${server.url}', threads: ${threads}, config: { test: { provide: { other: '${other.url}' } } },`
    const project = await createProject({ 'a.spec.ts': spec }, { load, functional: '' })
    const { results, stdout, stderr } = await project.vitest(['run', '--project', 'load'])
    expect(stderr).not.toContain('Unhandled')

    const bounded = resultOf(results, 'bounded')
    expect(bounded.threads).toBe(threads)
    expect(bounded.iterations).toMatchObject({ started: 140, ok: 140, failed: 0, aborted: 0, dropped: 0 })
    expect(bounded.requests).toMatchObject({ started: 280, ok: 280, failed: 0, aborted: 0 })
    expect(requestCounts(bounded)).toEqual({ 'GET /things': 140, 'POST /things/:id': 140 })
    expect(server.total).toBe(280)
    const { origins = [], ...connections } = bounded.connections
    expect(connections).toEqual({ opened: 7, reused: 273, closed: 7 })
    expect(origins).toMatchObject([{ origin: server.url, opened: 7, reused: 273, closed: { end: 7 } }])
    expect({ received: bounded.bytes.sent, sent: bounded.bytes.received }).toEqual(server.bytes)
    expect(bounded.checks).toEqual([{ name: 'is quick', step: '', passed: 140, failed: 0 }])

    const faulty = resultOf(results, 'faulty')
    expect(faulty.iterations).toMatchObject({ started: 120, ok: 10, failed: 110, aborted: 0 })
    expect(categories(faulty)).toEqual(expectedCategories)
    expect(faulty.series.find((series) => series.kind === 'step')).toMatchObject({
      name: 'fault',
      ok: 10,
      failed: 110,
      aborted: 0,
    })
    expect(JSON.stringify([stdout, stderr, ...results.values()])).not.toContain('hunter2')

    const timed = resultOf(results, 'timed')
    const { started, ok, failed, aborted } = timed.requests
    expect(started).toBe(ok + failed + aborted)
    expect(timed.iterations.started).toBe(timed.iterations.ok + timed.iterations.failed + timed.iterations.aborted)
    const reached = other.requests.get('GET /slow') ?? 0
    expect(reached).toBeGreaterThanOrEqual(ok + failed)
    expect(reached).toBeLessThanOrEqual(started)
    expect(other.total - reached).toBe(90)
  })
})

const expectedCategories = {
  http_4xx: 10,
  http_5xx: 10,
  unexpected_status: 10,
  reset: 10,
  timeout: 10,
  extraction: 20,
  schema: 10,
  assertion: 10,
  script: 10,
  connect: 10,
}

function resultOf(results: ReadonlyMap<string, RunResult>, scenario: string): RunResult {
  const result = results.get(scenario)
  if (result === undefined) throw new Error(`There is no result for '${scenario}'.`)
  return result
}

function requestCounts(result: RunResult): Record<string, number> {
  const requests = result.series.filter((series) => series.kind === 'request')
  return Object.fromEntries(requests.map((series) => [series.name, series.ok + series.failed + series.aborted]))
}

function categories(result: RunResult): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of result.errors) counts[row.category] = (counts[row.category] ?? 0) + row.count
  return counts
}
