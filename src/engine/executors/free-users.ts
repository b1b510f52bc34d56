import type { VirtualUser } from '../virtual-user.ts'
import type { ExecutorContext } from './contract.ts'

/** Set-ups that run at once during a load: enough to get on, too few to be a load of their own. */
const maxSetUps = 10

/** The virtual users of an open model that wait for an arrival: the one used last is used first, as its connection is warm. */
export class FreeUsers {
  readonly #setUp: ExecutorContext['setUp']
  /** The next one is the last. */
  readonly #free: VirtualUser[]
  readonly #notSetUp: VirtualUser[]
  readonly #allFree: PromiseWithResolvers<void> = Promise.withResolvers<void>()
  #busy: number = 0
  #settingUp: number = 0
  #closing: boolean = false
  #areOut: boolean = false

  constructor({ vus, readyVUs, setUp }: Pick<ExecutorContext, 'vus' | 'readyVUs' | 'setUp'>) {
    this.#setUp = setUp
    this.#free = vus.slice(0, readyVUs).toReversed()
    this.#notSetUp = vus.slice(readyVUs).toReversed()
  }

  /** One that is free, or `undefined`: then another one is set up for later arrivals, if there is one. */
  take(): VirtualUser | undefined {
    const vu = this.#free.pop()
    if (vu === undefined || this.#free.length === 0) this.#setUpAnother()
    if (vu !== undefined) this.#busy += 1
    return vu
  }

  /** Whether data rows have run out: no further arrival finds one. */
  get areOut(): boolean {
    return this.#areOut
  }

  /** The iteration of one that was taken has ended. */
  giveBack(vu: VirtualUser): void {
    if (vu.isOut) this.#areOut = true
    this.#busy -= 1
    this.#free.push(vu)
    this.#settle()
  }

  /** No other is taken from now on, and so none is set up. */
  close(): void {
    this.#closing = true
    this.#settle()
  }

  /** Resolves when all that were taken have come back. */
  async whenAllFree(): Promise<void> {
    await this.#allFree.promise
  }

  #settle(): void {
    if (this.#closing && this.#busy === 0) this.#allFree.resolve()
  }

  #setUpAnother(): void {
    if (this.#settingUp >= maxSetUps) return
    const vu = this.#notSetUp.pop()
    if (vu === undefined) return
    this.#settingUp += 1
    void this.#setUp(vu).then((isReady) => {
      this.#settingUp -= 1
      // Below those that have been used: they come when all others are busy.
      if (isReady) this.#free.unshift(vu)
    })
  }
}
