import type { IterationScope } from '../session/current.ts'
import type { Clock } from './clock.ts'

/** Waits until a scope is no longer busy: what was started in it and not awaited still belongs to it. */
export async function settle(scope: IterationScope, isBusy: () => boolean, clock: Clock): Promise<void> {
  while (isBusy()) {
    for (const answer of scope.unread ?? []) answer.leaveUnread()
    if (!isBusy()) break
    await new Promise<void>((resolve) => {
      scope.onIdle = resolve
    })
    // What has ended may go on to start something else.
    await clock.nextTurn()
  }
  scope.onIdle = undefined
}
