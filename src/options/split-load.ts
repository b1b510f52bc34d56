import { apportion, leastForAll } from '../shared/apportion.ts'
import { countVUs } from './describe-load.ts'
import { ampleVUs } from './load-stages.ts'
import { isOpen, type ArrivalRateLoad, type RampingVUsLoad, type ResolvedLoad } from './resolved-load.ts'

/** A scenario that takes a part of a load. */
export interface LoadPart {
  readonly name: string
  /** How much it takes beside the others. */
  readonly weight: number
}

/** What is known of a load that is divided, beside the load itself. */
export interface Divided {
  /** Whether `maxVUs` was given, and is divided as well; otherwise each part has the default of its own rate. */
  readonly isBounded: boolean
  /** Whether it is what the mix says, and not what a profile, a scale or a variable has made of it. */
  readonly isAsWritten: boolean
}

/** The same part of a load for each of its scenarios. */
type Shares = (total: number) => readonly number[]

/**
 * Divides a load between scenarios by weight. All parts together are exactly the whole: rates are divided as they are,
 * what is counted by `apportion`. Who would get no virtual user is a problem, added to `problems` – but gets one where the
 * load is not as written: what makes a run smaller does not know how many scenarios a mix has, and must not leave one out.
 */
export function splitLoad(
  load: ResolvedLoad,
  parts: readonly LoadPart[],
  { isBounded, isAsWritten }: Divided,
  problems: string[],
): ResolvedLoad[] {
  const weights = parts.map(({ weight }) => weight)
  const least = leastForAll(weights)
  const shares: Shares = isAsWritten ? (total) => apportion(total, weights) : sharesForAll(load.vus, weights)
  const split = divideThrottle(partsOf(load, weights, shares, isBounded), weights)
  problems.push(
    ...parts
      .filter((_, index) => split[index]?.vus === 0)
      .map(
        ({ name, weight }) =>
          `scenario '${name}': gets none of ${countVUs(load.vus)} with its weight of ${weight}. Raise '${nameOfVUs(load)}' to at least ${least.toLocaleString('en')}, or its weight`,
      ),
  )
  return split
}

/** A part that has no virtual user of the whole has at least one of whatever there is. */
function sharesForAll(vus: number, weights: readonly number[]): Shares {
  const isIdle = apportion(vus, weights).map((count) => count === 0)
  return (total) =>
    apportion(total, weights).map((count, part) => (isIdle[part] ? Math.max(count, Math.min(1, total)) : count))
}

/** The most requests per second are those of all parts together. */
function divideThrottle(parts: readonly ResolvedLoad[], weights: readonly number[]): ResolvedLoad[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  return parts.map((part, index) => {
    if (part.throttlePerSecond === undefined) return part
    return { ...part, throttlePerSecond: (part.throttlePerSecond * (weights[index] ?? 0)) / sum }
  })
}

/** What the number of virtual users is called where it was written. */
function nameOfVUs(load: ResolvedLoad): string {
  if (isOpen(load)) return 'maxVUs'
  return load.executor === 'ramping-vus' ? 'vus of a stage' : 'vus'
}

function partsOf(load: ResolvedLoad, weights: readonly number[], shares: Shares, isBounded: boolean): ResolvedLoad[] {
  const vus = shares(load.vus)
  switch (load.executor) {
    case 'constant-vus':
    case 'per-vu-iterations':
      return vus.map((count) => ({ ...load, vus: count }))
    case 'shared-iterations': {
      const iterations = shares(load.iterations)
      return vus.map((count, part) => ({ ...load, vus: count, iterations: iterations[part] ?? 0 }))
    }
    case 'ramping-vus':
      return splitRamp(load, vus, shares)
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return splitRate(load, weights, isBounded ? vus : undefined, shares)
  }
}

function splitRamp(load: RampingVUsLoad, vus: readonly number[], shares: Shares): RampingVUsLoad[] {
  const startVUs = shares(load.startVUs)
  const targets = load.stages.map(({ target }) => shares(target))
  return vus.map((count, part) => ({
    ...load,
    vus: count,
    startVUs: startVUs[part] ?? 0,
    stages: load.stages.map((stage, index) => ({ ...stage, target: targets[index]?.[part] ?? 0 })),
  }))
}

type AnyArrivalRateLoad = ArrivalRateLoad<'constant-arrival-rate' | 'ramping-arrival-rate'>

function splitRate(
  load: AnyArrivalRateLoad,
  weights: readonly number[],
  maxVUs: readonly number[] | undefined,
  shares: Shares,
): AnyArrivalRateLoad[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const ready = shares(load.preAllocatedVUs)
  return weights.map((weight, part) => {
    const ratio = weight / sum
    const stages = load.stages.map(({ durationMs, fromPerSecond, toPerSecond }) => ({
      durationMs,
      fromPerSecond: fromPerSecond * ratio,
      toPerSecond: toPerSecond * ratio,
    }))
    const peak = Math.max(...stages.flatMap(({ durationMs, ...ends }) => (durationMs > 0 ? Object.values(ends) : [])))
    const preAllocatedVUs = ready[part] ?? 0
    return { ...load, vus: maxVUs?.[part] ?? Math.max(ampleVUs(peak), preAllocatedVUs), preAllocatedVUs, stages }
  })
}
