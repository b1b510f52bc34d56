import { http as msw, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { createOfflineVisitor } from '../offline/fixtures/offline-visitor.ts'
import { startServer } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'
import { newTraceId, traceIdOf, traceparentOf } from './trace-context.ts'

const form = /^00-([\da-f]{32})-([\da-f]{16})-01$/
const own = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('traceparent', () => {
  it('has ids that do not come twice', () => {
    const ids = Array.from({ length: 5000 }, newTraceId)
    expect(new Set(ids).size).toBe(5000)
    for (const id of ids) expect(traceparentOf(id)).toMatch(form)
    expect(traceIdOf(['TraceParent', own])).toBe('0af7651916cd43dd8448eb211c80319c')
    expect(traceIdOf(['traceparent', 'nonsense'])).toBe(undefined)
  })

  it('is one trace over redirects, with a span for each request', async () => {
    const seen: string[] = []
    const server = await startServer((request, response) => {
      seen.push(String(request.headers['traceparent']))
      if (request.url === '/') response.writeHead(302, { location: '/to' }).end()
      else response.end()
    })
    const visitor = createVisitor({ baseUrl: server.origin, traceparent: true })
    const response = await visitor.run(() => http.get('/'))
    const [first, second] = seen.map((header) => form.exec(header) ?? [])
    expect([first?.[1], second?.[1]]).toEqual([response.traceId, response.traceId])
    expect(first?.[2]).not.toBe(second?.[2])
  })

  it('is sent where project or request say so, and is the own one where there is one', async () => {
    const server = await startServer((request, response) => response.end(request.headers['traceparent'] ?? 'none'))
    const tracing = createVisitor({ baseUrl: server.origin, traceparent: true })
    const silent = createVisitor({ baseUrl: server.origin })
    const fixed = createVisitor({ baseUrl: server.origin, traceparent: true, headers: { traceparent: own } })
    const headers = { TraceParent: own }
    expect(await silent.run(() => http.get('/').text())).toBe('none')
    expect((await silent.run(() => http.get('/'))).traceId).toBe(undefined)
    expect(await silent.run(() => http.get('/', { traceparent: true }).text())).toMatch(form)
    expect(await tracing.run(() => http.get('/', { traceparent: false }).text())).toBe('none')
    for (const visitor of [tracing, silent]) {
      const response = await visitor.run(() => http.get('/', { headers }))
      expect([await response.text(), response.traceId]).toEqual([own, traceIdOf(['traceparent', own])])
    }
    expect(await fixed.run(() => http.get('/').text())).toBe(own)
    expect(await fixed.run(() => http.get('/', { query: {} }).text())).toBe(own)
  })

  it('is found in the error table', async () => {
    const server = await startServer((_, response) => response.writeHead(500).end())
    const visitor = createVisitor({ baseUrl: server.origin, traceparent: true })
    const { traceId } = await visitor.run(() => http.get('/'))
    expect(traceId).toMatch(/^[\da-f]{32}$/)
    expect((await visitor.finish()).errors[0]?.exemplar?.traceId).toBe(traceId)
  })

  it('reaches mocks', async () => {
    const handler = msw.get('*/', ({ request }) => HttpResponse.text(String(request.headers.get('traceparent'))))
    const visitor = createOfflineVisitor([handler], { traceparent: true })
    expect(await visitor.run(() => http.get('/').text())).toMatch(form)
  })
})
