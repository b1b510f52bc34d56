/** Counts of one thread since the last snapshot; plain fields, because they are touched for every request. */
export interface Counters {
  iterationsStarted: number
  iterationsOk: number
  iterationsFailed: number
  iterationsAborted: number
  iterationsDropped: number
  /** Of those dropped, which nobody got to in time: users may have been free. */
  iterationsOverdue: number
  requestsStarted: number
  /** Of those started, which were made again after one that had failed. */
  retries: number
  bytesSent: number
  bytesReceived: number
  connectionsOpened: number
  connectionsReused: number
  connectionsClosed: number
  cookiesRejected: number
  /** Requests still running when their iteration's body had returned. */
  requestsNotAwaited: number
  /** Times that a virtual user was slowed because it failed at once. */
  backOffs: number
  /** Iterations that took longer than the pacing of their virtual user, and were not its last. */
  pacingMissed: number
  /** Requests that waited for their turn under the throttle. */
  requestsHeld: number
  /** How long they did, in milliseconds, fractions included. */
  heldMs: number
  /** Series, checks or error rows that went to `other` because there were too many. */
  overflowed: number
}

export function createCounters(): Counters {
  return {
    iterationsStarted: 0,
    iterationsOk: 0,
    iterationsFailed: 0,
    iterationsAborted: 0,
    iterationsDropped: 0,
    iterationsOverdue: 0,
    requestsStarted: 0,
    retries: 0,
    bytesSent: 0,
    bytesReceived: 0,
    connectionsOpened: 0,
    connectionsReused: 0,
    connectionsClosed: 0,
    cookiesRejected: 0,
    requestsNotAwaited: 0,
    backOffs: 0,
    pacingMissed: 0,
    requestsHeld: 0,
    heldMs: 0,
    overflowed: 0,
  }
}

/** Adds every count of `delta` to `total`. */
export function addCounters(total: Counters, delta: Counters): void {
  for (const name of Object.keys(total) as (keyof Counters)[]) total[name] += delta[name]
}

/** How often a check passed and failed, in all or in one step. */
export interface CheckCount {
  readonly name: string
  /** Path of the step it was made in; empty outside of steps. */
  readonly step: string
  passed: number
  failed: number
}
