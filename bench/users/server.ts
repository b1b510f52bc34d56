import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'

// Keeps every connection open, and tells how many there are when it is asked.

const server = createServer({ keepAliveTimeout: 600_000 }, (_request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end('{"status":"ok"}')
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
createInterface(process.stdin)
  .on('line', () => server.getConnections((_error, count) => console.log(count)))
  .on('close', () => process.exit(0))
