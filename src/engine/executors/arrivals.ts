import type { ArrivalRateLoad } from '../../options/resolved-load.ts'
import { SeededRandom } from '../../shared/random.ts'
import { RateProfile } from '../../shared/rate-profile.ts'
import { iterationAt, type Segment } from '../segment.ts'

/** An iteration that is to start at a time of its own. */
export interface Arrival {
  /** Its number among all of the run. */
  readonly index: number
  /** In milliseconds from the start of the load. */
  readonly atMs: number
}

type Load = ArrivalRateLoad<'constant-arrival-rate' | 'ramping-arrival-rate'>

/**
 * The arrivals of one segment in the order of their times. All segments together have each arrival of the plan once, at
 * the same time on any number of threads.
 */
export function arrivalsOf(load: Load, segment: Segment, seed: number): Iterator<Arrival, undefined> {
  return load.arrivals === 'even' ? evenArrivals(load, segment) : randomArrivals(load, segment, seed)
}

function* evenArrivals({ stages, vus }: Load, segment: Segment): Generator<Arrival, undefined> {
  const profile = new RateProfile(stages)
  for (let position = 0; ; position++) {
    const index = iterationAt(segment, vus, position)
    // A segment without a virtual user has no arrivals either.
    if (!(index < profile.total)) return undefined
    yield { index, atMs: profile.timeOf(index) }
  }
}

/**
 * A Poisson process: exponential steps of mean 1 through the integral of the rate (Lewis and Shedler's inversion). Every
 * segment draws the whole sequence and keeps its part.
 */
function* randomArrivals({ stages, vus }: Load, segment: Segment, seed: number): Generator<Arrival, undefined> {
  const profile = new RateProfile(stages)
  const random = new SeededRandom(seed)
  let position = 0
  let mine = iterationAt(segment, vus, position)
  let passed = 0
  for (let index = 0; ; index++) {
    passed -= Math.log(1 - random.next())
    if (passed >= profile.expected || Number.isNaN(mine)) return undefined
    if (index !== mine) continue
    yield { index, atMs: profile.timeOf(passed) }
    mine = iterationAt(segment, vus, ++position)
  }
}
