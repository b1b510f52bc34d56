import { expect, inject, it } from 'vitest'
import type { RunResult } from 'vitest-load'
import { startServer, type CountingServer } from './counting-server.ts'
import { createProject } from './project.ts'

type Origin = NonNullable<RunResult['connections']['origins']>[number]

/** How each server treats what connects to it. */
async function startTargets(): Promise<Record<'kept' | 'closing' | 'resetting' | 'slow', CountingServer>> {
  return {
    kept: await startServer((_, response) => response.end('ok')),
    closing: await startServer((_, response) => response.setHeader('connection', 'close').end('ok')),
    resetting: await startServer((request) => request.socket.resetAndDestroy()),
    slow: await startServer((request, response) => {
      if (request.url !== '/never') setTimeout(() => response.end('ok'), 30)
    }),
  }
}

const iterations = 20

function specOf(url: Record<string, string>): string {
  return `
    import { http, scenario } from 'vitest-load'
    const url = ${JSON.stringify(url)}
    const load = { vus: 4, iterations: ${iterations} }
    scenario('origins', { load }, async () => {
      await http.get(url.kept).expect(200)
      await http.get(url.closing).expect(200)
      await Promise.all(Array.from({ length: 8 }, () => http.get(url.slow).expect(200)))
      await http.get(url.resetting).catch(() => {})
      await http.get('http://127.0.0.1:1/').catch(() => {})
      await http.get(url.slow + '/never', { timeout: 5 }).catch(() => {})
    })
    scenario('one', { load: { vus: 4, duration: '900ms', warmup: '400ms' } }, async () => {
      await http.get(url.kept + '/one').expect(200)
      await new Promise((resolve) => setTimeout(resolve, 5))
    })
  `
}

function expectOrigins(result: RunResult, targets: Record<string, CountingServer>): void {
  const { origins = [], opened, reused, closed } = result.connections
  const of = (name: string): Origin =>
    origins.find(({ origin }) => origin === targets[name]?.url) ??
    expect.fail(`no ${name} in ${JSON.stringify(origins)}`)
  const none = { server: 0, error: 0, cut: 0, idle: 0, single: 0, end: 0 }

  expect(of('kept')).toMatchObject({ opened: 4, reused: iterations - 4, closed: { ...none, end: 4 }, peakOpen: 4 })
  expect(of('closing')).toMatchObject({ opened: iterations, reused: 0, closed: { ...none, server: iterations } })
  expect(targets['closing']?.connections).toBe(iterations)
  expect(of('resetting')).toMatchObject({ opened: iterations, closed: { ...none, error: iterations } })
  expect(targets['resetting']?.connections).toBe(iterations)
  expect(origins.find(({ origin }) => origin === 'http://127.0.0.1:1')).toMatchObject({ opened: 0, failed: iterations })

  const slow = of('slow')
  // Of eight at once, two wait; the ninth is cut.
  expect(slow).toMatchObject({
    waited: 2 * iterations,
    failed: 0,
    closed: { ...none, cut: iterations, end: slow.closed.end },
  })
  expect(slow.opened).toBe(targets['slow']?.connections)
  expect(slow.closed.cut + slow.closed.end).toBe(slow.opened)
  expect(slow.peakOpen).toBeLessThanOrEqual(24)
  expect(slow.peakWaiting).toBeLessThanOrEqual(8)
  expect(slow.waitedMs / slow.waited).toBeGreaterThan(10)

  const sum = (figure: (origin: Origin) => number): number => origins.reduce((total, each) => total + figure(each), 0)
  expect([opened, reused]).toEqual([sum((each) => each.opened), sum((each) => each.reused)])
  expect(closed).toBe(opened)
  const points = result.timeline.map(({ connections }) => connections)
  expect(points.reduce((total, point) => total + (point?.opened ?? 0), 0)).toBe(opened)
  expect(Math.max(...points.map((point) => point?.open ?? 0))).toBeGreaterThan(4)
}

it.for(inject('threadCounts'))(
  'tells what became of the connections to each origin, by the counts of the servers (threads: %i)',
  async (threads) => {
    const targets = await startTargets()
    const url = Object.fromEntries(Object.entries(targets).map(([name, server]) => [name, server.url]))
    const project = await createProject(
      { 'a.spec.ts': specOf(url) },
      { load: `baseUrl: '${targets.kept.url}', threads: ${threads},`, functional: '' },
    )
    const { results, stdout, stderr } = await project.vitest(['run', '--project', 'load'])
    const result = results.get('origins') ?? expect.fail(stdout + stderr)
    expectOrigins(result, targets)
    expect(targets.kept.connections).toBe(8)

    // What opened a connection has connected, and nothing else has; failures are in no phase.
    expect(result.phases).toMatchObject({ receiving: { count: 10 * iterations } })
    expect(result.warnings.filter((warning) => warning.includes('connection'))).toEqual([
      expect.stringMatching(`^${iterations} connections to ${targets.closing.url} were closed by the server`),
      expect.stringMatching(`^${2 * iterations} requests to ${targets.slow.url} waited for a connection`),
    ])
    expect(stdout).toMatch(/ connections +opened +reused +failed +server closed +broken +cut /)
    expect(stdout).toMatch(/ phases of all requests in ms +count /)

    const one = results.get('one') ?? expect.fail(stdout + stderr)
    expect(one.warmup?.connections).toMatchObject({ opened: 4, closed: 0 })
    expect(one.connections).toMatchObject({
      opened: 0,
      closed: 4,
      origins: [{ origin: targets.kept.url, opened: 0, closed: { end: 4 }, peakOpen: 4 }],
    })
    const points = one.timeline.map(({ connections }) => connections)
    expect(points.reduce((total, point) => total + (point?.opened ?? 0), 0)).toBe(4)
    expect(Math.max(...points.map((point) => point?.open ?? 0))).toBeOneOf([1, 2, 3, 4])
    expect(stdout).toMatch(/ Phases {2}p95 of .*waiting/)
  },
)
