import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'

/** The part of the machine's CPU time, 0 to 1, that other processes may take before a figure of time is not trusted. */
export const toleratedLoad = 0.05

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
}

/** Watches how much CPU time the machine spends. The function returned takes what was our own, and gives the others' part. */
export function watchMachine(): (ownMs: number) => number {
  const startedAt = performance.now()
  const busyBefore = busyMs()
  const usageBefore = process.cpuUsage()
  return (ownMs) => {
    const { user, system } = process.cpuUsage(usageBefore)
    const othersMs = busyMs() - busyBefore - ownMs - (user + system) / 1000
    return Math.max(0, othersMs) / ((performance.now() - startedAt) * cpus().length)
  }
}

/** Waits for a quiet second, but not longer than `patienceMs`. */
export async function waitForQuiet(patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs
  do {
    const others = watchMachine()
    await setTimeout(1000)
    if (others(0) <= toleratedLoad) return
  } while (performance.now() < deadline)
}
