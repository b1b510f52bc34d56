import { describe, expect, it } from 'vitest'
import type { RequestListener } from 'node:http'
import { thinkTimeMs, countThinking } from '../session/current.ts'
import { now } from '../shared/now.ts'
import { resolveRetry } from '../shared/retry.ts'
import { startRawServer, startServer } from './fixtures/servers.ts'
import { countSamples, createVisitor, type Visitor } from './fixtures/visitor.ts'
import { http } from './http.ts'
import { retryAfterMs } from './retries.ts'

interface Visit {
  readonly visitor: Visitor
  /** When each request came. */
  readonly times: number[]
}

/** A user of a server that answers in turn with these statuses, the last of them for ever. */
async function visit(statuses: readonly number[], headers: Record<string, string> = {}): Promise<Visit> {
  const times: number[] = []
  const listener: RequestListener = (_request, response) => {
    const status = statuses[Math.min(times.length, statuses.length - 1)] ?? 200
    times.push(performance.now())
    response.writeHead(status, status < 400 ? {} : headers).end('{}')
  }
  const server = await startServer(listener)
  return { visitor: createVisitor({ baseUrl: server.origin }), times }
}

const soon = { limit: 2, delay: '10ms' } as const

describe('a request that is made again', () => {
  it('gives the answer of the attempt that works, and fails nothing before it', async () => {
    const { visitor, times } = await visit([503, 500, 200])
    const response = await visitor.run(() => http.get('/flaky', { retry: soon }).expect(200))
    expect(response.status).toBe(200)
    expect(times).toHaveLength(3)
    const snapshot = await visitor.finish()
    expect(snapshot.counters).toMatchObject({ requestsStarted: 3, retries: 2 })
    expect(countSamples(snapshot)).toMatchObject({ 'GET /flaky': { 0: 1, 1: 2 } })
    expect(snapshot.errors).toMatchObject([
      { category: 'http_5xx', count: 1 },
      { category: 'http_5xx', count: 1 },
    ])
    expect(visitor.frame).toMatchObject({ failedRequests: 0, timedOut: false, inFlight: 0 })
  })

  it('fails with its last attempt', async () => {
    const { visitor, times } = await visit([503])
    await expect(visitor.run(() => http.get('/down', { retry: soon }).expect(200))).rejects.toMatchObject({
      code: 'ERR_LOAD_UNEXPECTED_STATUS',
    })
    expect(times).toHaveLength(3)
    const { counters } = await visitor.finish()
    expect(counters).toMatchObject({ requestsStarted: 3, retries: 2 })
    expect(visitor.frame.failedRequests).toBe(1)
  })

  it('is not one whose answer is wanted, whose method is not, or that may not be', async () => {
    const { visitor, times } = await visit([503])
    await visitor.run(() => http.get('/', { retry: soon }).expect(503))
    await visitor.run(() => http.post('/', { retry: soon }))
    await visitor.run(() => http.get('/', { retry: { ...soon, statuses: [500] } }))
    await visitor.run(() => http.get('/', { retry: { ...soon, methods: ['PUT'] } }))
    await visitor.run(() => http.get('/', { retry: 0 }))
    await visitor.run(() => http.get('/'))
    expect(times).toHaveLength(6)
    expect((await visitor.finish()).counters.retries).toBe(0)
  })

  it('may be any by the project, or by itself', async () => {
    const { times, visitor } = await visit([503])
    const again = createVisitor({
      baseUrl: 'http://127.0.0.1:9',
      retry: resolveRetry({ limit: 1, methods: ['post'], delay: 1 }),
    })
    await expect(again.run(() => http.post('/', { json: {} }))).rejects.toMatchObject({ category: 'connect' })
    expect((await again.finish()).counters).toMatchObject({ retries: 1, requestsStarted: 2 })
    await visitor.run(() => http.get('/', { retry: { limit: 1, delay: 0 } }))
    expect(times).toHaveLength(2)
  })

  it('waits as long as the answer asks for, and is not made again where that is too long', async () => {
    const { visitor, times } = await visit([429, 200], { 'retry-after': '1' })
    expect((await visitor.run(() => http.get('/', { retry: soon }))).status).toBe(200)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990)
    const patient = await visit([429], { 'retry-after': '40' })
    expect((await patient.visitor.run(() => http.get('/', { retry: soon }))).status).toBe(429)
    expect(patient.times).toHaveLength(1)
  })

  it('has one timeout for all attempts: what cannot be done within is not begun', async () => {
    const { visitor, times } = await visit([503])
    const retry = { limit: 50, delay: '40ms', maxDelay: '60ms' }
    const response = await visitor.run(() => http.get('/', { timeout: '200ms', retry }))
    expect(response.status).toBe(503)
    expect(times.length).toBeGreaterThan(1)
    expect(times.length).toBeLessThan(12)
  })

  it('goes over a connection of its own after one that broke', async () => {
    let sockets = 0
    const server = await startRawServer((socket) => {
      sockets += 1
      if (sockets === 1) socket.once('data', () => socket.resetAndDestroy())
      else socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'))
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    expect((await visitor.run(() => http.get('/', { retry: soon }).expect(200))).status).toBe(200)
    expect((await visitor.finish()).errors).toMatchObject([{ category: 'reset', count: 1 }])
  })

  it('is in flight meanwhile: its wait is no think time', async () => {
    const { visitor } = await visit([503, 200])
    countThinking(visitor.frame, 1)
    const pending = visitor.run(() => http.get('/', { retry: { limit: 1, delay: '100ms' } }).expect(200))
    const startedAt = now()
    await pending
    expect(now() - startedAt).toBeGreaterThan(45)
    expect(thinkTimeMs(visitor.frame, now())).toBeLessThan(40)
  })

  it('ends at once when the load is cut while it waits', async () => {
    const { visitor, times } = await visit([503])
    const pending = visitor.run(() => http.get('/', { retry: { limit: 1, delay: '30s' } }))
    const refused = expect(pending).rejects.toMatchObject({ code: 'ERR_LOAD_ABORTED', category: 'aborted' })
    await expect.poll(() => times.length).toBe(1)
    await expect.poll(() => visitor.frame.failedRequests).toBe(0)
    await new Promise((resolve) => setImmediate(resolve))
    visitor.cut()
    await refused
    expect(visitor.frame.inFlight).toBe(0)
    expect((await visitor.finish()).counters.retries).toBe(0)
  })

  it('takes its turns under a throttle', async () => {
    const { visitor, times } = await visit([503, 200])
    visitor.throttle(5)
    await visitor.run(() => http.get('/', { retry: { limit: 1, delay: 0 } }).expect(200))
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(150)
    expect(visitor.frame).toMatchObject({ inFlight: 0, failedRequests: 0 })
  })

  it('gives a stream of the attempt that works', async () => {
    const { visitor } = await visit([503, 200])
    const lines: string[] = []
    await visitor.run(async () => {
      for await (const line of http.get('/', { retry: soon }).expect(200).lines()) lines.push(line)
    })
    expect(lines).toEqual(['{}'])
  })

  it('is refused with all that is wrong', async () => {
    const { visitor } = await visit([200])
    const retry = {
      limit: 1.5,
      methods: ['GET', 7],
      statuses: 503,
      errors: ['dns', 'script'],
      delay: 'soon',
      delays: 1,
    }
    const refused = visitor.run(() => http.get('/', { retry: retry as never }))
    const names = ['limit', 'methods', 'statuses', 'errors', 'delay', 'delays']
    const lines = names.map((name) => `retry\\.${name}: (?:expected |unknown option; ).*\\n?`)
    await expect(refused).rejects.toThrow(new RegExp(lines.join('.*')))
  })
})

describe('retry-after', () => {
  it('is a number of seconds or a date', () => {
    const nowMs = Date.parse('Sat, 21 Nov 2026 10:00:00 GMT')
    expect(retryAfterMs('3', nowMs)).toBe(3000)
    expect(retryAfterMs('Sat, 21 Nov 2026 10:00:05 GMT', nowMs)).toBe(5000)
    expect(retryAfterMs('Sat, 21 Nov 2026 09:00:00 GMT', nowMs)).toBe(0)
    for (const odd of [undefined, '', '-5', '1.5', 'soon', ['1', '2']]) expect(retryAfterMs(odd, nowMs)).toBe(0)
  })
})
