import type { RunResult, TimelinePoint } from '../../src/results/run-result.ts'

/** A stretch of a run, drawn as one block. Rates are per second, `p95` is the highest of its points. */
export type TimeSlice = Omit<TimelinePoint, 'second'>

/** Cuts a timeline into at most `most` slices of equally many whole seconds; seconds without a point are empty ones. */
export function sliceTimeline(
  { timeline, durationMs }: Pick<RunResult, 'timeline' | 'durationMs'>,
  most: number,
): TimeSlice[] {
  const last = timeline.at(-1)
  if (last === undefined) return []
  // Of a very long run, points are several seconds apart.
  const distances = timeline.slice(1).map((point, index) => point.second - (timeline[index]?.second ?? 0))
  const apart = Math.max(1, Math.min(...(distances.length > 0 ? distances : [1])))
  const ends = Math.max(durationMs / 1000, last.second)
  const length = Math.ceil(Math.ceil(ends) / most / apart) * apart
  // Less than half a second at the very end is too short for a rate: it counts with what is before it.
  const count = Math.max(1, Math.ceil((ends - 0.5) / length))
  const groups = Array.from({ length: count }, (): TimelinePoint[] => [])
  for (const point of timeline) groups[Math.min(count - 1, Math.floor(point.second / length))]?.push(point)
  return groups.map((points, index) => joinPoints(points, index < count - 1 ? length : ends - length * index))
}

function joinPoints(points: readonly TimelinePoint[], seconds: number): TimeSlice {
  const rate = (of: (point: TimelinePoint) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / Math.max(seconds, 0.5)
  const highest = (of: (point: TimelinePoint) => number): number => Math.max(0, ...points.map(of))
  return {
    iterations: rate((point) => point.iterations),
    failedIterations: rate((point) => point.failedIterations),
    requests: rate((point) => point.requests),
    failedRequests: rate((point) => point.failedRequests),
    p95: highest((point) => point.p95),
    activeVUs: highest((point) => point.activeVUs),
  }
}
