import { clearTimeout, setImmediate, setTimeout } from 'node:timers'
import { abortListeners } from '../shared/abort-listeners.ts'
import { now } from '../shared/now.ts'

/** Time as the engine sees it; injected, so that tests need not wait. */
export interface Clock {
  /** Milliseconds of a monotonic clock. */
  now(): number
  /** Resolves after `ms`, or at once when the signal is aborted: it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /**
   * Like `sleep`, but within some tens of microseconds of its time, for the CPU of the last two milliseconds: it turns the
   * event loop until then, which does everything else that is due.
   */
  sleepPrecisely(ms: number, signal: AbortSignal): Promise<void>
  /** Resolves when everything that is due by now has had its turn. */
  nextTurn(): Promise<void>
}

/** A timer comes up to a millisecond late, and is counted in whole ones. */
const timerErrorMs = 2

/** Turns the event loop until a time, or until the signal is aborted. One promise for all turns: each would be garbage. */
function spinUntil(endMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const turn = (): void => {
      if (signal.aborted || now() >= endMs) resolve()
      else setImmediate(turn)
    }
    turn()
  })
}

/** The machine's clock. Timers are Node's own, whatever a test has put on `globalThis`. */
export const systemClock: Clock = {
  now,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve()
        return
      }
      const sleepers = signal === undefined ? undefined : abortListeners(signal)
      const wake = (): void => {
        clearTimeout(timer)
        sleepers?.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, Math.max(0, ms))
      sleepers?.add(wake)
    }),
  sleepPrecisely: async (ms, signal) => {
    const endMs = now() + ms
    if (ms > timerErrorMs) await systemClock.sleep(ms - timerErrorMs, signal)
    await spinUntil(endMs, signal)
  },
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
}
