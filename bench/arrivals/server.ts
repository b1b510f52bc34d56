import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// Answers at once; `/stall` after 1 ms, but from 4 s to 6 s after its first request only at the end of that time.

const stallFromMs = 4000
const stallToMs = 6000
const serviceMs = 1
let firstMs: number | undefined

function waitMs(): number {
  const nowMs = performance.now()
  firstMs ??= nowMs
  const elapsedMs = nowMs - firstMs
  return elapsedMs >= stallFromMs && elapsedMs < stallToMs ? stallToMs - elapsedMs : serviceMs
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.url === '/stall') setTimeout(() => response.end('{}'), waitMs())
  else response.end('{}')
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.stdin.on('end', () => process.exit(0)).resume()
