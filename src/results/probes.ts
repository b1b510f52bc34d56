import type { LabelledRequests } from '../metrics/label-watch.ts'
import type { ProbeDelta, ProbeOptions } from '../metrics/probe-recorder.ts'
import { seriesNameOf, type Slo } from '../slo/model.ts'

/** What is judged while the load runs, or in windows, needs more than the figures of the whole run. */
export interface Probe {
  readonly slo: Slo
  /** Under which name its target is measured; `undefined` for the scenario. */
  readonly seriesName: string | undefined
  readonly use: 'abort' | 'window'
  readonly options: ProbeOptions
}

/** What a thread's probes have seen since the last report. Plain data. */
export interface ProbeReport {
  /** When it was made, in milliseconds since the start of the load; infinite for the last one. */
  readonly atMs: number
  /** By position of the probe. */
  readonly deltas: readonly (ProbeDelta | undefined)[]
  /** Values of labels met for the first time, each after its label. */
  readonly seen: readonly (readonly [string, string])[]
}

/** What a plan says of objectives. */
export interface Objectives {
  readonly slos: readonly Slo[]
  /** Ends the load, and yields no test case. */
  readonly abort?: Slo
}

/** How often objectives that may end the load are looked at. */
export const abortWindowMs = 1000

/** The probes of a plan: in the same order in every thread and in the main process. */
export function probesOf({ slos, abort }: Objectives): Probe[] {
  return [...slos, ...(abort === undefined ? [] : [abort])].flatMap((slo) => {
    const { aggregate, window } = slo
    const of = 'of' in aggregate ? aggregate.of : 'response'
    const seriesName = seriesNameOf(slo.target)
    const common = { of, limitUs: limitOf(slo) } as const
    const probes: Probe[] = []
    if (window !== undefined) {
      const by = aggregate.kind === 'throughput' || aggregate.kind === 'checks' ? 'end' : 'start'
      probes.push({ slo, seriesName, use: 'window', options: { ...common, windowMs: window.windowMs, by } })
    }
    if (slo.abort !== undefined)
      probes.push({ slo, seriesName, use: 'abort', options: { ...common, windowMs: abortWindowMs, by: 'end' } })
    return probes
  })
}

function limitOf({ aggregate, condition }: Slo): number | undefined {
  if (!('of' in aggregate)) return undefined
  if (condition.kind === 'above') return Number.POSITIVE_INFINITY
  // The upper end itself is within; durations are whole microseconds.
  return condition.kind === 'below' ? condition.limit : condition.high + 1
}

/** What has to be measured by labels. */
export function labelledRequestsOf(slos: readonly Slo[]): LabelledRequests[] {
  const all = slos.flatMap(({ target, aggregate }): [string, LabelledRequests][] => {
    if (target.kind !== 'labelled') return []
    const { key, request, step, where } = target
    const hasOutcome = where.status !== undefined || where.error !== undefined
    return [[key, { key, request, step, where, isRate: hasOutcome && aggregate.kind === 'errorRate' }]]
  })
  return [...new Map(all).values()]
}
