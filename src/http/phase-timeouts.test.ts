import { setTimeout as sleep } from 'node:timers/promises'
import { delay, http as msw, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { createOfflineVisitor } from '../offline/fixtures/offline-visitor.ts'
import { startRawServer, startServer } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const failed = (message: string): object => ({
  code: 'ERR_LOAD_REQUEST',
  category: 'timeout',
  message: expect.stringContaining(`failed: ${message}. Raise the timeout`),
})

describe('a timeout for the headers', () => {
  it('ends a request that gets no answer', async () => {
    const server = await startServer(() => {})
    const visitor = createVisitor({ baseUrl: server.origin })
    const sent = visitor.run(() => http.get('/', { timeout: { headers: 30 } }))
    await expect(sent).rejects.toMatchObject(failed('no headers of an answer within 30 ms (timeout.headers)'))
    expect(countSamples(await visitor.finish())).toMatchObject({ 'GET /': { 2: 1 } })
  })

  it('is not met by informational answers', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => {
        const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5)
        socket.once('close', () => clearInterval(timer))
      })
    })
    const visitor = createVisitor({ baseUrl: server.origin, headersTimeoutMs: 40 })
    await expect(visitor.run(() => http.get('/'))).rejects.toMatchObject(
      failed('no headers of an answer within 40 ms (timeout.headers)'),
    )
  })

  it('lets a body take longer, and starts again with each redirect', async () => {
    const server = await startServer((request, response) => {
      if (request.url === '/') void sleep(150).then(() => response.writeHead(302, { location: '/to' }).end())
      else {
        void sleep(150).then(async () => {
          response.writeHead(200).write('a')
          await sleep(400)
          response.end('b')
        })
      }
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    expect(await visitor.run(() => http.get('/', { timeout: { headers: 290 } }).text())).toBe('ab')
  })
})

describe('a timeout for the body', () => {
  it('ends an answer that falls silent', async () => {
    const server = await startServer((_, response) => void response.writeHead(200).write('a'))
    const visitor = createVisitor({ baseUrl: server.origin, bodyTimeoutMs: 30 })
    const sent = visitor.run(() => http.get('/'))
    await expect(sent).rejects.toMatchObject(failed('nothing more of the body for 30 ms (timeout.body)'))
  })

  it('lets an answer go on that does not', async () => {
    const server = await startServer((_, response) => {
      const pour = async (): Promise<void> => {
        for (let at = 0; at < 20; at++) {
          response.write('x')
          await sleep(25)
        }
        response.end()
      }
      void pour()
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    expect(await visitor.run(() => http.get('/', { timeout: { body: 300 } }).text())).toHaveLength(20)
  })
})

describe('several timeouts', () => {
  it('leave the total as it is', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'), 5)
      response.once('close', () => clearInterval(timer))
    })
    const visitor = createVisitor({ baseUrl: server.origin, timeoutMs: 60 })
    const sent = visitor.run(() => http.get('/', { timeout: { headers: '10s', body: '10s' } }))
    await expect(sent).rejects.toMatchObject(failed('no complete answer within 60 ms'))
    const own = visitor.run(() => http.get('/', { timeout: { total: 70, body: '10s' } }))
    await expect(own).rejects.toMatchObject(failed('no complete answer within 70 ms'))
  })

  it('hold where mocks answer', async () => {
    const silent = (): Response =>
      new HttpResponse(new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('a')) }))
    const visitor = createOfflineVisitor([
      msw.get('*/never', async () => {
        await delay('infinite')
      }),
      msw.get('*/silent', silent),
    ])
    await visitor.run(async () => {
      const timeout = { headers: 20, body: 20 }
      await expect(http.get('/never', { timeout })).rejects.toMatchObject(
        failed('no headers of an answer within 20 ms (timeout.headers)'),
      )
      await expect(http.get('/silent', { timeout })).rejects.toMatchObject(
        failed('nothing more of the body for 20 ms (timeout.body)'),
      )
    })
  })
})
