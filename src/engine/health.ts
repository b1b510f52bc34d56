import { clearTimeout, setTimeout } from 'node:timers'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { ThreadHealth } from '../results/run-result.ts'
import { now } from '../shared/now.ts'

const resolutionMs = 10
/** In it, code is compiled and connections are made. */
const unsteadyMs = 1000
/** So much must follow it for a percentile to mean something. */
const leastSteadyMs = 1000

/**
 * Watches how busy a thread is while it generates load. Returns a function that ends the watch and tells.
 *
 * @param warmupMs - is left out of what decides whether a run is valid, as the first second is.
 */
export function watchHealth(warmupMs: number = 0): () => Omit<ThreadHealth, 'thread'> {
  const startedAtMs = now()
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  const steadyDelay = monitorEventLoopDelay({ resolution: resolutionMs })
  const steadyFromMs = Math.max(unsteadyMs, warmupMs)
  const steady = setTimeout(() => steadyDelay.enable(), steadyFromMs)
  const before = performance.eventLoopUtilization()
  const cpuBefore = threadCpuUs()
  delay.enable()
  return () => {
    clearTimeout(steady)
    delay.disable()
    steadyDelay.disable()
    const elapsedMs = now() - startedAtMs
    const cpuUs = threadCpuUs() - cpuBefore
    return {
      eventLoopDelayP99: p99Of(delay),
      ...(elapsedMs >= steadyFromMs + leastSteadyMs && { steadyEventLoopDelayP99: p99Of(steadyDelay) }),
      eventLoopUtilization: performance.eventLoopUtilization(before).utilization,
      ...(!Number.isNaN(cpuUs) && { cpuUtilization: cpuUs / (elapsedMs * 1000) }),
    }
  }
}

/** The monitor reports how long its own timer took: what exceeds the timer's period is delay. */
function p99Of(delay: ReturnType<typeof monitorEventLoopDelay>): number {
  const p99Us = delay.count === 0 ? 0 : delay.percentile(99) / 1000 - resolutionMs * 1000
  return Math.max(0, Math.round(p99Us))
}

/** CPU time of this thread so far, in microseconds; not a number where Node cannot tell. */
function threadCpuUs(): number {
  const { threadCpuUsage } = process as Partial<Pick<typeof process, 'threadCpuUsage'>>
  const usage = threadCpuUsage?.call(process)
  return usage === undefined ? Number.NaN : usage.user + usage.system
}
