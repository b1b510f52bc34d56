import type { RampingVUsLoad } from '../../options/resolved-load.ts'

/** A time in which a virtual user iterates, in milliseconds from the start of the load. */
export interface ActiveTime {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * When virtual user number `position` (from 0) iterates. As in k6, the number of users follows a line from target to
 * target: on the way up the user comes when the line reaches its number, on the way down it goes when the line has come
 * down to those before it.
 */
export function activeTimes(load: Pick<RampingVUsLoad, 'startVUs' | 'stages'>, position: number): ActiveTime[] {
  const times: ActiveTime[] = []
  let activeSinceMs = position < load.startVUs ? 0 : undefined
  let stageStartMs = 0
  let level = load.startVUs
  for (const { durationMs, target } of load.stages) {
    // Where the line crosses this user's place: of thousands of stages, in few.
    if (activeSinceMs === undefined && target > position) {
      const needed = Math.max(level, position + 1)
      activeSinceMs = stageStartMs + (durationMs * (needed - level)) / (target - level)
    } else if (activeSinceMs !== undefined && target <= position) {
      const needed = Math.min(level, position)
      const toMs = stageStartMs + (durationMs * (needed - level)) / (target - level)
      if (toMs > activeSinceMs) times.push({ fromMs: activeSinceMs, toMs })
      activeSinceMs = undefined
    }
    stageStartMs += durationMs
    level = target
  }
  if (activeSinceMs !== undefined && activeSinceMs < stageStartMs)
    times.push({ fromMs: activeSinceMs, toMs: stageStartMs })
  return times
}
