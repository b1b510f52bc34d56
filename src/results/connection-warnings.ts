import { otherName } from '../metrics/bounds.ts'
import { formatMicroseconds } from '../shared/durations.ts'
import type { OriginResult } from './connection-totals.ts'

/** Fewer are no rule. */
const leastConnections = 20
/** From which share of the requests on a connection of their own, or a wait, is worth a sentence. */
const leastReconnecting = 0.2
const leastWaiting = 0.05

/** What connections have cost requests although none of them failed. */
export function warnOfConnections(origins: readonly OriginResult[]): string[] {
  return origins.flatMap((origin) => [...warnOfClosing(origin), ...warnOfWaiting(origin)])
}

function warnOfClosing({ origin, opened, reused, closed }: OriginResult): string[] {
  const requests = opened + reused
  const { server, idle } = closed
  const isRule = server + idle >= leastConnections && server + idle > opened / 2
  if (!isRule || opened < requests * leastReconnecting) return []
  const [count, why] =
    server >= idle ? [server, 'by the server'] : [idle, 'while idle, before the server would have done it']
  const cost = `${format(opened)} were opened for ${format(requests)} requests, and a request that opens one pays for connecting`
  return [
    `${format(count)} connections to ${nameOf(origin)} were closed ${why}: ${cost}. Look at the target's keep-alive settings`,
  ]
}

function warnOfWaiting({ origin, opened, reused, waited, waitedMs, longestWaitMs }: OriginResult): string[] {
  if (waited < (opened + reused) * leastWaiting || waited === 0) return []
  const [mean, longest] = [waitedMs / waited, longestWaitMs].map((ms) => formatMicroseconds(ms * 1000))
  const noun = waited === 1 ? 'request' : 'requests'
  return [
    `${format(waited)} ${noun} to ${nameOf(origin)} waited for a connection, ${mean} on average and ${longest} at most, which is part of their latency`,
  ]
}

function nameOf(origin: string): string {
  return origin === otherName ? 'other origins' : origin
}

function format(count: number): string {
  return count.toLocaleString('en')
}
