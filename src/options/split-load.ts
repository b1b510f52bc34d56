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

/** The same part of a load for each of its scenarios. */
type Shares = (total: number) => readonly number[]

/**
 * Divides a load between scenarios by weight. All parts together are exactly the whole: rates are divided as they are,
 * what is counted by `apportion`. With `isBounded`, `maxVUs` was given, and is divided as well; otherwise each part has the
 * default of its own rate. Problems are added to `problems`.
 */
export function splitLoad(
  load: ResolvedLoad,
  parts: readonly LoadPart[],
  isBounded: boolean,
  problems: string[],
  isFromEnvironment: boolean = false,
): ResolvedLoad[] {
  const weights = parts.map(({ weight }) => weight)
  const shares: Shares = (total) => apportion(total, weights)
  const split = divideThrottle(partsOf(load, weights, shares, isBounded), weights)
  const least = leastForAll(weights)
  const field = isFromEnvironment ? 'LOAD_VUS' : nameOfVUs(load)
  problems.push(
    ...parts
      .filter((_, index) => split[index]?.vus === 0)
      .map(
        ({ name, weight }) =>
          `scenario '${name}': gets none of ${countVUs(load.vus)} with its weight of ${weight}. Raise '${field}' to at least ${least.toLocaleString('en')}, or its weight`,
      ),
  )
  return split
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
