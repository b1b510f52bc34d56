/**
 * A share of a plan: number `index` (from 0) of `count` equal ones. A thread, a process and a machine are the same
 * thing. Shares are striped – 0, count, 2·count, … – so that all of them together are the plan exactly, for any count.
 */
export interface Segment {
  readonly index: number
  readonly count: number
}

/** How many of `total` things belong to a segment. */
export function segmentSize(segment: Segment, total: number): number {
  return Math.max(0, Math.ceil((total - segment.index) / segment.count))
}

/** The position in the whole, from 0, of a segment's thing number `position`. */
export function globalIndex(segment: Segment, position: number): number {
  return segment.index + position * segment.count
}

/**
 * How many of `iterations` go with a segment's share of `vus` virtual users: iteration i belongs to whoever owns virtual
 * user i mod `vus`. A thread without a virtual user gets none, and one with twice as many gets twice as many.
 */
export function iterationCount(segment: Segment, iterations: number, vus: number): number {
  const rounds = Math.floor(iterations / vus)
  return rounds * segmentSize(segment, vus) + segmentSize(segment, iterations % vus)
}

/**
 * The index in the whole, from 0, of a segment's iteration number `position`, in ascending order. Computed, because a
 * list would hold one element for each iteration of the run.
 */
export function iterationAt(segment: Segment, vus: number, position: number): number {
  const perRound = segmentSize(segment, vus)
  const round = Math.floor(position / perRound)
  return round * vus + globalIndex(segment, position % perRound)
}
