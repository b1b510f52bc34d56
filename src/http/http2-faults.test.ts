import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { trusting } from './fixtures/certificate.ts'
import { goAway, http2Faults } from './fixtures/http2-faults.ts'
import { endHeaders, endStream, frame, startFrames, status200 } from './fixtures/raw-http2-server.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

it.for(http2Faults)(
  'counts $name over HTTP/2 as $category, once',
  async ({ category, message, reconnects = false, sent = 1, act }) => {
    let requests = 0
    const server = await startFrames((to, stream) => {
      requests += 1
      if (requests > 1 && requests <= 1 + sent) {
        act(to, stream)
        return
      }
      to.send(frame.headers, endHeaders, stream, status200)
      to.send(frame.data, endStream, stream, Buffer.from('ok'))
    })
    const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls: trusting })
    await visitor.run(async () => {
      await http.get('/first').expect(200)
      await expect(http.get('/fault', { timeout: 300 })).rejects.toMatchObject({
        category,
        message: expect.stringMatching(message),
      })
      await http.get('/next').expect(200)
    })
    const { counters } = await visitor.finish()
    expect(requests).toBe(2 + sent)
    expect(server.connections()).toBe(reconnects ? 2 : 1)
    expect(counters).toMatchObject({ requestsStarted: 3, connectionsOpened: reconnects ? 2 : 1 })
  },
)

it('sends a request once more that a session has not seen when it goes away', async () => {
  let requests = 0
  const server = await startFrames((to, stream) => {
    requests += 1
    if (requests === 1) {
      goAway(0, 0)(to, stream)
      return
    }
    to.send(frame.headers, endHeaders | endStream, stream, status200)
  })
  const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls: trusting })
  await visitor.run(() => http.get('/').expect(200))
  expect([requests, server.connections()]).toEqual([2, 2])
  expect((await visitor.finish()).counters.requestsStarted).toBe(1)
})

it('sends no second time what a body gives but once', async () => {
  let requests = 0
  const server = await startFrames((to, stream) => {
    requests += 1
    if (requests === 2) goAway(stream - 2, 0)(to, stream)
    else to.send(frame.headers, endHeaders | endStream, stream, status200)
  })
  const visitor = createVisitor({ baseUrl: server.origin, http2: true, tls: trusting })
  await visitor.run(async () => {
    await http.get('/').expect(200)
    const sent = http.put('/', { body: Readable.from(['body']), retry: { delay: 1, errors: ['protocol'] } })
    await expect(sent).rejects.toMatchObject({ category: 'protocol' })
  })
  expect(requests).toBe(2)
})
