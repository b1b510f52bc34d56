import { once } from 'node:events'
import { setImmediate } from 'node:timers'
import { Worker } from 'node:worker_threads'
import { RunTotals } from '../../src/results/run-totals.ts'
import { Timeline } from '../../src/results/timeline.ts'
import { liveBytes } from './heap.ts'
import type { CheckpointMessage, SnapshotMessage, ThreadArguments } from './messages.ts'
import type { Weighing } from './weighing.ts'

/** Runs the engine in a thread, without sockets, and merges its figures here, as the pool does. */
export async function weighEngine(checkpoints: readonly number[]): Promise<Weighing[]> {
  const workerData: ThreadArguments = { checkpoints }
  const worker = new Worker(new URL('load-thread.ts', import.meta.url), { workerData })
  const [totals, timeline] = [new RunTotals(), new Timeline()]
  const weighings: Weighing[] = []
  const startedAt = performance.now()
  const seconds = (): number => Math.floor((performance.now() - startedAt) / 1000)
  worker.on('message', (message: SnapshotMessage | CheckpointMessage) => {
    if (message.type === 'snapshot') {
      totals.add(0, message.snapshot, (series, delta) => timeline.observe(seconds(), series, delta))
      timeline.count(seconds(), message.snapshot, 50)
      // What was sent counts for the thread until it is collected here.
      setImmediate(liveBytes)
      return
    }
    weighings.push({ requests: message.requests, thread: message.bytes, main: liveBytes() })
    console.error(`${message.requests / 1_000_000} M requests after ${seconds()} s`)
  })
  await once(worker, 'exit')
  const ended = totals.series('request').reduce((sum, series) => sum + series.count, 0)
  console.error(
    `${ended} requests merged: ${totals.series().length} series, ${totals.checks.size} checks, ${totals.errors.size} error rows, ${timeline.points().length} points in time`,
  )
  return weighings
}
