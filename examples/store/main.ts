import { fstatSync } from 'node:fs'
import { startStore } from './server.ts'

const { STORE_PORT: port = 0, STORE_SEED: seed = 1 } = process.env
const { url } = await startStore({ port: Number(port), seed: Number(seed) })
console.log(JSON.stringify({ url }))

const stop = (): void => process.exit(0)
process.once('SIGTERM', stop)
process.once('SIGINT', stop)

// A parent that dies without a word still closes its ends: no store is left behind. Only a pipe is a parent's end;
// a terminal stays open, and /dev/null ends at once.
process.once('disconnect', stop)
const stdin = fstatSync(0)
if (stdin.isFIFO() || stdin.isSocket()) process.stdin.once('close', stop).resume()
