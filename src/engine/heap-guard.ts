import { constants, PerformanceObserver, type NodeGCPerformanceDetail, type PerformanceEntry } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** Of the heap for old objects, after a collection: what is left then is in use. */
const fullRatio = 0.8

/**
 * Says when a thread's heap is nearly full. At its limit V8 ends the thread, and now and then the whole process, with
 * everything measured. Returns a function that ends the watch.
 *
 * @param youngHeapBytes - the part of the heap for young objects, which V8 counts into its limit.
 */
export function guardHeap(youngHeapBytes: number, onFull: (message: string) => void): () => void {
  const observer = new PerformanceObserver((list) => {
    if (!list.getEntries().some(isFullCollection)) return
    const statistics = getHeapStatistics()
    const used = statistics.used_heap_size
    const limit = statistics.heap_size_limit - youngHeapBytes
    if (used < limit * fullRatio) return
    observer.disconnect()
    onFull(
      `a thread of the load generator was about to run out of memory (${toMB(used)} of ${toMB(limit)} MB). Keep less in the bodies and hooks, use fewer virtual users or more threads, or give Node more with NODE_OPTIONS=--max-old-space-size`,
    )
  })
  observer.observe({ entryTypes: ['gc'] })
  return () => observer.disconnect()
}

function isFullCollection(entry: PerformanceEntry): boolean {
  return (
    (entry as PerformanceEntry & { detail: NodeGCPerformanceDetail }).detail.kind ===
    constants.NODE_PERFORMANCE_GC_MAJOR
  )
}

function toMB(bytes: number): string {
  return Math.round(bytes / 2 ** 20).toLocaleString('en')
}
