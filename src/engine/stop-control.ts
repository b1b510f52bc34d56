import type { Clock } from './clock.ts'
import type { VirtualUser } from './virtual-user.ts'

/** What `StopControl.supervise` watches over. */
export interface Supervised {
  /** Resolves when the executor's last iteration has ended, or was abandoned. */
  readonly ended: Promise<void>
  readonly vus: readonly VirtualUser[]
  /** How long iterations are started. */
  readonly windowMs: number
  /** How long those that run may go on afterwards. */
  readonly gracefulStopMs: number
  /** How long those that were cut have to end. */
  readonly settleLimitMs: number
}

/**
 * Ends a load in time, whatever its bodies do. After the window – or when somebody asks for an early end – running
 * iterations have the graceful stop; then they are cut: their signal is aborted, which ends requests and think time.
 * What even then does not settle is abandoned.
 */
export class StopControl {
  /** Iterations that were given up because they did not settle. */
  abandoned: number = 0

  readonly #clock: Clock
  readonly #abandoned: PromiseWithResolvers<void> = Promise.withResolvers<void>()
  readonly #cut: AbortController = new AbortController()
  #windowOver: boolean = false
  #gracefulStopMs: number = Number.POSITIVE_INFINITY
  readonly #early: AbortController = new AbortController()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Aborted when running iterations are cut. */
  get signal(): AbortSignal {
    return this.#cut.signal
  }

  /** Resolves when what did not settle after the cut was given up; never, where everything ended by itself. */
  get whenAbandoned(): Promise<void> {
    return this.#abandoned.promise
  }

  /** Aborted when no further iteration starts. */
  get stopping(): AbortSignal {
    return this.#early.signal
  }

  /** Whether everything that was planned has had its time: somebody may only be late. */
  get isWindowOver(): boolean {
    return this.#windowOver
  }

  /** Starts no further iteration. Those that run may be given less time than they would have. */
  stop(gracefulStopMs: number = Number.POSITIVE_INFINITY): void {
    this.#gracefulStopMs = Math.min(this.#gracefulStopMs, gracefulStopMs)
    this.#early.abort()
  }

  /** Gives up an iteration that was cut and does not settle. */
  giveUp(vu: VirtualUser): void {
    if (vu.abandon()) this.abandoned += 1
  }

  /** Cuts what goes on beside the iterations, which have ended. */
  cutRest(): void {
    this.#cut.abort()
  }

  /** Resolves when every iteration has ended or was abandoned: never later than window + graceful stop + limit. */
  async supervise(run: Supervised): Promise<void> {
    const done = new AbortController()
    const ended = run.ended.then(() => done.abort())
    const windowOver = this.#clock.sleep(run.windowMs, AbortSignal.any([done.signal, this.#early.signal]))
    await Promise.race([ended, windowOver])
    this.#windowOver = !this.#early.signal.aborted
    this.stop()
    const gracefulStopMs = Math.min(run.gracefulStopMs, this.#gracefulStopMs)
    if (!done.signal.aborted) await Promise.race([ended, this.#clock.sleep(gracefulStopMs, done.signal)])
    if (done.signal.aborted) return
    for (const vu of run.vus) vu.cut()
    this.#cut.abort()
    await Promise.race([ended, this.#clock.sleep(run.settleLimitMs, done.signal)])
    for (const vu of run.vus) this.giveUp(vu)
    this.#abandoned.resolve()
    await run.ended
  }
}
