import type { RunResult } from '../../src/results/run-result.ts'
import type { WarmupResult } from '../../src/results/warmup-result.ts'
import type { Paint } from './paint.ts'
import type { Cell } from './table.ts'
import { count, formatCount, formatElapsed, formatMilliseconds } from './units.ts'

/** What the warm-up did, which no other figure holds. */
export function describeWarmup({ warmup, durationMs }: RunResult, { dim, caution }: Paint): Cell[] {
  if (warmup === undefined) return []
  const { iterations } = warmup
  const failed = iterations.failed + iterations.aborted
  return [
    { text: `${formatElapsed(warmup.durationMs)} left out of the figures`, color: dim },
    {
      text:
        durationMs > warmup.durationMs ? `rates over the other ${formatElapsed(durationMs - warmup.durationMs)}` : '',
      color: dim,
    },
    { text: count(iterations.started, 'iteration'), color: dim },
    {
      text: failed === 0 ? '' : `${formatCount(failed)} of them failed or cut`,
      color: caution,
    },
    { text: describeRequests(warmup), color: dim },
  ]
}

function describeRequests({ requests, requestLatency }: WarmupResult): string {
  if (requests.started === 0) return ''
  const started = count(requests.started, 'request')
  return requestLatency.count === 0 ? started : `${started}, p95 ${formatMilliseconds(requestLatency.p95)}`
}

/** How many requests the throttle held back, and for how long. */
export function describeThrottle({ throttled }: RunResult, { dim }: Paint): Cell[] {
  if (throttled === undefined) return []
  if (throttled.requests === 0) return [{ text: 'held no request back', color: dim }]
  const mean = formatMilliseconds((throttled.waitedMs / throttled.requests) * 1000)
  return [
    { text: `${count(throttled.requests, 'request')} held back`, color: dim },
    { text: `${mean} each on average, no part of any latency`, color: dim },
  ]
}
