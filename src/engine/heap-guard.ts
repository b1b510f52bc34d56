import { getHeapStatistics } from 'node:v8'
import type { Clock } from './clock.ts'

const intervalMs = 200
const fullRatio = 0.85

/**
 * Says when a thread's heap is nearly full. At its limit V8 ends the thread, and now and then the whole process, with
 * everything measured. Returns a function that ends the watch.
 */
export function guardHeap(clock: Clock, youngHeapBytes: number, onFull: (message: string) => void): () => void {
  const ended = new AbortController()
  const watch = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(intervalMs, ended.signal)
      if (ended.signal.aborted) return
      const statistics = getHeapStatistics()
      const used = statistics.used_heap_size
      // What V8 calls the limit holds both generations; it is the old one that fills.
      const limit = statistics.heap_size_limit - youngHeapBytes
      if (used < limit * fullRatio) continue
      onFull(
        `a thread of the load generator was about to run out of memory (${toMB(used)} of ${toMB(limit)} MB). Keep less in the bodies and hooks, use fewer virtual users or more threads, or give Node more with NODE_OPTIONS=--max-old-space-size`,
      )
      return
    }
  }
  void watch()
  return () => ended.abort()
}

function toMB(bytes: number): string {
  return Math.round(bytes / 2 ** 20).toLocaleString('en')
}
