import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'

/** Listens, but never accepts: the thread is blocked. */
const source = `
  const { createServer } = require('node:net')
  const { parentPort } = require('node:worker_threads')
  const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
  })
`

/** Starts a server to which connecting hangs: as many connections wait to be accepted as may wait. */
export async function startFullBacklog(): Promise<string> {
  const worker = new Worker(source, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const waiting: Socket[] = []
  onTestFinished(async () => {
    for (const socket of waiting) socket.destroy()
    await worker.terminate()
  })
  // A backlog of one lets two connect; of the others the system answers none.
  const full = Promise.withResolvers<void>()
  let connected = 0
  for (let index = 0; index < 4; index++) {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    socket.on('connect', () => {
      connected += 1
      if (connected === 2) full.resolve()
    })
    waiting.push(socket)
  }
  await full.promise
  return `http://127.0.0.1:${port}`
}
