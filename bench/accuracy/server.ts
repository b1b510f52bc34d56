import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { routes, shortestMs, type Route, type RouteLog, type ServerLog } from './routes.ts'

// A server that takes a random but repeatable time for each request, and logs how long it really took. On stdin,
// `report` is answered with the log of everything since the last report.

const endOfHead = '\r\n\r\n'
const contentLength = /\r\ncontent-length: *(\d+)/i
const body = JSON.stringify({ id: 7, status: 'confirmed', note: 'x'.repeat(200) })
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`,
)

/** mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = createRandom(Number(process.argv[2] ?? 1))

/** A lognormal time: Box and Muller's method gives the normal one. */
function drawMs({ medianMs, sigma }: Route): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.max(shortestMs, medianMs * Math.exp(sigma * normal))
}

function createLogs(): Record<string, RouteLog> {
  return Object.fromEntries(routes.map(({ name }) => [name, { serviceMs: [] }]))
}

let logs = createLogs()
let connections = 0
let bytesReceived = 0
let bytesSent = 0
const open = new Set<Socket>()

function serve(socket: Socket, head: string): void {
  const receivedAt = performance.now()
  if (head.startsWith('GET /connect ')) {
    socket.write(answer)
    return
  }
  const route = routes[head.startsWith('GET') ? 0 : 1]
  if (route === undefined) return
  setTimeout(() => {
    socket.write(answer)
    logs[route.name]?.serviceMs.push(performance.now() - receivedAt)
  }, drawMs(route))
}

const server = createServer({ noDelay: true }, (socket) => {
  connections += 1
  open.add(socket)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    const headEnd = text.indexOf(endOfHead)
    if (headEnd === -1) return
    const head = text.slice(0, headEnd)
    if (text.length < headEnd + endOfHead.length + Number(contentLength.exec(head)?.[1] ?? 0)) return
    text = ''
    serve(socket, head)
  })
  socket.on('error', () => socket.destroy())
  socket.once('close', () => {
    open.delete(socket)
    bytesReceived += socket.bytesRead
    bytesSent += socket.bytesWritten
  })
})

let cpuBefore = process.cpuUsage()

function report(): ServerLog {
  const { user, system } = process.cpuUsage(cpuBefore)
  const log = { routes: logs, cpuMs: (user + system) / 1000, connections, bytesReceived, bytesSent }
  cpuBefore = process.cpuUsage()
  logs = createLogs()
  connections = bytesReceived = bytesSent = 0
  return log
}

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})

const reportWhenClosed = (): void => {
  // The generator has ended: its sockets are about to be closed here too.
  if (open.size > 0) setTimeout(reportWhenClosed, 10)
  else console.log(JSON.stringify(report()))
}
createInterface(process.stdin)
  .on('line', reportWhenClosed)
  .once('close', () => process.exit(0))
