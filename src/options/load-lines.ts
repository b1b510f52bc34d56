import type { ArrivalRateLoad, RampingVUsLoad } from './resolved-load.ts'

/** A straight line between two levels, of virtual users or of a rate per second, in milliseconds since the start. */
export interface LoadLine {
  readonly fromMs: number
  readonly toMs: number
  readonly from: number
  readonly to: number
}

/** The lines that a load with stages follows, without its jumps: one that nothing follows is never reached. */
export function linesOf(
  load: RampingVUsLoad | ArrivalRateLoad<'constant-arrival-rate' | 'ramping-arrival-rate'>,
): LoadLine[] {
  const lines: LoadLine[] = []
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
