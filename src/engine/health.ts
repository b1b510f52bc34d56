import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { ThreadHealth } from '../results/run-result.ts'

const resolutionMs = 10

/** Watches how busy a thread is while it generates load. Returns a function that ends the watch and tells. */
export function watchHealth(): () => Omit<ThreadHealth, 'thread'> {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  const before = performance.eventLoopUtilization()
  delay.enable()
  return () => {
    delay.disable()
    // The monitor reports how long its own timer took: what exceeds the timer's period is delay.
    const p99Us = delay.count === 0 ? 0 : delay.percentile(99) / 1000 - resolutionMs * 1000
    return {
      eventLoopDelayP99: Math.max(0, Math.round(p99Us)),
      eventLoopUtilization: performance.eventLoopUtilization(before).utilization,
    }
  }
}
