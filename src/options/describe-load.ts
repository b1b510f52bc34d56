import { formatDuration } from '../shared/durations.ts'
import { arrivalsWithin, RateProfile } from '../shared/rate-profile.ts'
import { formatRateRange } from '../shared/rates.ts'
import { linesOf } from './load-lines.ts'
import { describeRefinements } from './load-refinements.ts'
import type { ArrivalRateLoad, LoadStart, RampingVUsLoad, ResolvedLoad } from './resolved-load.ts'

type AnyArrivalRateLoad = ArrivalRateLoad<'constant-arrival-rate' | 'ramping-arrival-rate'>

/**
 * What a load does, in words: `50 VUs for 30s`, `10 VUs × 20 iterations`, `200 iterations by 10 VUs`, `500/s for 1m`,
 * `0 to 500/s in 3 stages over 5m`, `1 to 50 VUs in 3 stages over 5m`; and what refines it: `50 VUs for 30s, paced at 5s`.
 */
export function describeLoad(load: ResolvedLoad): string {
  return `${describeShape(load)}${describeRefinements(load)}${describeStart(load)}`
}

/** `, 10s after the start`, `, after 'warm-up'`, `, 10s after 'warm-up'`. */
function describeStart({ startTimeMs = 0, startAfter }: LoadStart): string {
  if (startTimeMs === 0) return startAfter === undefined ? '' : `, after '${startAfter}'`
  return `, ${formatDuration(startTimeMs)} after ${startAfter === undefined ? 'the start' : `'${startAfter}'`}`
}

function describeShape(load: ResolvedLoad): string {
  switch (load.executor) {
    case 'constant-vus':
      return `${countVUs(load.vus)} for ${formatDuration(load.durationMs)}`
    case 'shared-iterations':
      return `${countIterations(load.iterations)} by ${countVUs(load.vus)}`
    case 'per-vu-iterations':
      return `${countVUs(load.vus)} × ${countIterations(load.iterations)}`
    case 'ramping-vus':
      return describeRamp(load)
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return describeRate(load)
  }
}

/** When no new iteration starts any more, in milliseconds after the start. */
export function startWindowMs(load: ResolvedLoad): number {
  if ('stages' in load) return load.stages.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return load.executor === 'constant-vus' ? load.durationMs : load.maxDurationMs
}

/** How long iterations are started, in milliseconds, where time decides; `undefined` where their number does. */
export function plannedDurationMs(load: ResolvedLoad): number | undefined {
  return 'maxDurationMs' in load ? undefined : startWindowMs(load)
}

/** How many iterations are planned; `undefined` where the virtual users or chance decide. */
export function plannedIterations(load: ResolvedLoad): number | undefined {
  switch (load.executor) {
    case 'constant-vus':
    case 'ramping-vus':
      return undefined
    case 'shared-iterations':
      return load.iterations
    case 'per-vu-iterations':
      return load.iterations * load.vus
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return load.arrivals === 'even' ? arrivalsWithin(load.stages) : undefined
  }
}

/**
 * How many of the planned iterations are measured, of which none starts in the warm-up; `undefined` where virtual users or
 * chance decide. Where a number of iterations is given, those that the warm-up took, or dropped, are known when it is over.
 */
export function measuredIterations(load: ResolvedLoad, inWarmup: number): number | undefined {
  const planned = plannedIterations(load)
  if (planned === undefined || load.warmupMs === undefined) return planned
  if (!('arrivals' in load)) return planned - inWarmup
  return planned - new RateProfile(load.stages).countBefore(load.warmupMs)
}

function describeRamp(load: RampingVUsLoad): string {
  const [from, to] = rangeOf(levelsOf(load), load.isSampled)
  const vus = from === to ? countVUs(to) : `${from.toLocaleString('en')} to ${countVUs(to)}`
  return `${vus} ${describeTime(load, from !== to)}`
}

/** Where the lines of a load begin and end. A jump at either end is no part of them. */
function levelsOf(load: RampingVUsLoad | AnyArrivalRateLoad): number[] {
  return linesOf(load).flatMap(({ from, to }) => [from, to])
}

function describeRate(load: AnyArrivalRateLoad): string {
  const [from, to] = rangeOf(levelsOf(load), load.isSampled)
  const random = load.arrivals === 'poisson' ? ' at random' : ''
  const timer = load.timer === 'precise' ? ', timed precisely' : ''
  return `${formatRateRange(from, to)}${random} ${describeTime(load, from !== to)}${timer}`
}

/** From the first to the highest; where it only falls, to the lowest. Of a function, from the lowest to the highest. */
function rangeOf(values: readonly number[], isSampled: boolean = false): [number, number] {
  const highest = Math.max(...values)
  if (isSampled) return [Math.min(...values), highest]
  const first = values[0] ?? 0
  return [first, highest > first ? highest : Math.min(...values)]
}

function describeTime(load: RampingVUsLoad | AnyArrivalRateLoad, changes: boolean): string {
  const duration = formatDuration(startWindowMs(load))
  if (!changes) return `for ${duration}`
  if (load.isSampled) return `by a function over ${duration}`
  const lasting = linesOf(load).length
  return lasting === 1 ? `over ${duration}` : `in ${lasting} stages over ${duration}`
}

/** A number of virtual users in words. */
export function countVUs(count: number): string {
  return count === 1 ? '1 VU' : `${count.toLocaleString('en')} VUs`
}

function countIterations(count: number): string {
  return count === 1 ? '1 iteration' : `${count.toLocaleString('en')} iterations`
}
