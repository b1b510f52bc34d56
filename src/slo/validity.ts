import type { Counters } from '../metrics/counters.ts'
import type { ThreadHealth } from '../results/run-result.ts'
import type { RunTotals } from '../results/run-totals.ts'
import { formatMicroseconds } from '../shared/durations.ts'
import { formatRatio } from '../shared/rates.ts'
import { upperLimit, type Slo, type ValidityLimits } from './model.ts'

/** What is to be known of a load whose iterations start at planned times. */
export interface OpenModel {
  readonly maxVUs: number
  /** How many iterations were planned; `undefined` where chance decides. */
  readonly planned: number | undefined
}

/** What is to be known of the load generator. */
export interface Generator {
  readonly limits: ValidityLimits
  readonly threads: number
  /** Of the machine: more threads help only where there are more. */
  readonly cores: number
  readonly health: readonly ThreadHealth[]
  /** Mocks answered in place of the network: the figures are not about a target, so that nothing makes them invalid. */
  readonly isOffline: boolean
  /** Set where iterations start at planned times. */
  readonly openModel: OpenModel | undefined
}

/** Position of the lag among the phases of iterations: after the first second, in which code is compiled. */
const steadyLag = 1
/** A lag up to this is no more than a timer's. */
const toleratedLagUs = 10_000
/** Or up to this part of the tightest limit that is judged. */
const toleratedPart = 0.1
/** So many iterations at least must have been late: a single one says nothing. */
const leastLate = 10
/** From this part of its time on, a thread has no more to give. */
const busy = 0.9

/**
 * Why the load generator did not deliver the load as planned, or not in time, with what to change. Such figures say
 * nothing about the target: iterations that were never started, or started late, are missing from the percentiles, and
 * what a thread comes to late it takes for a slow answer.
 */
export function findInvalid(slos: readonly Slo[], totals: RunTotals, generator: Generator): string[] {
  const { isOffline, openModel } = generator
  if (isOffline) return []
  if (openModel === undefined) return findLateThreads(slos, generator)
  const lag = findLag(slos, totals, generator)
  // Drops follow from what the generator comes to late, and not the other way round.
  return [...lag, ...findDrops(slos, totals, openModel, generator)]
}

/** That threads had all they could do, though the figures stand; not of a load that was over with its first second. */
export function describeBusyThreads(generator: Generator): string[] {
  const busyThreads = generator.isOffline ? undefined : findBusyThreads(generator)
  if (busyThreads === undefined) return []
  return [`${busyThreads}: times include waiting for it. ${moreGenerator(generator)}`]
}

function findBusyThreads({ health, threads }: Generator): string | undefined {
  const steady = health.filter(({ steadyEventLoopDelayP99 }) => steadyEventLoopDelayP99 !== undefined)
  const shares = steady.map(shareOf).filter((share) => share >= busy)
  if (shares.length === 0) return undefined
  const who =
    threads === 1
      ? 'the only thread'
      : shares.length === threads
        ? 'all threads'
        : `${shares.length} of ${threads} threads`
  const verb = threads === 1 || shares.length === 1 ? 'was' : 'were'
  return `${who} of the load generator ${verb} busy ${formatRatio(Math.max(...shares))} of the time`
}

function shareOf({ eventLoopUtilization, cpuUtilization = 0 }: ThreadHealth): number {
  return Math.min(1, Math.max(eventLoopUtilization, cpuUtilization))
}

function findDrops(
  slos: readonly Slo[],
  totals: RunTotals,
  { maxVUs, planned = countArrivals(totals.counters) }: OpenModel,
  generator: Generator,
): string[] {
  const { iterationsStarted, iterationsDropped, iterationsOverdue } = totals.counters
  const delivered = iterationsStarted / planned
  if (planned === 0 || generator.limits.delivered === false || delivered >= generator.limits.delivered) return []
  const start = `only ${formatRatio(delivered)} of the ${planned.toLocaleString('en')} planned iterations were started`
  if (iterationsOverdue > iterationsDropped / 2)
    return [
      `${start}: the load generator did not get to the others before the load was over. ${moreGenerator(generator)}, or a lower rate`,
    ]
  const nobody =
    maxVUs === 1 ? 'the only virtual user was not' : `none of at most ${maxVUs.toLocaleString('en')} virtual users was`
  const when = `${start}: ${nobody} free when the others were due`
  const overload = describeOverload(slos, totals, generator)
  if (overload !== undefined)
    return [
      `${when}, while ${overload}, which keeps virtual users busy for longer. ${moreGenerator(generator)}, or a lower rate; raise maxVUs only if iterations are dropped all the same`,
    ]
  return [
    `${when}. Raise maxVUs, if as many visitors may be there at once – or preAllocatedVUs, where they have a setup –, or lower the rate`,
  ]
}

function countArrivals({ iterationsStarted, iterationsDropped }: Counters): number {
  return iterationsStarted + iterationsDropped
}

/** How the load generator shows that it had too much to do, whatever the project accepts of it. */
function describeOverload(slos: readonly Slo[], totals: RunTotals, generator: Generator): string | undefined {
  const { startLagUs, eventLoopDelayUs } = generator.limits
  const tightestUs = tightestLimitUs(slos) ?? 0
  const lag = lagOf(totals)
  if (lag !== undefined && lag.us > boundUs(startLagUs, tightestUs))
    return `iterations were started late (p(${lag.percentile}) of the lag was ${formatMicroseconds(lag.us)})`
  const delayUs = loopDelayUs(generator)
  if (delayUs > boundUs(eventLoopDelayUs, tightestUs))
    return `the load generator was late itself (p(99) of its event-loop delay was ${formatMicroseconds(delayUs)})`
  return findBusyThreads(generator)
}

/** How late iterations were started, at p(99) or where enough of them are behind it. */
function lagOf(totals: RunTotals): { readonly percentile: number; readonly us: number } | undefined {
  const lag = totals.series('iteration')[0]?.phases[steadyLag]
  if (lag === undefined || lag.count < 2 * leastLate) return undefined
  const percentile = Math.min(99, Math.floor(100 * (1 - leastLate / lag.count)))
  return { percentile, us: lag.percentile(percentile) }
}

function findLag(slos: readonly Slo[], totals: RunTotals, generator: Generator): string[] {
  const lag = lagOf(totals)
  const tolerated = limitUs(generator.limits.startLagUs, tightestLimitUs(slos) ?? 0)
  if (lag === undefined || tolerated === undefined || lag.us <= tolerated) return []
  return [
    `iterations were started late: p(${lag.percentile}) of the lag was ${formatMicroseconds(lag.us)}, more than ${formatMicroseconds(tolerated)}. The load generator has too much to do. ${moreGenerator(generator)}, or a lower rate`,
  ]
}

function findLateThreads(slos: readonly Slo[], generator: Generator): string[] {
  const tolerated = limitUs(generator.limits.eventLoopDelayUs, tightestLimitUs(slos))
  const actual = loopDelayUs(generator)
  if (tolerated === undefined || actual <= tolerated) return []
  return [
    `the load generator was late itself: p(99) of its event-loop delay was ${formatMicroseconds(actual)}, more than ${formatMicroseconds(tolerated)}, which it adds to what it measures. ${moreGenerator(generator)}, or fewer virtual users; bodies must not compute for long`,
  ]
}

/** The longest of all threads. */
function loopDelayUs({ health }: Generator): number {
  return Math.max(0, ...health.map(({ steadyEventLoopDelayP99 = 0 }) => steadyEventLoopDelayP99))
}

/** From where on a delay tells of a generator that has too much to do, also where the project sets no bound. */
function boundUs(limit: ValidityLimits['startLagUs'], tightestUs: number): number {
  return limitUs(limit === false ? 'by-objectives' : limit, tightestUs) ?? toleratedLagUs
}

/** The bound in force, in microseconds; `undefined` when there is none. */
function limitUs(limit: ValidityLimits['startLagUs'], tightestUs: number | undefined): number | undefined {
  if (limit === false) return undefined
  if (limit !== 'by-objectives') return limit
  return tightestUs === undefined ? undefined : Math.max(toleratedLagUs, toleratedPart * tightestUs)
}

/** The lowest latency that an objective asks for, in microseconds. */
function tightestLimitUs(slos: readonly Slo[]): number | undefined {
  const limits = slos.flatMap(({ aggregate, condition }) => {
    const limit = upperLimit(condition)
    return 'of' in aggregate && limit !== undefined ? limit : []
  })
  return limits.length === 0 ? undefined : Math.min(...limits)
}

function moreGenerator({ threads, cores }: Generator): string {
  if (threads >= cores) return 'Use more machines'
  return `Use more threads (${threads.toLocaleString('en')} of ${cores.toLocaleString('en')} cores ${threads === 1 ? 'generates' : 'generate'} load) or machines`
}
