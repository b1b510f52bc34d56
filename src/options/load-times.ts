import { startWindowMs } from './describe-load.ts'
import { linesOf } from './load-lines.ts'
import type { ResolvedLoad } from './resolved-load.ts'

/** A part of a load, in milliseconds since its start. */
export interface LoadTime {
  readonly fromMs: number
  readonly toMs: number
}

/** While a load is level and the highest that is planned; all the time where it does not change. */
export function peakTimes(load: ResolvedLoad): LoadTime[] {
  if (!('stages' in load)) return [{ fromMs: 0, toMs: startWindowMs(load) }]
  const lines = linesOf(load)
  const highest = Math.max(...lines.flatMap(({ from, to }) => [from, to]))
  const times: LoadTime[] = []
  for (const { fromMs, toMs, from, to } of lines) {
    if (from !== highest || to !== highest) continue
    const last = times.at(-1)
    if (last?.toMs === fromMs) times[times.length - 1] = { fromMs: last.fromMs, toMs }
    else times.push({ fromMs, toMs })
  }
  return times
}
