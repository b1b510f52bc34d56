import { createServer as createTlsServer } from 'node:https'
import { describe, expect, it } from 'vitest'
import type { ErrorCategory } from '../shared/error-category.ts'
import { selfSigned } from './fixtures/certificate.ts'
import { listen, startRawServer, startServer } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

interface Target {
  readonly name: string
  readonly category: ErrorCategory
  readonly code: string
  readonly start: () => Promise<string>
  readonly parallel: readonly number[]
}

const https = (origin: string): string => origin.replace('http:', 'https:')
const many = [20, 200] as const

const targets: readonly Target[] = [
  {
    name: 'a target that refuses connections',
    category: 'connect',
    code: 'ECONNREFUSED',
    start: async () => 'http://127.0.0.1:1',
    parallel: many,
  },
  {
    name: 'a target that resets what it accepts',
    category: 'reset',
    code: 'ECONNRESET',
    start: async () => (await startRawServer((socket) => socket.resetAndDestroy())).origin,
    parallel: many,
  },
  {
    name: 'a target that closes what it accepts',
    category: 'reset',
    code: 'UND_ERR_SOCKET',
    start: async () => (await startRawServer((socket) => socket.end())).origin,
    parallel: many,
  },
  {
    name: 'a target without TLS',
    category: 'tls',
    code: 'ERR_SSL_',
    start: async () =>
      https((await startRawServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))).origin),
    parallel: many,
  },
  {
    name: 'a target whose certificate nobody signed',
    category: 'tls',
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    start: async () => (await listen(createTlsServer(selfSigned), 'https')).origin,
    parallel: many,
  },
  {
    name: 'a target that does not finish connecting in time',
    category: 'connect',
    code: 'UND_ERR_CONNECT_TIMEOUT',
    start: async () => https((await startRawServer(() => {})).origin),
    // Each six of them wait for a second: undici's timers are coarse.
    parallel: [12],
  },
]

const cases = targets.flatMap((target) => target.parallel.map((count) => ({ ...target, count })))

describe('parallel requests of one virtual user', () => {
  it.for(cases)('are $count failures of $name, each counted once', async ({ start, category, code, count }) => {
    const visitor = createVisitor({ baseUrl: await start(), connectTimeoutMs: 50 })
    const results = await visitor.run(() => Promise.allSettled(Array.from({ length: count }, () => http.get('/'))))
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { category } })
    const snapshot = await visitor.finish()
    expect(snapshot.errors).toMatchObject([{ category, count, message: expect.stringContaining(code) }])
    expect(snapshot.counters.requestsStarted).toBe(count)
    expect(countSamples(snapshot)['GET /']).toMatchObject({ 1: count })
    expect(visitor.frame.scope.inFlight).toBe(0)
  })

  it('go on over new connections when some of them fail', async () => {
    let requests = 0
    const server = await startServer((request, response) => {
      requests += 1
      if (requests % 3 === 0) request.socket.resetAndDestroy()
      else response.end()
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    const results = await visitor.run(() => Promise.allSettled(Array.from({ length: 200 }, () => http.get('/'))))
    expect(requests).toBe(200)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(134)
    expect(countSamples(await visitor.finish())['GET /']).toMatchObject({ 0: 134, 1: 66 })
  })

  it('are cut when the first of them fail and the others wait', async () => {
    const visitor = createVisitor({ baseUrl: 'http://127.0.0.1:1' })
    const pending = visitor.run(() => Array.from({ length: 20 }, () => http.get('/')))
    await Promise.race(pending).catch(() => visitor.cut())
    await Promise.allSettled(pending)
    const snapshot = await visitor.finish()
    expect(snapshot.errors.reduce((sum, { count }) => sum + count, 0)).toBe(20)
    expect(snapshot.errors.every(({ category }) => category === 'connect' || category === 'aborted')).toBe(true)
    expect(visitor.frame.scope.inFlight).toBe(0)
  })
})
