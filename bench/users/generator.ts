import { setTimeout } from 'node:timers/promises'
import { writeHeapSnapshot } from 'node:v8'
import { think } from '../../src/dsl/think.ts'
import { LocalHost } from '../../src/engine/local-host.ts'
import { defaultHttpConfig } from '../../src/http/config.ts'
import { http } from '../../src/http/http.ts'
import { liveBytes } from '../memory/heap.ts'
import { runEngine } from '../support/engine-run.ts'

// The engine with users that wait: weighs itself before they come, and when all of them are in their think time.

/** Who waits: users that have done nothing yet, or users with an open connection each. */
export type Waiting = 'parked' | 'connected'

/** What the generator is told. */
export interface UsersArguments {
  readonly url: string
  readonly waiting: Waiting
  readonly vus: number
  /** Where to write V8's heap snapshot when all of them wait. */
  readonly snapshotFile?: string
}

/** What all users together take, in bytes. */
export interface UsersResult {
  readonly heapBytes: number
  /** Buffers, and what else hangs on the heap. */
  readonly externalBytes: number
  /** What the process has grown by: also what the operating system and malloc keep for it. */
  readonly residentBytes: number
}

const { url, waiting, vus, snapshotFile } = JSON.parse(process.argv[2] ?? '{}') as UsersArguments
const config = { ...defaultHttpConfig, baseUrl: url }
const settleMs = 500

function weigh(): UsersResult {
  liveBytes()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapBytes: heapUsed, externalBytes: external, residentBytes: rss }
}

async function run(users: number, thinkTime: string, onArrival: () => void): Promise<void> {
  const body = async (): Promise<void> => {
    if (waiting === 'connected') await http.get('/').expect(200)
    onArrival()
    await think(thinkTime)
  }
  const load = thinkTime === '1h' ? { vus: users, duration: '2h' } : { vus: users, iterations: users * 20 }
  await runEngine({ name: 'users', load, body, config, host: new LocalHost() })
}

// Code is compiled and tables are made before the first weighing.
await run(10, '1ms', () => {})
const before = weigh()
let missing = vus
await new Promise<void>((resolve) => {
  void run(vus, '1h', () => {
    missing -= 1
    if (missing === 0) resolve()
  })
})
await setTimeout(settleMs)
const after = weigh()
if (snapshotFile !== undefined) writeHeapSnapshot(snapshotFile)
const result: UsersResult = {
  heapBytes: after.heapBytes - before.heapBytes,
  externalBytes: after.externalBytes - before.externalBytes,
  residentBytes: after.residentBytes - before.residentBytes,
}
process.stdout.write(JSON.stringify(result), () => process.exit(0))
