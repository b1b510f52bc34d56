import type { Clock } from './clock.ts'

/** Longer than Vitest waits before it sends on what it has gathered, with a timer of its own. */
const recountAfterMs = 200

/** How many loads run in this thread now: timers do not say whose they are. */
let loads = 0

/** Counts the timers that a load leaves behind. Returns a function that ends the count and tells. */
export function watchTimers(clock: Clock): () => Promise<number> {
  loads += 1
  let alone = loads === 1
  const before = countTimers()
  return async () => {
    alone &&= loads === 1
    const left = (): number => Math.max(0, countTimers() - before)
    if (alone && left() > 0) await clock.sleep(recountAfterMs)
    loads -= 1
    return alone ? left() : 0
  }
}

/** Those that would keep a process alive. */
function countTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}
