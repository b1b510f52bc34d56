import { setImmediate, setTimeout } from 'node:timers'
import type { Session } from './session.ts'

const leftoverDelayMs = 100

/**
 * Waits before something is refused. A body that catches every error and tries again would otherwise run on without a
 * turn of the event loop, and stop every timer; one whose virtual user has ended must leave the thread to those that
 * come after it.
 */
export async function turnAway({ closed }: Session): Promise<void> {
  await new Promise<void>((resolve) => {
    if (closed) setTimeout(resolve, leftoverDelayMs).unref()
    else setImmediate(resolve)
  })
}
