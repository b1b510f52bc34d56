import type { Counters } from '../metrics/counters.ts'
import type { RunTotals } from '../results/run-totals.ts'
import { formatMicroseconds } from '../shared/durations.ts'
import { formatRatio } from '../shared/rates.ts'
import type { Slo } from './model.ts'

/** What is to be known of a load whose iterations start at planned times. */
export interface OpenModel {
  readonly maxVUs: number
  /** How many iterations were planned; `undefined` where chance decides. */
  readonly planned: number | undefined
  /** Mocks answered in place of the network: the figures are not about a target, so that nothing makes them invalid. */
  readonly isOffline: boolean
}

/** Below this part of the planned iterations the load was another than the planned one. */
const leastDelivered = 0.99
/** Position of the lag among the phases of iterations: after the first second, in which code is compiled. */
const steadyLag = 1
/** A start lag up to this is no more than a timer's. */
const toleratedLagUs = 10_000
/** Or up to this part of the tightest limit that is judged. */
const toleratedPart = 0.1
/** So many iterations at least must have been late: a single one says nothing. */
const leastLate = 10

/**
 * Why the load generator did not deliver an open load as planned, with what to change. A load that was not delivered says
 * nothing about the target: iterations that were never started, or started late, are missing from the percentiles.
 */
export function findUndelivered(slos: readonly Slo[], totals: RunTotals, model: OpenModel): string[] {
  return model.isOffline ? [] : [...findDrops(totals, model), ...findLag(slos, totals)]
}

function findDrops({ counters }: RunTotals, { maxVUs, planned = countArrivals(counters) }: OpenModel): string[] {
  const { iterationsStarted, iterationsDropped, iterationsOverdue } = counters
  const delivered = iterationsStarted / planned
  if (planned === 0 || delivered >= leastDelivered) return []
  const start = `only ${formatRatio(delivered)} of the ${planned.toLocaleString('en')} planned iterations were started`
  if (iterationsOverdue > iterationsDropped / 2)
    return [
      `${start}: the load generator did not get to the others before the load was over. Use more threads or machines, or a lower rate`,
    ]
  const busy =
    maxVUs === 1 ? 'the only virtual user was not' : `none of at most ${maxVUs.toLocaleString('en')} virtual users was`
  return [
    `${start}: ${busy} free when the others were due. Raise maxVUs, if as many visitors may be there at once – or preAllocatedVUs, where they have a setup –, or lower the rate`,
  ]
}

function countArrivals({ iterationsStarted, iterationsDropped }: Counters): number {
  return iterationsStarted + iterationsDropped
}

function findLag(slos: readonly Slo[], totals: RunTotals): string[] {
  const lag = totals.series('iteration')[0]?.phases[steadyLag]
  if (lag === undefined || lag.count < 2 * leastLate) return []
  const percentile = Math.min(99, Math.floor(100 * (1 - leastLate / lag.count)))
  const tolerated = Math.max(toleratedLagUs, toleratedPart * tightestLimitUs(slos))
  const actual = lag.percentile(percentile)
  if (actual <= tolerated) return []
  return [
    `iterations were started late: p(${percentile}) of the lag was ${formatMicroseconds(actual)}, more than ${formatMicroseconds(tolerated)}. The load generator has too much to do; use more threads or machines, or a lower rate`,
  ]
}

/** The lowest latency that an objective asks for, in microseconds; 0 without one. */
function tightestLimitUs(slos: readonly Slo[]): number {
  const limits = slos.flatMap(({ aggregate, condition }) => {
    if (!('of' in aggregate) || condition.kind === 'above') return []
    return condition.kind === 'below' ? condition.limit : condition.high
  })
  return limits.length === 0 ? 0 : Math.min(...limits)
}
