import { latencyLayout } from '../metrics/buckets.ts'
import { LatencyHistogram } from '../metrics/histogram.ts'
import { seriesParts } from '../metrics/series.ts'
import type { MetricsSnapshot, RecorderDelta } from '../metrics/snapshot.ts'
import type { ConnectionPoint } from './connection-totals.ts'
import type { TimelinePoint } from './run-result.ts'
import type { SeriesTotals } from './run-totals.ts'

const maxPoints = 3600

/** A bounded series of points in time, a second each; a longer run gets coarser points, never more of them. */
export class Timeline {
  #points: TimelinePoint[] = []
  #secondsPerPoint: number = 1
  #open: OpenPoint = new OpenPoint(0)

  /** Notes a part of a snapshot that arrived at `second`. */
  observe(second: number, series: SeriesTotals, delta: RecorderDelta): void {
    this.#pointAt(second).observe(series, delta)
  }

  /** Notes a snapshot's counts. `activeVUs` is over all threads. */
  count(second: number, snapshot: MetricsSnapshot, activeVUs: number): void {
    const { counters } = snapshot
    const point = this.#pointAt(second)
    point.iterations += counters.iterationsOk + counters.iterationsFailed
    point.failedIterations += counters.iterationsFailed
    point.activeVUs = activeVUs
  }

  /** Notes the connections of all threads. */
  connect(second: number, connections: ConnectionPoint): void {
    const point = this.#pointAt(second)
    point.connections = joinConnections(point.connections, connections)
  }

  /** The points so far, the open one included. */
  points(): TimelinePoint[] {
    return [...this.#points, this.#open.close()]
  }

  /** How many seconds a point stands for: more than one only after an hour. */
  get secondsPerPoint(): number {
    return this.#secondsPerPoint
  }

  /** The latest point that is complete; the open one before there is any. */
  latest(): TimelinePoint {
    return this.#points.at(-1) ?? this.#open.close()
  }

  #pointAt(second: number): OpenPoint {
    const start = second - (second % this.#secondsPerPoint)
    if (start <= this.#open.second) return this.#open
    this.#points.push(this.#open.close())
    if (this.#points.length >= maxPoints) this.#coarsen()
    this.#open = new OpenPoint(start)
    return this.#open
  }

  #coarsen(): void {
    this.#secondsPerPoint *= 2
    const pairs: TimelinePoint[] = []
    for (let index = 0; index < this.#points.length; index += 2) {
      const [left, right] = [this.#points[index], this.#points[index + 1]]
      if (left !== undefined) pairs.push(right === undefined ? left : joinPoints(left, right))
    }
    this.#points = pairs
  }
}

class OpenPoint {
  readonly second: number
  iterations: number = 0
  failedIterations: number = 0
  activeVUs: number = 0
  connections: ConnectionPoint | undefined
  #requests: number = 0
  #failedRequests: number = 0
  #latency: LatencyHistogram | undefined

  constructor(second: number) {
    this.second = second
  }

  observe(series: SeriesTotals, delta: RecorderDelta): void {
    if (series.kind !== 'request' || delta.part > seriesParts.aborted) return
    this.#requests += delta.count
    if (delta.part === seriesParts.failed || delta.part === seriesParts.timeout) this.#failedRequests += delta.count
    if (delta.part === seriesParts.failed) return
    this.#latency ??= new LatencyHistogram(latencyLayout)
    this.#latency.add(delta)
  }

  close(): TimelinePoint {
    return {
      second: this.second,
      iterations: this.iterations,
      failedIterations: this.failedIterations,
      requests: this.#requests,
      failedRequests: this.#failedRequests,
      p95: this.#latency?.percentile(95) ?? 0,
      activeVUs: this.activeVUs,
      ...(this.connections !== undefined && { connections: this.connections }),
    }
  }
}

function joinPoints(left: TimelinePoint, right: TimelinePoint): TimelinePoint {
  const connections = joinConnections(left.connections, right.connections)
  return {
    second: left.second,
    iterations: left.iterations + right.iterations,
    failedIterations: left.failedIterations + right.failedIterations,
    requests: left.requests + right.requests,
    failedRequests: left.failedRequests + right.failedRequests,
    p95: Math.max(left.p95, right.p95),
    activeVUs: Math.max(left.activeVUs, right.activeVUs),
    ...(connections !== undefined && { connections }),
  }
}

function joinConnections(
  left: ConnectionPoint | undefined,
  right: ConnectionPoint | undefined,
): ConnectionPoint | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return {
    open: Math.max(left.open, right.open),
    inUse: Math.max(left.inUse, right.inUse),
    waiting: Math.max(left.waiting, right.waiting),
    opened: left.opened + right.opened,
  }
}
