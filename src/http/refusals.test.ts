import { setTimeout } from 'node:timers'
import { describe, expect, it } from 'vitest'
import { startEcho } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'
import type { PendingRequest } from './pending-request.ts'

const base = 'http://127.0.0.1:1'
const circular: Record<string, unknown> = {}
circular['self'] = circular

function fail(): never {
  throw new Error('unreadable')
}

const refusals: { name: string; code: string; request: string; send: () => PendingRequest }[] = [
  { name: 'a malformed URL', code: 'ERR_LOAD_URL', request: 'GET (not sent)', send: () => http.get('http://[bad') },
  {
    name: 'no URL at all',
    code: 'ERR_LOAD_URL',
    request: 'GET (not sent)',
    send: () => http.get(undefined as unknown as string),
  },
  {
    name: 'an origin that is not allowed',
    code: 'ERR_LOAD_TARGET',
    request: 'GET (not sent)',
    send: () => http.get('http://198.51.100.1/'),
  },
  {
    name: 'a missing param',
    code: 'ERR_LOAD_REQUEST',
    request: 'GET /:id',
    send: () => http.get('/:id', { params: {} as { id: string } }),
  },
  {
    name: 'options that exclude each other',
    code: 'ERR_LOAD_REQUEST',
    request: 'POST /',
    send: () => http.post('/', { json: 1, body: '1' }),
  },
  {
    name: 'what is no method',
    code: 'ERR_LOAD_REQUEST',
    request: 'request (not sent)',
    send: () => http.request(5 as unknown as string, '/'),
  },
  {
    name: 'options that are none',
    code: 'ERR_LOAD_REQUEST',
    request: 'GET /',
    send: () => http.get('/', null as unknown as object),
  },
  {
    name: 'an option that does not exist',
    code: 'ERR_LOAD_REQUEST',
    request: 'GET /',
    send: () => http.get('/', { header: {} } as object),
  },
  {
    name: 'a timeout that is none',
    code: 'ERR_LOAD_REQUEST',
    request: 'GET /',
    send: () => http.get('/', { timeout: 'soon' }),
  },
  {
    name: 'what has no JSON',
    code: 'ERR_LOAD_REQUEST',
    request: 'POST /',
    send: () => http.post('/', { json: circular }),
  },
  {
    name: 'a header that cannot be sent',
    code: 'ERR_LOAD_REQUEST',
    request: 'GET /',
    send: () => http.get('/', { headers: { 'x-bad': 'line\nbreak' } }),
  },
  ...['headers', 'bearer', 'name', 'json'].map((option) => ({
    name: `an option that throws when it is read: ${option}`,
    code: 'ERR_LOAD_REQUEST',
    request: 'GET /',
    send: () => http.get('/', Object.defineProperty({}, option, { get: fail, enumerable: true })),
  })),
  {
    name: 'a header that throws when it is read',
    code: 'ERR_LOAD_REQUEST',
    request: 'GET /',
    send: () => http.get('/', { headers: Object.defineProperty({}, 'x-a', { get: fail, enumerable: true }) }),
  },
]

/** Repeats what fails until the flag is up. */
async function insist(send: () => PendingRequest, ended: () => boolean): Promise<void> {
  while (!ended()) await send().catch(() => {})
}

describe('a request that cannot be sent', () => {
  it.for(refusals)('is a failed request: $name', async ({ code, request, send }) => {
    const visitor = createVisitor({ baseUrl: base })
    await expect(visitor.run(send)).rejects.toMatchObject({
      name: 'LoadError',
      code,
      category: 'script',
      counted: true,
    })
    const snapshot = await visitor.finish()
    expect(snapshot.errors).toMatchObject([{ category: 'script', request, count: 1 }])
    expect(snapshot.counters).toMatchObject({ requestsStarted: 1, connectionsOpened: 0 })
    expect(countSamples(snapshot)).toEqual({ [request]: { 1: 1 } })
    expect(visitor.frame.scope.inFlight).toBe(0)
  })

  it.for(refusals)('lets the event loop turn when it is tried on and on: $name', async ({ send }) => {
    const visitor = createVisitor({ baseUrl: base })
    let ended = false
    setTimeout(() => (ended = true), 5)
    await visitor.run(() => insist(send, () => ended))
    ended = false
    visitor.cut()
    setTimeout(() => (ended = true), 5)
    await visitor.run(() => insist(send, () => ended))
    const { counters, errors } = await visitor.finish()
    expect(errors.map(({ category, count }) => [category, count])).toEqual([['script', counters.requestsStarted]])
  })

  it('is counted when nobody awaits it', async () => {
    const visitor = createVisitor({ baseUrl: base })
    const idle = new Promise<void>((resolve) => {
      visitor.frame.scope.onIdle = resolve
    })
    visitor.run(() => {
      void http.get('http://[bad').expect(200).json()
      void http.get('http://[bad')
    })
    expect(visitor.frame.scope.inFlight).toBe(2)
    await idle
    expect(visitor.frame.failedRequests).toBe(2)
  })

  it('keeps the name that it was given', async () => {
    const visitor = createVisitor({ baseUrl: base })
    await visitor.run(() => http.get('http://[bad', { name: 'mine' }).catch(() => {}))
    expect(countSamples(await visitor.finish())).toEqual({ mine: { 1: 1 } })
  })

  it('is slowed down after its virtual user has ended, as every request is', async () => {
    const visitor = createVisitor({ baseUrl: base })
    await visitor.finish()
    const startedAt = performance.now()
    await expect(visitor.run(() => http.get('http://[bad'))).rejects.toMatchObject({ code: 'ERR_LOAD_ABORTED' })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject({ code: 'ERR_LOAD_ABORTED' })
    expect(performance.now() - startedAt).toBeGreaterThan(190)
  })

  it('leaves the virtual user able to go on', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(http.get('http://[bad')).rejects.toThrow(/Not an http or https URL/)
      await http.get('/').expect(200)
    })
  })
})
