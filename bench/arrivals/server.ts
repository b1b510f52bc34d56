import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'

// Answers at once; `/stall` after 1 ms, but from 4 s to 6 s after its first request only at the end of that time. Tells
// how long it took for each of these, in milliseconds, when it is asked.

const stallFromMs = 4000
const stallToMs = 6000
const serviceMs = 1
let firstMs: number | undefined
const servedMs: number[] = []

function waitMs(): number {
  const nowMs = performance.now()
  firstMs ??= nowMs
  const elapsedMs = nowMs - firstMs
  return elapsedMs >= stallFromMs && elapsedMs < stallToMs ? stallToMs - elapsedMs : serviceMs
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.url !== '/stall') {
    response.end('{}')
    return
  }
  const fromMs = performance.now()
  setTimeout(() => {
    servedMs.push(performance.now() - fromMs)
    response.end('{}')
  }, waitMs())
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
)
createInterface(process.stdin)
  .on('line', () => console.log(JSON.stringify(servedMs)))
  .on('close', () => process.exit(0))
