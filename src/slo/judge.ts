import { otherName } from '../metrics/bounds.ts'
import type { Judgement } from '../results/build-result.ts'
import type { RunTotals } from '../results/run-totals.ts'
import { formatMicroseconds } from '../shared/durations.ts'
import { redact } from '../shared/text.ts'
import type { BrokenObjective } from './abort-watch.ts'
import { mayBeGenerators } from './early-end.ts'
import { evaluateSlo } from './evaluate.ts'
import { sloTitle, type Slo, type SloOutcome } from './model.ts'
import { describeBusyThreads, findInvalid, type Generator } from './validity.ts'

/** What, besides the measurements, decides how a run is judged. */
export interface Circumstances {
  /** What rates are over: the load without its warm-up. */
  readonly durationMs: number
  /** How many iterations started in the warm-up, which is not judged. */
  readonly startedInWarmup?: number
  /** Why the run itself failed: a thread was lost, a hook threw, the user aborted it. */
  readonly failures: readonly string[]
  /** The objective that has ended the load early, with the sentence that tells so. */
  readonly earlyEnd?: { readonly broken: BrokenObjective; readonly message: string } | undefined
  readonly warnings: readonly string[]
  /** Whether the figures of a thread are missing: what was not measured may have happened all the same. */
  readonly incomplete: boolean
  readonly generator: Generator
  /** Of objectives with a window, by their ids. */
  readonly windowed?: ReadonlyMap<string, SloOutcome>
}

const maxGeneratorErrors = 5
const maxReasonLength = 1000
/** Fewer may have been due in the moment in which a load was ended. */
const leastOverdue = 5

/** Judges a run: every objective, then the verdict over all. */
export function judgeRun(slos: readonly Slo[], totals: RunTotals, circumstances: Circumstances): Judgement {
  const { generator } = circumstances
  const tooLate = findTooLate(slos, totals, circumstances)
  const invalid = [...describeGeneratorErrors(totals), ...tooLate]
  const outcomes = slos.map(
    (slo) => circumstances.windowed?.get(slo.id) ?? evaluateSlo(slo, totals, circumstances.durationMs),
  )
  // An objective that nobody declared has nothing to say where nothing of its kind took place.
  const relevant = outcomes.filter(({ slo, actual }) => !slo.implicit || actual !== undefined)
  const judged = invalid.length > 0 ? relevant.map(skipInvalid) : relevant
  const ended = circumstances.earlyEnd === undefined ? [] : [circumstances.earlyEnd.message]
  const failures = [...ended, ...circumstances.failures, ...findEmptyRun(totals, circumstances)]
  const breached = judged.some((outcome) => outcome.status === 'fail')
  const verdict = invalid.length > 0 ? 'invalid' : failures.length > 0 || breached ? 'fail' : 'pass'
  return {
    slos: judged,
    verdict,
    reasons: [...invalid, ...failures].map(tellable),
    warnings: [
      ...circumstances.warnings,
      ...describeCounters(totals, generator),
      ...(tooLate.length === 0 ? describeBusyThreads(generator) : []),
      ...judged.flatMap(describeWarning),
    ],
  }
}

/** A load that was ended early was not delivered either: why it ended is what there is to know. */
function findTooLate(slos: readonly Slo[], totals: RunTotals, circumstances: Circumstances): string[] {
  const { failures, incomplete, earlyEnd, generator } = circumstances
  if (failures.length > 0 || incomplete) return []
  if (earlyEnd === undefined) return findInvalid(slos, totals, generator)
  // An objective that the generator has broken itself says nothing of the target.
  const isOurs = mayBeGenerators(earlyEnd.broken, worstLatenessUs(totals, generator))
  return isOurs ? findInvalid(slos, totals, untilTheEnd(totals, generator)) : []
}

/** How late the load generator has got to anything: after the first second, unless the load was over by then. */
function worstLatenessUs(totals: RunTotals, { health }: Generator): number {
  const [all, steady] = totals.series('iteration')[0]?.phases ?? []
  const lag = steady === undefined || steady.count === 0 ? all : steady
  const delays = health.map((thread) => thread.steadyEventLoopDelayP99 ?? thread.eventLoopDelayP99)
  return Math.max(lag?.max ?? 0, ...delays)
}

/** Of a load that has not come to its end, what was due by then: and of that only what the generator came to late. */
function untilTheEnd({ counters }: RunTotals, generator: Generator): Generator {
  const { iterationsOverdue, iterationsDropped } = counters
  const isLate = iterationsOverdue >= leastOverdue && iterationsOverdue > iterationsDropped / 2
  const { limits, openModel } = generator
  return {
    ...generator,
    limits: { ...limits, delivered: isLate && limits.delivered },
    openModel: openModel && { ...openModel, planned: undefined },
  }
}

function describeGeneratorErrors({ errors }: RunTotals): string[] {
  const counts = new Map<string, number>()
  for (const { category, message, count } of errors.values())
    if (category === 'generator') counts.set(message, (counts.get(message) ?? 0) + count)
  const told = [...counts].slice(0, maxGeneratorErrors).map(([message, count]) => {
    const times = count === 1 ? 'once' : `${count.toLocaleString('en')} times`
    return `the load generator failed ${times} itself: ${message}. Lower the number of virtual users or raise the machine's limits (ulimit -n, net.ipv4.ip_local_port_range)`
  })
  const more = counts.size - told.length
  return more === 0 ? told : [...told, `the load generator failed in ${more} more ways, which the errors tell`]
}

/** A reason without credentials, and cut: a hook may have thrown a whole page. */
function tellable(reason: string): string {
  const shown = redact(reason.slice(0, 2 * maxReasonLength))
  return shown.length > maxReasonLength ? `${shown.slice(0, maxReasonLength - 1)}…` : shown
}

function skipInvalid(outcome: SloOutcome): SloOutcome {
  return { ...outcome, status: 'skipped', message: `${sloTitle(outcome.slo)} was not judged: the run is invalid` }
}

function findEmptyRun({ counters }: RunTotals, circumstances: Circumstances): string[] {
  const { incomplete, durationMs, startedInWarmup = 0 } = circumstances
  if (counters.iterationsOk > 0) return []
  if (incomplete) return ['no completed iteration was reported before the thread was lost']
  if (counters.iterationsStarted === 0 && startedInWarmup > 0)
    return [
      durationMs === 0
        ? 'the load ended before its warm-up was over'
        : "no iteration was started after the warm-up. Shorten 'warmup' or lengthen the load",
    ]
  if (counters.iterationsStarted === 0) return ['no iteration was started']
  const { iterationsFailed: failed, iterationsAborted: aborted } = counters
  return [`no iteration completed: ${failed.toLocaleString('en')} failed and ${aborted.toLocaleString('en')} were cut`]
}

function describeWarning(outcome: SloOutcome): string[] {
  return outcome.warning === undefined ? [] : [`${sloTitle(outcome.slo)} ${outcome.warning}`]
}

function describeCounters(totals: RunTotals, { openModel }: Generator): string[] {
  const { counters } = totals
  const warnings: string[] = []
  const warn = (count: number, noun: string, text: string): void => {
    if (count > 0) warnings.push(`${count.toLocaleString('en')} ${noun}${count === 1 ? ' was' : 's were'} ${text}`)
  }
  warn(
    counters.requestsNotAwaited,
    'request',
    'still running when their iteration had returned; await them, or their time is nobody’s',
  )
  warn(
    counters.retries,
    'request',
    'made again after a failure; every attempt is in the figures and in the error table',
  )
  warn(counters.backOffs, 'pause', 'made by virtual users whose iterations failed at once')
  warn(
    counters.pacingMissed,
    'iteration',
    'longer than the pacing: the next started at once, later than the pacing asks for',
  )
  if (openModel !== undefined)
    warn(
      counters.requestsHeld,
      'request',
      `held back by the throttle, ${formatMicroseconds((counters.heldMs / counters.requestsHeld) * 1000)} on average: visitors came faster than it lets them ask, and no latency knows of that wait`,
    )
  warn(
    counters.iterationsDropped,
    'iteration',
    openModel === undefined ? 'not started before the maximum duration' : `dropped: ${reasonOfDrops(totals)}`,
  )
  warn(counters.iterationsAborted, 'iteration', 'cut because time was over; the true duration is unknown')
  warn(counters.cookiesRejected, 'cookie', 'refused (wrong domain, Secure over HTTP, or malformed)')
  if (counters.overflowed > 0) warnings.push(...describeOther(totals))
  return warnings
}

function reasonOfDrops({ counters }: RunTotals): string {
  const { iterationsDropped, iterationsOverdue } = counters
  if (iterationsOverdue === 0) return 'no virtual user was free (maxVUs)'
  const free = iterationsDropped - iterationsOverdue
  if (free === 0) return `the load generator did not get to ${iterationsDropped === 1 ? 'it' : 'them'} in time`
  return `for ${free.toLocaleString('en')} no virtual user was free (maxVUs), and to the others the load generator did not get in time`
}

/** How much went to `other`, which holds what there were too many names for. */
function describeOther(totals: RunTotals): string[] {
  const checks = [...totals.checks.values()].filter(({ name }) => name === otherName)
  const errors = [...totals.errors.values()].filter(({ message }) => message === otherName)
  const counts: [number, string][] = [
    ...(['step', 'request', 'hook'] as const).map((kind): [number, string] => [
      totals.find(kind, otherName)?.count ?? 0,
      kind === 'hook' ? 'requests of hooks' : `${kind}s`,
    ]),
    [checks.reduce((sum, { passed, failed }) => sum + passed + failed, 0), 'checks'],
    [errors.reduce((sum, { count }) => sum + count, 0), 'errors'],
  ]
  const list = counts.flatMap(([count, noun]) => (count === 0 ? [] : [`${count.toLocaleString('en')} ${noun}`]))
  if (list.length === 0) return []
  return [
    `too many names to keep them apart: 'other' holds ${list.join(', ')}. Names and messages must not contain ids`,
  ]
}
