/**
 * Why a connection was closed.
 * - `server`: the server ended it, or its answer asked for that (`connection: close`).
 * - `error`: it broke – a reset, a TLS alert – or was given up because of an answer that makes no sense.
 * - `cut`: a request on it was cut: by its timeout, by a limit on its answer, or because time was over.
 * - `idle`: nobody used it for as long as it is kept, or nearly as long as the server says it keeps it (`keep-alive`).
 * - `single`: it was for one request only (`connections: 'none'`).
 * - `end`: whoever owned it had finished.
 */
export type CloseReason = (typeof closeReasons)[number]

/** All values of `CloseReason`. */
export const closeReasons = ['server', 'error', 'cut', 'idle', 'single', 'end'] as const

/** What took place on the connections to one origin. */
export interface ConnectionCounts {
  opened: number
  /** Requests over a connection that had carried one before. */
  reused: number
  /** Attempts to connect that failed; those that we gave up are none. */
  failed: number
  readonly closed: Record<CloseReason, number>
  /** Requests that waited because all connections they may use were in use. */
  waited: number
  /** How long they did, in milliseconds, fractions included: all together, and the longest. */
  waitedMs: number
  longestWaitMs: number
  /** The most at once: open, with a request under way, and requests that waited. */
  peakOpen: number
  peakInUse: number
  peakWaiting: number
}

export function createConnectionCounts(): ConnectionCounts {
  return {
    opened: 0,
    reused: 0,
    failed: 0,
    closed: { server: 0, error: 0, cut: 0, idle: 0, single: 0, end: 0 },
    waited: 0,
    waitedMs: 0,
    longestWaitMs: 0,
    peakOpen: 0,
    peakInUse: 0,
    peakWaiting: 0,
  }
}

/** Adds what is counted. Peaks do not add up over time: whoever knows whose they are merges them. */
export function addConnectionCounts(total: ConnectionCounts, delta: Readonly<ConnectionCounts>): void {
  total.opened += delta.opened
  total.reused += delta.reused
  total.failed += delta.failed
  for (const reason of closeReasons) total.closed[reason] += delta.closed[reason]
  total.waited += delta.waited
  total.waitedMs += delta.waitedMs
  total.longestWaitMs = Math.max(total.longestWaitMs, delta.longestWaitMs)
}

/** Whether there is nothing to tell. */
export function isQuiet(counts: Readonly<ConnectionCounts>): boolean {
  const { opened, reused, failed, closed, waited, peakOpen, peakInUse, peakWaiting } = counts
  const counted = opened + reused + failed + waited + peakOpen + peakInUse + peakWaiting
  return counted === 0 && closeReasons.every((reason) => closed[reason] === 0)
}
