import type { LoadProfile } from '../shared/load-profile.ts'
import { plannedDurationMs } from './describe-load.ts'
import { isOpen, type ResolvedLoad } from './resolved-load.ts'

/** A straight line between two levels. */
interface Line {
  readonly fromMs: number
  readonly toMs: number
  readonly from: number
  readonly to: number
}

/** How high a load is planned to be, in so many parts of its time: of each, the highest, so that no peak is lost. */
export function profileLoad(load: ResolvedLoad, parts: number): LoadProfile {
  const unit = isOpen(load) ? 'per second' : 'VUs'
  const durationMs = plannedDurationMs(load)
  const lines = linesOf(load)
  const lengthMs = (lines.at(-1)?.toMs ?? 0) / parts
  // A jump at the border of two parts is rounded to lie in one of them.
  const tolerance = lengthMs / 1e6
  const levels = Array.from({ length: parts }, (_, index) =>
    highestWithin(lines, index * lengthMs + tolerance, (index + 1) * lengthMs - tolerance),
  )
  return { unit, levels, durationMs }
}

/** The lines that a load follows, without its jumps. */
function linesOf(load: ResolvedLoad): Line[] {
  if (!('stages' in load)) return [{ fromMs: 0, toMs: 1, from: load.vus, to: load.vus }]
  const lines: Line[] = []
  let fromMs = 0
  let level = load.executor === 'ramping-vus' ? load.startVUs : 0
  for (const stage of load.stages) {
    const [from, to] = 'target' in stage ? [level, stage.target] : [stage.fromPerSecond, stage.toPerSecond]
    const toMs = fromMs + stage.durationMs
    if (stage.durationMs > 0) lines.push({ fromMs, toMs, from, to })
    fromMs = toMs
    level = to
  }
  return lines
}

function highestWithin(lines: readonly Line[], fromMs: number, toMs: number): number {
  const within = lines.filter((line) => line.fromMs < toMs && line.toMs > fromMs)
  return Math.max(
    0,
    ...within.flatMap((line) => [
      levelAt(line, Math.max(fromMs, line.fromMs)),
      levelAt(line, Math.min(toMs, line.toMs)),
    ]),
  )
}

function levelAt({ fromMs, toMs, from, to }: Line, atMs: number): number {
  return from + ((to - from) * (atMs - fromMs)) / (toMs - fromMs)
}
