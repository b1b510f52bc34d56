import { systemClock } from '../engine/clock.ts'
import type { Session } from '../session/session.ts'

const leftoverDelayMs = 100

/**
 * Waits before something is refused. A body that catches every error and tries again would otherwise run on without a
 * turn of the event loop, and stop every timer; one whose virtual user has ended must leave the thread to those that
 * come after it.
 */
export async function turnAway({ closed }: Session): Promise<void> {
  await (closed ? systemClock.sleep(leftoverDelayMs) : systemClock.nextTurn())
}
