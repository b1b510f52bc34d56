import { http as mock, HttpResponse, sse } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import { countSamples } from '../http/fixtures/visitor.ts'
import { http } from '../http/http.ts'
import { createOfflineVisitor } from './fixtures/offline-visitor.ts'

describe('a mock that streams', () => {
  it('is read as it comes, asked for no more than its reader takes, and told when the reader leaves', async () => {
    let given = 0
    let isCancelled = false
    const visitor = createOfflineVisitor([
      mock.get('/events', () => {
        const body = new ReadableStream<Uint8Array>({
          pull: (controller) => {
            controller.enqueue(new TextEncoder().encode(`data: ${given++}${' '.repeat(1000)}\n\n`))
          },
          cancel: () => {
            isCancelled = true
          },
        })
        return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } })
      }),
    ])
    const data: string[] = []
    await visitor.run(async () => {
      for await (const event of http.get('/events').expect(200).events()) {
        data.push(event.data.trim())
        await new Promise((resolve) => setImmediate(resolve))
        if (data.length === 500) break
      }
    })
    expect(data.slice(0, 2)).toEqual(['0', '1'])
    expect(given).toBeLessThan(700)
    await expect.poll(() => isCancelled).toBe(true)
    const snapshot = await visitor.finish()
    expect(countSamples(snapshot)).toMatchObject({ 'GET /events': { 0: 1 } })
    expect(snapshot.errors).toEqual([])
  })

  it('is told when its answer is not the expected one, before it has given anything', async () => {
    let isCancelled = false
    const body = (): ReadableStream =>
      new ReadableStream({
        cancel: () => {
          isCancelled = true
        },
      })
    const visitor = createOfflineVisitor([mock.get('/events', () => new HttpResponse(body()))])
    const reading = visitor.run(() => http.get('/events').expect(201).lines().next())
    await expect(reading).rejects.toMatchObject({ code: 'ERR_LOAD_UNEXPECTED_STATUS' })
    await expect.poll(() => isCancelled).toBe(true)
  })

  it('may be an sse handler, and break off', async () => {
    // Node has none unless asked, and MSW wants to see one.
    vi.stubGlobal('EventSource', Object)
    const visitor = createOfflineVisitor([
      sse<{ placed: string }>('http://shop.test/events', ({ client }) => {
        client.send({ event: 'placed', data: 'order 1', id: '7' })
        setImmediate(() => client.error())
      }),
    ])
    const seen: unknown[] = []
    const reading = visitor.run(async () => {
      for await (const event of http.get('/events', { headers: { accept: 'text/event-stream' } }).events())
        seen.push(event)
    })
    await expect(reading).rejects.toMatchObject({ category: 'reset' })
    expect(seen).toEqual([{ event: 'placed', data: 'order 1', id: '7', retry: undefined }])
  })
})
