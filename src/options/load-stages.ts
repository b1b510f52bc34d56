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
  readonly timer?: 'coarse' | 'precise' | undefined
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

function makesLoad({ executor, startVUs, startRate, stages = [] }: ParsedRamp): boolean {
  const isRate = executor === 'ramping-arrival-rate' || stages.some(({ rate }) => rate !== undefined)
  const start = isRate ? (startRate ?? defaults.startRatePerSecond) : (startVUs ?? defaults.startVUs)
  return peakOf(spansOf(start, stages)) > 0
}

/** Resolves the fields of a changing number of virtual users. */
export function resolveRamp(load: ParsedRamp): Resolved<RampingVUsLoad> {
  const startVUs = load.startVUs ?? defaults.startVUs
  const stages = load.stages ?? []
  return {
    vus: Math.max(startVUs, peakOf(spansOf(startVUs, stages))),
    startVUs,
    stages: stages.map((stage) => ({ durationMs: stage.duration, target: endOf(stage) })),
    gracefulRampDownMs: load.gracefulRampDown ?? defaults.gracefulRampDownMs,
  }
}

type AnyArrivalRateLoad = ArrivalRateLoad<'constant-arrival-rate' | 'ramping-arrival-rate'>

/** Resolves the fields of an arrival rate, constant or not. */
export function resolveArrivals(load: ParsedRamp): Resolved<AnyArrivalRateLoad> {
  const spans = rateSpans(load)
  const peakPerSecond = peakOf(spans)
  const vus = load.maxVUs ?? defaultMaxVUs(load, peakPerSecond)
  const aSecondsWorth = Math.max(1, Math.ceil(peakPerSecond * defaults.preAllocatedVUsSeconds))
  return {
    vus,
    preAllocatedVUs: load.preAllocatedVUs ?? Math.min(vus, aSecondsWorth),
    arrivals: load.arrivals ?? defaults.arrivals,
    ...(load.timer === 'precise' && { timer: 'precise' as const }),
    stages: spans.map(({ durationMs: lastsMs, from, to }) => ({
      durationMs: lastsMs,
      fromPerSecond: from,
      toPerSecond: to,
    })),
  }
}

/** Whether a load, as it was written, says how many virtual users a rate may have at most. */
export function boundsVUs(load: unknown): boolean {
  const { maxVUs, executor, preAllocatedVUs } = load as Readonly<Record<string, unknown>>
  return maxVUs !== undefined || (executor !== undefined && preAllocatedVUs !== undefined)
}

/** With k6's names goes k6's rule: as many as were allocated beforehand. */
function defaultMaxVUs({ executor, preAllocatedVUs }: ParsedRamp, peakPerSecond: number): number {
  if (executor !== undefined && preAllocatedVUs !== undefined) return preAllocatedVUs
  return Math.max(ampleVUs(peakPerSecond), preAllocatedVUs ?? 0)
}

/** How many virtual users may be there at once for a rate, where nobody has said. */
export function ampleVUs(peakPerSecond: number): number {
  const enough = Math.ceil(peakPerSecond * defaults.maxVUsSeconds)
  return Math.min(Math.max(enough, defaults.fewestMaxVUs), defaults.mostMaxVUs)
}

function rateSpans({ rate = 0, duration = 0, startRate, stages }: ParsedRamp): Span[] {
  if (stages === undefined) return [{ durationMs: duration, from: rate, to: rate }]
  return spansOf(startRate ?? defaults.startRatePerSecond, stages)
}

/** A stage as a line between two levels: of virtual users, or of a rate. */
interface Span {
  readonly durationMs: number
  readonly from: number
  readonly to: number
}

function spansOf(start: number, stages: readonly ParsedStage[]): Span[] {
  let from = start
  return stages.map((stage) => {
    const span = { durationMs: stage.duration, from, to: endOf(stage) }
    from = span.to
    return span
  })
}

/** The highest level. A jump that nothing follows is never reached. */
function peakOf(spans: readonly Span[]): number {
  const lasting = spans.filter((span) => span.durationMs > 0)
  return Math.max(0, ...lasting.flatMap(({ from, to }) => [from, to]))
}

function endOf({ target, vus, rate }: ParsedStage): number {
  return target ?? rate ?? vus ?? 0
}

function hasEnd({ target, vus, rate }: ParsedStage): boolean {
  return (target ?? rate ?? vus) !== undefined
}
