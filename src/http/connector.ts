import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers'
import type { TLSSocket } from 'node:tls'
import type { buildConnector } from 'undici'
import type { CloseReason } from '../metrics/connection-counts.ts'
import type { ConnectionRecorder, Recorder } from '../protocols/contract.ts'
import { closeReasonOf } from './close-reason.ts'
import type { HttpConfig } from './config.ts'
import type { Dial } from './connect.ts'
import { dialerOf } from './dial.ts'
import { phase } from './phases.ts'
import { now } from '../shared/now.ts'

/**
 * Opens the sockets of one connection, one after the other, and knows of the last: when its parts were ready
 * (`performance.now()`, 0 for not yet), and how many of its bytes have been reported.
 */
export class Connector {
  #socket: Socket | undefined
  #startedAt: number = 0
  #lookedUpAt: number = 0
  #connectedAt: number = 0
  #readyAt: number = 0
  /** Requests that the current socket has carried, and how many are under way. */
  #requests: number = 0
  #underWay: number = 0
  /** Requests that were counted as using a connection again, and did not. */
  #overcounted: number = 0
  #isAbandoned: boolean = false
  /** The socket of a session that the server has ended. */
  #dropped: Socket | undefined
  /** Whether the last answer has announced how long the connection would be kept. */
  isAnnounced: boolean = false

  readonly #recorder: Recorder
  readonly #connections: ConnectionRecorder
  readonly #dial: Dial
  /** Whether each connection is for one request only. */
  readonly #isSingle: boolean
  #isTls: boolean = false
  #protocol: 'h2' | 'http/1.1' | undefined
  #bytesRead: number = 0
  #bytesWritten: number = 0

  constructor(config: HttpConfig, recorder: Recorder, connections: ConnectionRecorder) {
    this.#recorder = recorder
    this.#connections = connections
    this.#dial = dialerOf(config)
    this.#isSingle = config.connections === 'none'
  }

  /** What is spoken on the current socket; `undefined` while there is none that is ready. */
  get protocol(): 'h2' | 'http/1.1' | undefined {
    return this.#protocol
  }

  /** Forgets the times of an earlier request. */
  resetTimes(): void {
    this.#startedAt = 0
    this.#lookedUpAt = 0
    this.#connectedAt = 0
    this.#readyAt = 0
  }

  open(options: buildConnector.Options, callback: buildConnector.Callback): void {
    this.reportBytes()
    this.resetTimes()
    this.#startedAt = now()
    this.#isTls = options.protocol === 'https:'
    this.#isAbandoned = false
    this.#followToItsEnd()
    const ready: buildConnector.Callback = (...outcome) => {
      if (outcome[0] === null) {
        this.#readyAt = now()
        this.#protocol = (outcome[1] as Partial<TLSSocket>).alpnProtocol === 'h2' ? 'h2' : 'http/1.1'
        this.#connections.opened()
        socket.once('close', () => this.#connections.closed(this.#reasonFor(socket)))
      } else if (!this.#isAbandoned) {
        this.#connections.failed()
      }
      callback(...outcome)
    }
    const socket = this.#dial(options, ready, () => {
      this.#connectedAt = now()
    })
    this.#socket = socket
    this.#protocol = undefined
    this.#requests = 0
    this.#bytesRead = 0
    this.#bytesWritten = 0
    this.#watch(socket)
  }

  /** Reports what went over the socket since the last call. */
  reportBytes(): void {
    const socket = this.#socket
    if (socket === undefined) return
    const read = socket.bytesRead
    // Undefined on a socket that never connected, whatever its type says.
    const written = (socket.bytesWritten as number | undefined) ?? this.#bytesWritten
    if (read === this.#bytesRead && written === this.#bytesWritten) return
    this.#recorder.bytes(written - this.#bytesWritten, read - this.#bytesRead)
    this.#bytesRead = read
    this.#bytesWritten = written
  }

  /** Counts a request that starts on the socket. Pair it with one `endRequest`. Returns whether it has used it again. */
  startRequest(): boolean {
    const isReuse = this.#requests > 0
    if (isReuse) {
      if (this.#overcounted > 0) this.#overcounted -= 1
      else this.#connections.reused()
    }
    this.#requests += 1
    if (this.#underWay === 0) this.#connections.taken()
    this.#underWay += 1
    return isReuse
  }

  /**
   * A request starts on the socket that is counted already, or given up. One that had used the socket before this one
   * again, and now opens another, is no reuse after all: the next one makes up for it.
   */
  noteRequest(wasReuse: boolean): void {
    if (wasReuse && this.#requests === 0) this.#overcounted += 1
    this.#requests += 1
  }

  /** A request that had started has ended. */
  endRequest(): void {
    this.#underWay -= 1
    if (this.#underWay === 0) this.#connections.freed()
  }

  /** Closes the socket, then goes on when undici has heard of it. */
  drop(goOn: () => void): void {
    const socket = this.#socket
    if (socket === undefined || socket.closed) {
      setImmediate(goOn)
      return
    }
    this.#dropped = socket
    socket.once('close', () => setImmediate(goOn))
    socket.destroy()
  }

  /** Gives up an attempt to connect that is under way. */
  abandon(reason: Error): void {
    if (this.#startedAt === 0 || this.#readyAt !== 0) return
    this.#isAbandoned = true
    this.#socket?.destroy(reason)
  }

  /**
   * Writes how long the parts of connecting took, or have taken when it is not finished; -1 for what did not take
   * place. Returns their sum.
   */
  measure(phasesUs: Float64Array, endedAt: number): number {
    phasesUs[phase.dns] = phasesUs[phase.connecting] = phasesUs[phase.tls] = -1
    if (this.#startedAt === 0) return 0
    let from = this.#startedAt
    if (this.#lookedUpAt !== 0) {
      phasesUs[phase.dns] = (this.#lookedUpAt - from) * 1000
      from = this.#lookedUpAt
    }
    const readyAt = this.#readyAt === 0 ? endedAt : this.#readyAt
    const connectedAt = this.#isTls && this.#connectedAt !== 0 ? this.#connectedAt : readyAt
    phasesUs[phase.connecting] = (connectedAt - from) * 1000
    if (this.#isTls && this.#connectedAt !== 0) phasesUs[phase.tls] = (readyAt - connectedAt) * 1000
    return (readyAt - this.#startedAt) * 1000
  }

  #reasonFor(socket: Socket): CloseReason {
    if (socket === this.#dropped) return 'server'
    const afterAnswer = this.#isSingle ? 'single' : this.isAnnounced ? 'idle' : 'server'
    return closeReasonOf(socket, afterAnswer)
  }

  /** A session that goes away (HTTP/2) ends its streams while there is another socket already. */
  #followToItsEnd(): void {
    const socket = this.#socket
    if (socket === undefined) return
    const read = this.#bytesRead
    const written = this.#bytesWritten
    socket.once('close', () => {
      const writtenAtLast = (socket.bytesWritten as number | undefined) ?? written
      this.#recorder.bytes(writtenAtLast - written, socket.bytesRead - read)
    })
  }

  #watch(socket: Socket): void {
    socket.once('lookup', () => {
      this.#lookedUpAt = now()
    })
    socket.once('connect', () => {
      this.#connectedAt = now()
    })
    socket.once('close', () => {
      if (this.#socket !== socket) return
      this.reportBytes()
      this.#socket = undefined
      this.#protocol = undefined
    })
  }
}
