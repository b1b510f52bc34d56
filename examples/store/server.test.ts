import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Stats, type TransportStats } from './schemas.ts'
import { type RunningStore, startStore } from './server.ts'

let store: RunningStore

beforeEach(async () => {
  store = await startStore()
})
afterEach(() => store.close())

/** Each call uses a connection of its own, as a reader of counts should. */
async function control(method: string, path: string): Promise<string> {
  const agent = new Agent()
  const outgoing = request(new URL(path, store.url), { method, agent }).end()
  const [incoming] = await once(outgoing, 'response')
  const body = await text(incoming)
  agent.destroy()
  return body
}

async function transport(): Promise<TransportStats | null> {
  return Stats.parse(JSON.parse(await control('GET', '/__stats'))).transport
}

/** A client that knows its bytes because it writes them itself. */
class RawClient {
  readonly socket: Socket
  bytesSent = 0
  bytesReceived = 0

  constructor(url: string) {
    this.socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
  }

  async send(method: string, path: string, body = ''): Promise<string> {
    const head = `${method} ${path} HTTP/1.1\r\nhost: store\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
    this.socket.write(head + body)
    this.bytesSent += Buffer.byteLength(head + body)
    let answer = ''
    while (!isComplete(answer)) {
      const [chunk] = (await once(this.socket, 'data')) as [Buffer]
      this.bytesReceived += chunk.length
      answer += chunk.toString('latin1')
    }
    return answer
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close')
    this.socket.end()
    await closed
  }
}

function isComplete(answer: string): boolean {
  const [head = '', ...body] = answer.split('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  return length !== undefined && body.join('\r\n\r\n').length === Number(length)
}

it('answers over HTTP', async () => {
  const client = new RawClient(store.url)
  expect(await client.send('GET', '/health')).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\n{"status":"ok"}$/)
})

it('counts the bytes of open and closed connections exactly', async () => {
  const [left, stays] = [new RawClient(store.url), new RawClient(store.url)]
  await left.send('POST', '/auth/login', '{"email":"user1@example.com","password":"password-1"}')
  await left.send('POST', '/orders')
  await stays.send('GET', '/products?limit=50')
  await stays.send('GET', '/nowhere')
  await left.close()
  expect(await transport()).toEqual({
    connectionsOpened: 2,
    connectionsOpen: 1,
    bytesReceived: left.bytesSent + stays.bytesSent,
    bytesSent: left.bytesReceived + stays.bytesReceived,
  })
})

it('leaves a connection out altogether once it asked for counts', async () => {
  const client = new RawClient(store.url)
  await client.send('GET', '/health')
  await client.send('GET', '/__stats')
  await client.send('GET', '/health')
  expect(await transport()).toEqual({ connectionsOpened: 0, connectionsOpen: 0, bytesReceived: 0, bytesSent: 0 })
})

it('counts from zero after a reset, on connections that stay open too', async () => {
  const client = new RawClient(store.url)
  await client.send('GET', '/products')
  await control('POST', '/__reset')
  expect(await transport()).toEqual({ connectionsOpened: 0, connectionsOpen: 1, bytesReceived: 0, bytesSent: 0 })

  const before = { sent: client.bytesSent, received: client.bytesReceived }
  await client.send('GET', '/products')
  expect(await transport()).toEqual({
    connectionsOpened: 0,
    connectionsOpen: 1,
    bytesReceived: client.bytesSent - before.sent,
    bytesSent: client.bytesReceived - before.received,
  })
})

it('counts requests of concurrent connections', async () => {
  const clients = Array.from({ length: 20 }, () => new RawClient(store.url))
  await Promise.all(clients.map((client) => client.send('GET', '/health')))
  const { requests, routes } = Stats.parse(JSON.parse(await control('GET', '/__stats')))
  expect({ requests, routes }).toEqual({ requests: 20, routes: { 'GET /health': { 200: 20 } } })
})

it('ends, in a process of its own, when its parent is gone', async () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(child.stdout), 'line')
  expect(JSON.parse(line)).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
  child.stdin.end()
  expect(await once(child, 'exit')).toEqual([0, null])
})
