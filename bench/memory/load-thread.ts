import { parentPort, workerData } from 'node:worker_threads'
import { LocalHost } from '../../src/engine/local-host.ts'
import { defaultHttpConfig } from '../../src/http/config.ts'
import type { ThreadProgress, ThreadReport } from '../../src/results/thread-report.ts'
import { runEngine } from '../support/engine-run.ts'
import { untidy } from './body.ts'
import { liveBytes } from './heap.ts'
import type { CheckpointMessage, SnapshotMessage, ThreadArguments } from './messages.ts'
import { createTransport } from './transport.ts'

// A thread of the load: the engine, the DSL and the HTTP client as in the pool, its figures sent to main each second.

const { checkpoints } = workerData as ThreadArguments

class PostingHost extends LocalHost {
  override snapshot(progress: ThreadProgress): void {
    const { cells, totals } = progress.snapshot
    const message: SnapshotMessage = { type: 'snapshot', snapshot: progress.snapshot }
    parentPort?.postMessage(message, [cells.buffer, totals.buffer])
  }

  override result(report: ThreadReport): Promise<undefined> {
    this.snapshot(report)
    return Promise.resolve(undefined)
  }
}

const host = new PostingHost()
let requests = 0
const config = { ...defaultHttpConfig, baseUrl: 'http://127.0.0.1:1', transport: createTransport(count) }

/** Weighs the heap where the load stands: the virtual users and what they have in flight are the same each time. */
function count(): void {
  requests += 1
  if (!checkpoints.includes(requests)) return
  const message: CheckpointMessage = { type: 'checkpoint', requests, bytes: liveBytes() }
  parentPort?.postMessage(message)
  if (requests === checkpoints.at(-1)) host.requestStop()
}

await runEngine({ name: 'untidy', load: { vus: 50, duration: '1h' }, body: untidy, config, host })
