import type { LoadProfile } from '../shared/load-profile.ts'
import { plannedDurationMs } from './describe-load.ts'
import { linesOf, type LoadLine } from './load-lines.ts'
import { isOpen, type ResolvedLoad } from './resolved-load.ts'

/** How high a load is planned to be, in so many parts of its time: of each, the highest, so that no peak is lost. */
export function profileLoad(load: ResolvedLoad, parts: number): LoadProfile {
  const unit = isOpen(load) ? 'per second' : 'VUs'
  const durationMs = plannedDurationMs(load)
  const lines = 'stages' in load ? linesOf(load) : [{ fromMs: 0, toMs: 1, from: load.vus, to: load.vus }]
  const lengthMs = (lines.at(-1)?.toMs ?? 0) / parts
  // A jump at the border of two parts is rounded to lie in one of them.
  const tolerance = lengthMs / 1e6
  const levels = Array.from({ length: parts }, (_, index) =>
    highestWithin(lines, index * lengthMs + tolerance, (index + 1) * lengthMs - tolerance),
  )
  return { unit, levels, durationMs }
}

function highestWithin(lines: readonly LoadLine[], fromMs: number, toMs: number): number {
  const within = lines.filter((line) => line.fromMs < toMs && line.toMs > fromMs)
  return Math.max(
    0,
    ...within.flatMap((line) => [
      levelAt(line, Math.max(fromMs, line.fromMs)),
      levelAt(line, Math.min(toMs, line.toMs)),
    ]),
  )
}

function levelAt({ fromMs, toMs, from, to }: LoadLine, atMs: number): number {
  return from + ((to - from) * (atMs - fromMs)) / (toMs - fromMs)
}
