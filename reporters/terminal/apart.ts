import type { RunResult } from '../../src/results/run-result.ts'
import type { Paint } from './paint.ts'
import type { Cell } from './table.ts'
import { formatCount, formatElapsed, formatFixed } from './units.ts'

/** What the warm-up did, which no other figure holds. */
export function describeWarmup({ warmup, durationMs }: RunResult, { dim, caution }: Paint): Cell[] {
  if (warmup === undefined) return []
  const { iterations, requests, requestLatency } = warmup
  const failed = iterations.failed + iterations.aborted
  return [
    { text: `${formatElapsed(warmup.durationMs)} left out of the figures`, color: dim },
    {
      text:
        durationMs > warmup.durationMs ? `rates over the other ${formatElapsed(durationMs - warmup.durationMs)}` : '',
      color: dim,
    },
    { text: `${formatCount(iterations.started)} iterations`, color: dim },
    {
      text: failed === 0 ? '' : `${formatCount(failed)} of them failed or cut`,
      color: caution,
    },
    {
      text:
        requests.started === 0
          ? ''
          : `${formatCount(requests.started)} requests, p95 ${milliseconds(requestLatency.p95)}`,
      color: dim,
    },
  ]
}

/** How many requests the throttle held back, and for how long. */
export function describeThrottle({ throttled }: RunResult, { dim }: Paint): Cell[] {
  if (throttled === undefined) return []
  if (throttled.requests === 0) return [{ text: 'held no request back', color: dim }]
  const mean = milliseconds((throttled.waitedMs / throttled.requests) * 1000)
  return [
    { text: `${formatCount(throttled.requests)} requests held back`, color: dim },
    { text: `${mean} each on average, no part of any latency`, color: dim },
  ]
}

function milliseconds(us: number): string {
  return `${formatFixed(us / 1000, us < 100_000 ? 1 : 0)} ms`
}
