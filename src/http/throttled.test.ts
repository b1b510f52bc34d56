import { describe, expect, it } from 'vitest'
import { startServer } from './fixtures/servers.ts'
import { countSamples, createVisitor, type Visitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

interface Arrivals {
  readonly visitor: Visitor
  /** When the server saw each request. */
  readonly times: number[]
}

/** A user of a server that redirects `/from` twice, under a throttle. */
async function createThrottled(ratePerSecond: number, timeoutMs: number = 5000): Promise<Arrivals> {
  const times: number[] = []
  const server = await startServer((request, response) => {
    times.push(performance.now())
    const next = new Map([
      ['/from', '/by'],
      ['/by', '/to'],
    ]).get(request.url ?? '')
    if (next === undefined) response.end('{}')
    else response.writeHead(302, { location: next }).end()
  })
  const visitor = createVisitor({ baseUrl: server.origin, timeoutMs })
  visitor.throttle(ratePerSecond)
  return { visitor, times }
}

function spanOf(times: readonly number[]): number {
  return Math.max(...times) - Math.min(...times)
}

describe('a throttled user', () => {
  it('sends its requests one by one, of which each is as fast as without, whatever its timeout', async () => {
    const { visitor, times } = await createThrottled(5, 300)
    const answers = await visitor.run(() => Promise.all([1, 2, 3, 4].map(() => http.get('/to'))))
    // The last one waits for 600 ms, of which its latency knows nothing.
    expect(spanOf(times)).toBeGreaterThan(400)
    for (const { timings } of answers) expect(timings.duration).toBeLessThan(400)
    const snapshot = await visitor.finish()
    expect(countSamples(snapshot)['GET /to']).toMatchObject({ 0: 4 })
    expect(snapshot.counters).toMatchObject({ requestsStarted: 4, requestsHeld: 3 })
    // Three waits of which each is longer than the one before, less the time that the requests took.
    expect(visitor.frame.thinkMs).toBeGreaterThan(400)
    expect(visitor.frame.scope).toMatchObject({ held: 0, inFlight: 0 })
  })

  it('waits for each request that a redirect asks for, with its timeout standing still', async () => {
    const { visitor, times } = await createThrottled(5, 300)
    const { status } = await visitor.run(() => http.get('/from'))
    expect(status).toBe(200)
    expect(spanOf(times)).toBeGreaterThan(250)
    const { counters } = await visitor.finish()
    expect(counters).toMatchObject({ requestsStarted: 3, requestsHeld: 2 })
  })

  it('ends at once when the load is cut: what waited has not been started', async () => {
    const { visitor, times } = await createThrottled(1)
    const pending = visitor.run(() => Promise.allSettled([http.get('/to'), http.get('/to'), http.get('/from')]))
    await expect.poll(() => times.length).toBe(1)
    await expect.poll(() => visitor.frame.scope.inFlight).toBe(0)
    visitor.cut()
    const [first, ...others] = await pending
    expect(first.status).toBe('fulfilled')
    for (const other of others)
      expect(other).toMatchObject({ status: 'rejected', reason: { code: 'ERR_LOAD_ABORTED', category: 'aborted' } })
    const { counters, errors } = await visitor.finish()
    expect(counters).toMatchObject({ requestsStarted: 1, requestsHeld: 2 })
    expect(errors).toEqual([])
    expect(visitor.frame.scope.held).toBe(0)
  })

  it('ends a redirect that is cut while it waits, with the request before it counted', async () => {
    const { visitor, times } = await createThrottled(1)
    const pending = visitor.run(() => Promise.allSettled([http.get('/from')]))
    await expect.poll(() => visitor.frame.scope.held).toBe(1)
    visitor.cut()
    expect(await pending).toMatchObject([{ status: 'rejected', reason: { code: 'ERR_LOAD_ABORTED' } }])
    const snapshot = await visitor.finish()
    expect(times).toHaveLength(1)
    expect(countSamples(snapshot)).toMatchObject({ 'GET /from': { 0: 1 } })
    expect(visitor.frame.scope).toMatchObject({ held: 0, inFlight: 0 })
  })
})
