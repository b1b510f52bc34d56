import type { CloseReason } from '../metrics/connection-counts.ts'
import type { Exemplar, Failure } from '../metrics/error-table.ts'
import type { RequestLabels } from '../metrics/label-watch.ts'
import type { Outcome, Series } from '../metrics/series.ts'
import type { Frame } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import { defineSlot, type Slot } from '../session/slot.ts'

/**
 * A protocol: what it is called, which phases a request of it goes through, and how a virtual user gets and loses its
 * client. Engine, metrics, objectives and reports know observations only; HTTP is one protocol among others.
 */
export interface Protocol<Client> {
  readonly name: string
  /** Names of the phases, in the order that `Observation.phasesUs` holds them. */
  readonly phases: readonly string[]
  /** Makes a virtual user's client, on first use. */
  readonly connect: (session: Session) => Client
  readonly close: (client: Client) => Promise<void> | void
}

/**
 * One finished request, message or call. The object and its array belong to the protocol and are used again:
 * they are valid only during the call of `Recorder.record`, which therefore allocates nothing.
 */
export interface Observation {
  series: Series
  /** Dispatch to last byte in microseconds, with waiting for a connection, DNS, connect and TLS. */
  durationUs: number
  /** Sending, waiting and receiving only, in microseconds; negative when nothing was sent. */
  serviceUs: number
  outcome: Outcome
  /** What objectives on labels read. */
  labels?: RequestLabels | undefined
  /** Why it failed; `undefined` exactly when the outcome is ok. */
  failure: Failure | undefined
  /** What was sent and the answer's beginning for the error table, called for the first failure of a kind only. */
  excerpt: (() => Pick<Exemplar, 'request' | 'response'>) | undefined
  /** By which tracing systems find a request that failed. */
  traceId?: string | undefined
  /** Duration of each phase in microseconds, negative where it did not take place. */
  phasesUs: Float64Array
  /** Whether it failed and is made again: then it makes neither its step nor its iteration failed. */
  isRetried?: boolean
}

/**
 * Counts the connections of a thread to one origin – whatever the protocol calls the far end. Every call costs a few
 * additions and allocates nothing.
 */
export interface ConnectionRecorder {
  /** A connection is ready for use. Pair it with one `closed`. */
  opened(): void
  /** An attempt to connect has failed; one that was given up by us has not. */
  failed(): void
  /** A request goes over a connection that has carried one before. */
  reused(): void
  closed(reason: CloseReason): void
  /** A connection begins to carry a request, and carried none. Pair it with one `freed`. */
  taken(): void
  /** A connection carries no request any more. */
  freed(): void
  /** A request begins to wait because every connection that it may use is taken. Pair it with one `waited`. */
  waits(): void
  /** A request has got a connection, or waits no longer. */
  waited(elapsedMs: number): void
}

/** Where a protocol's actions report to. */
export interface Recorder {
  /** The series for a request name, in the part of the run (iteration or hook) the frame belongs to. */
  series(frame: Frame, name: string, phases: readonly string[]): Series
  /** Announces a request, so that an iteration knows what is in flight. Pair each with one `record`. */
  started(frame: Frame): void
  record(frame: Frame, observation: Observation): void
  /** Counts a request that is made again. */
  retried(frame: Frame): void
  /** Adds bytes that went over a connection, headers included. */
  bytes(sent: number, received: number): void
  /** Where the connections to an origin are counted. Ask for it once per pool or connection, not for each request. */
  connections(origin: string): ConnectionRecorder
  /** Counts cookies that a server set and that were refused. */
  cookiesRejected(count: number): void
}

/** A request that waits for its turn. */
export interface HeldRequest {
  readonly frame: Frame
  /** Its turn has come: it announces itself to the recorder and starts. */
  readonly start: () => void
}

/**
 * Bounds how many requests of a load start per second. A protocol that finds one in its session asks for a turn before it
 * announces a request to the recorder; a request without one is held, and does not exist as yet: neither its latency nor
 * the count of those started knows of the wait, which steps and iterations leave out.
 */
export interface RequestThrottle {
  /** Takes a turn where there is one at once. Hooks always get one. */
  takeTurn(frame: Frame): boolean
  /** Starts a request when its turn has come, never within this call. */
  hold(request: HeldRequest): void
  /** Gives up a request that was cut before its turn. */
  forget(request: HeldRequest): void
}

/** The throttle of a session, where its load has one. */
export const throttleSlot: Slot<RequestThrottle> = defineSlot<RequestThrottle>('throttle')

/** The recorder of a session, set by whoever made the session. */
export const recorderSlot: Slot<Recorder> = defineSlot<Recorder>('recorder')

/** The session's client of a protocol, connected on first use and closed with the session. */
export function clientOf<Client>(session: Session, protocol: Protocol<Client>, slot: Slot<Client>): Client {
  const known = session.get(slot)
  if (known !== undefined) return known
  const client = protocol.connect(session)
  session.set(slot, client)
  session.onClose(() => protocol.close(client))
  return client
}
