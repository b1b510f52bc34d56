import type { RateStage } from '../shared/rate-profile.ts'
import { durationMs } from './problems.ts'
import type { ArrivalRateLoad, RampingVUsLoad } from './resolved-load.ts'

/** What of a load, once checked, says how it changes. Durations in milliseconds, rates in numbers per second. */
interface ParsedRamp {
  readonly executor?: string | undefined
  readonly duration?: number | undefined
  readonly rate?: number | undefined
  readonly startRate?: number | undefined
  readonly startVUs?: number | undefined
  readonly stages?: readonly ParsedStage[] | undefined
  readonly maxVUs?: number | undefined
  readonly preAllocatedVUs?: number | undefined
  readonly arrivals?: 'even' | 'poisson' | undefined
  readonly gracefulRampDown?: number | undefined
}

interface ParsedStage {
  readonly duration: number
  readonly vus?: number | undefined
  readonly rate?: number | undefined
  readonly target?: number | undefined
}

type Resolved<Load> = Omit<Load, 'executor' | 'gracefulStopMs'>

const defaults = Object.freeze({
  startVUs: 1,
  startRatePerSecond: 0,
  arrivals: 'even',
  gracefulRampDownMs: 30_000,
  /** So many virtual users serve a rate whose iterations take ten seconds. */
  maxVUsSeconds: 10,
  fewestMaxVUs: 100,
  mostMaxVUs: 5000,
  preAllocatedVUsSeconds: 1,
} as const)

/** Stages that last no time at all or longer than a timer can wait, that make no load, or have too few virtual users. */
export function findImpossibleRamp(load: ParsedRamp, path: string): string[] {
  const problems: string[] = []
  const { preAllocatedVUs, maxVUs, stages = [] } = load
  if (preAllocatedVUs !== undefined && maxVUs !== undefined && preAllocatedVUs > maxVUs)
    problems.push(
      `${path}: 'preAllocatedVUs' (${preAllocatedVUs}) is more than 'maxVUs' (${maxVUs}). Raise 'maxVUs' or lower 'preAllocatedVUs'`,
    )
  if (stages.length === 0) return problems
  const totalMs = stages.reduce((sum, { duration }) => sum + duration, 0)
  const [tooLong] = durationMs.safeParse(totalMs).error?.issues ?? []
  if (tooLong !== undefined) problems.push(`${path}.stages: ${tooLong.message}; received ${totalMs} in all`)
  if (totalMs === 0) problems.push(`${path}.stages: expected durations above zero; received 0 in all`)
  else if (stages.every(hasEnd) && !makesLoad(load))
    problems.push(`${path}.stages: expected more than zero in one of them, for some time; received no load at all`)
  return problems
}

/** A jump that nothing follows makes none. */
function makesLoad({ startVUs, startRate, stages = [] }: ParsedRamp): boolean {
  let from = startRate ?? startVUs ?? 0
  return stages.some((stage) => {
    const highest = Math.max(from, endOf(stage))
    from = endOf(stage)
    return highest > 0 && stage.duration > 0
  })
}

/** Resolves the fields of a changing number of virtual users. */
export function resolveRamp(load: ParsedRamp): Resolved<RampingVUsLoad> {
  const startVUs = load.startVUs ?? defaults.startVUs
  const stages = (load.stages ?? []).map((stage) => ({ durationMs: stage.duration, target: endOf(stage) }))
  return {
    // A jump at the end has no time to be in force.
    vus: Math.max(
      startVUs,
      ...stages.slice(0, stages.at(-1)?.durationMs === 0 ? -1 : undefined).map(({ target }) => target),
    ),
    startVUs,
    stages,
    gracefulRampDownMs: load.gracefulRampDown ?? defaults.gracefulRampDownMs,
  }
}

type AnyArrivalRateLoad = ArrivalRateLoad<'constant-arrival-rate' | 'ramping-arrival-rate'>

/** Resolves the fields of an arrival rate, constant or not. */
export function resolveArrivals(load: ParsedRamp): Resolved<AnyArrivalRateLoad> {
  const stages = rateStages(load)
  const peakPerSecond = peakOf(stages)
  const vus = load.maxVUs ?? defaultMaxVUs(load, peakPerSecond)
  const aSecondsWorth = Math.max(1, Math.ceil(peakPerSecond * defaults.preAllocatedVUsSeconds))
  return {
    vus,
    preAllocatedVUs: load.preAllocatedVUs ?? Math.min(vus, aSecondsWorth),
    arrivals: load.arrivals ?? defaults.arrivals,
    stages,
  }
}

/** With k6's names goes k6's rule: as many as were allocated beforehand. */
function defaultMaxVUs({ executor, preAllocatedVUs }: ParsedRamp, peakPerSecond: number): number {
  if (executor !== undefined && preAllocatedVUs !== undefined) return preAllocatedVUs
  const enough = Math.ceil(peakPerSecond * defaults.maxVUsSeconds)
  const fallback = Math.min(Math.max(enough, defaults.fewestMaxVUs), defaults.mostMaxVUs)
  return Math.max(fallback, preAllocatedVUs ?? 0)
}

function rateStages({ rate, duration, startRate, stages }: ParsedRamp): RateStage[] {
  if (stages === undefined) return [{ durationMs: duration ?? 0, fromPerSecond: rate ?? 0, toPerSecond: rate ?? 0 }]
  let fromPerSecond = startRate ?? defaults.startRatePerSecond
  return stages.map((stage) => {
    const toPerSecond = endOf(stage)
    const resolved = { durationMs: stage.duration, fromPerSecond, toPerSecond }
    fromPerSecond = toPerSecond
    return resolved
  })
}

/** A jump that nothing follows is never reached. */
function peakOf(stages: readonly RateStage[]): number {
  const lasting = stages.filter(({ durationMs: lastsMs }) => lastsMs > 0)
  return Math.max(0, ...lasting.flatMap(({ fromPerSecond, toPerSecond }) => [fromPerSecond, toPerSecond]))
}

function endOf({ target, vus, rate }: ParsedStage): number {
  return target ?? rate ?? vus ?? 0
}

function hasEnd({ target, vus, rate }: ParsedStage): boolean {
  return (target ?? rate ?? vus) !== undefined
}
