import { clearTimeout, setImmediate, setTimeout } from 'node:timers'
import { abortListeners } from '../shared/abort-listeners.ts'
import { now } from '../shared/now.ts'

/** Time as the engine sees it; injected, so that tests need not wait. */
export interface Clock {
  /** Milliseconds of a monotonic clock. */
  now(): number
  /** Resolves after `ms`, or at once when the signal is aborted: it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Resolves when everything that is due by now has had its turn. */
  nextTurn(): Promise<void>
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
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
}
