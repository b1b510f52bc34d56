/** What of a load, once checked, says how intense it is. Rates in numbers per second. */
interface ScalableLoad {
  readonly executor?: string | undefined
  readonly vus?: number | undefined
  readonly iterations?: number | undefined
  readonly rate?: number | undefined
  readonly startRate?: number | undefined
  readonly startVUs?: number | undefined
  readonly maxVUs?: number | undefined
  readonly preAllocatedVUs?: number | undefined
  readonly stages?: readonly ScalableStage[] | undefined
}

interface ScalableStage {
  readonly vus?: number | undefined
  readonly rate?: number | undefined
  readonly target?: number | undefined
}

/** The most of each that a load may ask for. */
export interface LoadLimits {
  readonly vus: number
  readonly iterations: number
  readonly ratePerSecond: number
}

/**
 * Multiplies how intense a load is, and leaves alone how long it lasts: rates exactly, numbers of virtual users rounded
 * and at least 1 (none stay none), the iterations that they share with them. Those of each virtual user stay. What is not
 * given follows from what is, as in a load that was written so.
 */
export function scaleLoad<Load extends ScalableLoad>(load: Load, scale: number): Load {
  if (scale === 1) return load
  const isOfUsers = load.executor === undefined || load.executor === 'ramping-vus'
  const isShared = load.executor !== 'per-vu-iterations'
  const vus = load.vus === undefined ? undefined : scaleCount(load.vus, scale)
  const iterations = load.iterations === undefined ? undefined : scaleCount(load.iterations, scale)
  return {
    ...load,
    ...(vus !== undefined && { vus }),
    ...(iterations !== undefined && isShared && { iterations: Math.max(iterations, vus ?? 1) }),
    ...(load.rate !== undefined && { rate: load.rate * scale }),
    ...(load.startRate !== undefined && { startRate: load.startRate * scale }),
    ...(load.startVUs !== undefined && { startVUs: scaleCount(load.startVUs, scale) }),
    ...(load.maxVUs !== undefined && { maxVUs: scaleCount(load.maxVUs, scale) }),
    ...(load.preAllocatedVUs !== undefined && { preAllocatedVUs: scaleCount(load.preAllocatedVUs, scale) }),
    ...(load.stages !== undefined && { stages: load.stages.map((stage) => scaleStage(stage, scale, isOfUsers)) }),
  }
}

/** What a scaled load asks too much of. */
export function findBeyondLimits(load: ScalableLoad, scale: number, limits: LoadLimits, path: string): string[] {
  const { stages = [] } = load
  const isRate = load.executor === 'ramping-arrival-rate'
  const most = (values: readonly (number | undefined)[]): number => Math.max(0, ...values.map((value) => value ?? 0))
  const targets = most(stages.map(({ target }) => target))
  const vus = most([load.vus, load.maxVUs, load.startVUs, isRate ? 0 : targets, ...stages.map((stage) => stage.vus)])
  const rate = most([load.rate, load.startRate, isRate ? targets : 0, ...stages.map((stage) => stage.rate)])
  const found: [number, number, string][] = [
    [vus, limits.vus, 'virtual users'],
    [load.iterations ?? 0, limits.iterations, 'iterations'],
    [rate, limits.ratePerSecond, 'iterations per second'],
  ]
  return found
    .filter(([value, limit]) => value > limit)
    .map(
      ([value, limit, noun]) =>
        `${path}: × ${scale} makes ${value.toLocaleString('en')} ${noun} of it, more than ${limit.toLocaleString('en')}. Lower LOAD_SCALE or the profile's scale`,
    )
}

function scaleStage(stage: ScalableStage, scale: number, isOfUsers: boolean): ScalableStage {
  const { vus, rate, target } = stage
  return {
    ...stage,
    ...(vus !== undefined && { vus: scaleCount(vus, scale) }),
    ...(rate !== undefined && { rate: rate * scale }),
    ...(target !== undefined && { target: isOfUsers ? scaleCount(target, scale) : target * scale }),
  }
}

function scaleCount(count: number, scale: number): number {
  return count === 0 ? 0 : Math.max(1, Math.round(count * scale))
}
