import { startWindowMs } from './describe-load.ts'
import type { ResolvedLoad } from './resolved-load.ts'

/** A part of a load, in milliseconds since its start. */
export interface LoadTime {
  readonly fromMs: number
  readonly toMs: number
}

/** While a load is level and the highest that is planned; all the time where it does not change. */
export function peakTimes(load: ResolvedLoad): LoadTime[] {
  const stages = stagesOf(load)
  if (stages === undefined) return [{ fromMs: 0, toMs: startWindowMs(load) }]
  const highest = Math.max(...stages.flatMap(({ from, to }) => [from, to]))
  const times: LoadTime[] = []
  let fromMs = 0
  for (const { from, to, durationMs } of stages) {
    const toMs = fromMs + durationMs
    const last = times.at(-1)
    if (from === highest && to === highest && durationMs > 0) {
      if (last?.toMs === fromMs) times[times.length - 1] = { fromMs: last.fromMs, toMs }
      else times.push({ fromMs, toMs })
    }
    fromMs = toMs
  }
  return times
}

interface Stage {
  readonly from: number
  readonly to: number
  readonly durationMs: number
}

function stagesOf(load: ResolvedLoad): Stage[] | undefined {
  if (!('stages' in load)) return undefined
  if (load.executor !== 'ramping-vus')
    return load.stages.map(({ fromPerSecond, toPerSecond, durationMs }) => ({
      from: fromPerSecond,
      to: toPerSecond,
      durationMs,
    }))
  let from = load.startVUs
  return load.stages.map(({ target, durationMs }) => {
    const stage = { from, to: target, durationMs }
    from = target
    return stage
  })
}
