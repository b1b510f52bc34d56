import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'

// Tells when the first request since the last question came, by the clock that all processes share, in nanoseconds.

let firstNs: bigint | undefined

const server = createServer((_request, response) => {
  firstNs ??= process.hrtime.bigint()
  response.end('{}')
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
createInterface(process.stdin)
  .on('line', () => {
    console.log(String(firstNs))
    firstNs = undefined
  })
  .on('close', () => process.exit(0))
