import { SeededRandom } from '../shared/random.ts'
import { SessionCookies } from './cookies.ts'
import type { Slot } from './slot.ts'

/** Whether cookies live for one iteration (a new visitor each time), as long as the virtual user, or not at all. */
export type CookieScope = 'iteration' | 'vu' | 'none'

/** What a session needs to know from the start. */
export interface SessionOptions {
  /** Number of the virtual user, from 1, over all threads. */
  readonly vuId: number
  readonly scenario: string
  /** Unique to this run, the first part of every `uniqueId()`. */
  readonly runId: string
  readonly cookieScope: CookieScope
  /** Aborted when the load is cut. */
  readonly signal: AbortSignal
}

/** All that one virtual user owns: cookies, ids, random numbers, and the clients of the protocols it has used. */
export class Session {
  readonly vuId: number
  readonly scenario: string
  readonly signal: AbortSignal
  /** Number of the current iteration of this virtual user, from 0. */
  iteration: number = 0
  /** Number of the current iteration among all of the run, where the executor numbers them. */
  globalIteration: number | undefined = undefined
  /** Seed of the current iteration. */
  seed: number = 0

  readonly #random: SeededRandom = new SeededRandom(0)
  readonly #cookieScope: CookieScope
  readonly #runId: string
  // Made on first use, and the slots no map: of 4.5 kB that a user weighed who only thinks, that was a tenth.
  #cookies: SessionCookies | undefined
  readonly #slots: Record<symbol, unknown> = {}
  #secretSources: (() => Iterable<string>)[] | undefined
  #closers: (() => Promise<void> | void)[] | undefined
  #ids: number = 0
  #closed: boolean = false

  constructor(options: SessionOptions) {
    this.vuId = options.vuId
    this.scenario = options.scenario
    this.signal = options.signal
    this.#cookieScope = options.cookieScope
    this.#runId = options.runId
  }

  /** Whether the cookies that servers set are stored. */
  get keepsCookies(): boolean {
    return this.#cookieScope !== 'none'
  }

  get cookies(): SessionCookies {
    return (this.#cookies ??= new SessionCookies())
  }

  /** Prepares for the next iteration: new random sequence, and fresh cookies unless they belong to the user. */
  beginIteration(iteration: number, seed: number, globalIteration?: number): void {
    this.iteration = iteration
    this.globalIteration = globalIteration
    this.reseed(seed)
    if (this.#cookieScope === 'iteration') this.#cookies?.clear()
  }

  /** Starts another random sequence, for work outside of iterations. */
  reseed(seed: number): void {
    this.seed = seed
    this.#random.reseed(seed)
  }

  /** A number in [0, 1) from this iteration's seeded sequence. */
  random(): number {
    return this.#random.next()
  }

  /** A string that no other call returns, in this run or another, on any thread. */
  uniqueId(): string {
    this.#ids += 1
    return `${this.#runId}-${this.vuId}-${this.#ids}`
  }

  /** The object another layer keeps on this session. */
  get<T>(slot: Slot<T>): T | undefined {
    return this.#slots[slot.key] as T | undefined
  }

  set<T>(slot: Slot<T>, value: T): void {
    this.#slots[slot.key] = value
  }

  /** Registers who knows credentials that this user has sent. Asked only when something has failed. */
  onSecrets(source: () => Iterable<string>): void {
    this.#secretSources ??= []
    this.#secretSources.push(source)
  }

  /** Credentials that this user has sent of late, to be hidden in what is told of it. */
  *secrets(): Iterable<string> {
    for (const source of this.#secretSources ?? []) yield* source()
  }

  /** Registers what has to be closed with the session, such as a connection. */
  onClose(close: () => Promise<void> | void): void {
    this.#closers ??= []
    this.#closers.push(close)
  }

  /** Whether the virtual user has ended: what it leaves behind can do nothing more. */
  get closed(): boolean {
    return this.#closed
  }

  /** Closes whatever the virtual user has opened. Never rejects: closing is best effort. */
  async close(): Promise<void> {
    this.#closed = true
    const closers = this.#closers?.splice(0) ?? []
    await Promise.allSettled(closers.map(async (close) => close()))
  }
}
