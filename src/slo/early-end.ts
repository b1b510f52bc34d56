import type { Judgement } from '../results/build-result.ts'
import { formatMicroseconds } from '../shared/durations.ts'
import type { BrokenObjective } from './abort-watch.ts'
import { sloTitle, upperLimit } from './model.ts'

/** How a load came to an early end by an objective. */
export interface EarlyEnd extends BrokenObjective {
  /** Since the start of the load. */
  readonly atMs: number
}

/**
 * Why the run has failed.
 *
 * @param plannedMs - how long the load was to take, where time decides.
 * @param cut - how many iterations were under way and did not end in time.
 */
export function describeEarlyEnd({ slo, reason, atMs }: EarlyEnd, plannedMs: number | undefined, cut: number): string {
  const { window: _window, ...everySecond } = slo
  const planned = plannedMs === undefined ? '' : ` of ${formatMicroseconds(plannedMs * 1000)}`
  const were = cut === 1 ? 'iteration that was under way was' : 'iterations that were under way were'
  const cuts = cut === 0 ? '' : `, and ${cut.toLocaleString('en')} ${were} cut`
  return `abort: '${sloTitle(everySecond)}' was ${reason}; the load was ended after ${formatMicroseconds(atMs * 1000)}${planned}${cuts}`
}

/**
 * Whether the load generator may have broken the objective by what it was late itself: figures that do not depend on when
 * it gets to something are about the target, and so is a latency that is over its limit by more.
 *
 * @param worstUs - the latest that it got to anything.
 */
export function mayBeGenerators({ slo, figure }: BrokenObjective, worstUs: number): boolean {
  const { aggregate, condition } = slo
  if (aggregate.kind === 'throughput') return true
  const limit = upperLimit(condition)
  return 'of' in aggregate && limit !== undefined && figure - worstUs <= limit
}

/** Fails the objective that has ended the load: the figure of all the time before may have been a good one. */
export function blame(judgement: Judgement, { slo: { id }, reason }: EarlyEnd): Judgement {
  const slos = judgement.slos.map((outcome) => {
    if (outcome.slo.id !== id || outcome.status === 'skipped') return outcome
    const message = `${sloTitle(outcome.slo)} ended the load: it was ${reason}. Over the whole load: ${outcome.message}`
    return { ...outcome, status: 'fail', message, endedLoad: true } as const
  })
  return { ...judgement, slos }
}
