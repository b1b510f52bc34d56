import { expect, it } from 'vitest'
import type { ThreadProgress } from '../results/thread-report.ts'
import { Timeline } from '../results/timeline.ts'
import { FakeClock } from './fixtures/fake-clock.ts'
import { runLocally } from './fixtures/run-locally.ts'
import { LocalHost } from './local-host.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
/** Half a second, on a machine with nothing else to do. */
const limitMs = 30_000

/** A host that keeps a time series of what it is told, as the pool does. */
class SoakHost extends LocalHost {
  readonly timeline: Timeline = new Timeline()
  readonly #clock: FakeClock
  snapshots: number = 0
  mostPoints: number = 0

  constructor(clock: FakeClock) {
    super()
    this.#clock = clock
  }

  override snapshot(progress: ThreadProgress): void {
    super.snapshot(progress)
    this.snapshots += 1
    // What it holds happened in the second that has just ended.
    this.timeline.count(Math.round(this.#clock.now() / 1000) - 1, progress.snapshot, progress.activeVUs)
    // Counting them costs as much as there are.
    if (this.snapshots % 500 === 0) this.mostPoints = Math.max(this.mostPoints, this.timeline.points().length)
  }
}

it.each([1, 24])(
  'soaks for %i h: a report each second, a bounded time series, and every iteration counted',
  { timeout: limitMs },
  async (hours) => {
    const clock = new FakeClock()
    const host = new SoakHost(clock)
    const { totals, endedAtMs } = await runLocally({
      clock,
      host,
      load: { vus: 10, duration: hours * hourMs },
      body: async () => clock.sleep(minuteMs),
    })
    expect(endedAtMs).toBe(hours * hourMs)
    // What ends with the load may be in the last report, which is no snapshot.
    expect(host.snapshots).toBeGreaterThanOrEqual(hours * 3600 - 1)
    const iterations = 10 * 60 * hours
    expect(totals.counters).toMatchObject({ iterationsStarted: iterations, iterationsOk: iterations })
    expect(totals.series().map(({ kind, count }) => [kind, count])).toEqual([['iteration', iterations]])
    const points = host.timeline.points()
    expect(Math.max(host.mostPoints, points.length)).toBeLessThanOrEqual(3600)
    expect(host.timeline.secondsPerPoint).toBe(hours === 1 ? 1 : 32)
    expect(points.reduce((sum, point) => sum + point.iterations, 0)).toBeGreaterThanOrEqual(iterations - 10)
    expect(new Set(points.slice(0, -1).map(({ activeVUs }) => activeVUs))).toEqual(new Set([10]))
  },
)
