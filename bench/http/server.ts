import { createServer, type AddressInfo, type Socket } from 'node:net'
import { answerTo } from './canned-answers.ts'

// A server that costs as little as Node allows, so that it never is the bottleneck: canned answers, keep-alive only,
// bodies with a content-length only.

const endOfHead = '\r\n\r\n'
const contentLength = /\r\ncontent-length: *(\d+)/i

/** Answers all complete requests in `text` and returns the rest. */
function answerAll(socket: Socket, text: string): string {
  let start = 0
  for (;;) {
    const headEnd = text.indexOf(endOfHead, start)
    if (headEnd === -1) break
    const head = text.slice(start, headEnd)
    const bodyLength = head.startsWith('POST') ? Number(contentLength.exec(head)?.[1] ?? 0) : 0
    const end = headEnd + endOfHead.length + bodyLength
    if (end > text.length) break
    socket.write(answerTo(head))
    start = end
  }
  return start === text.length ? '' : text.slice(start)
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest = ''
  socket.on('data', (chunk) => {
    const text = chunk.toString('latin1')
    rest = answerAll(socket, rest === '' ? text : rest + text)
  })
  socket.on('error', () => socket.destroy())
})

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.stdin.once('close', () => process.exit(0)).resume()
