import { hookLimitMs, settleLimitMs } from '../options/limits.ts'
import type { HookFailures } from '../results/thread-report.ts'
import type { Session } from '../session/session.ts'
import { messageOf } from '../shared/errors.ts'
import type { Clock } from './clock.ts'
import type { VirtualUser } from './virtual-user.ts'

/** What a thread runs once for each of its virtual users, before and after their iterations. */
export interface UserHook {
  readonly setup: ((session: Session) => Promise<void>) | undefined
  readonly teardown: ((session: Session) => Promise<void>) | undefined
}

/** So many hooks of a thread run at once: thousands of users that all log in at the same time are a load of their own. */
const maxAtOnce = 100
const tooLong = `did not end within ${hookLimitMs / 1000} s`

/** Runs the hooks of virtual users and keeps what went wrong in them. */
export class UserHooks {
  readonly failures: string[] = []

  readonly #hooks: UserHook
  readonly #clock: Clock
  /** Aborted when the load is cut, set-ups included: that is no failure of theirs. */
  readonly #cutting: AbortSignal
  /** Set-ups during the load that have not ended. */
  readonly #pending: Set<Promise<boolean>> = new Set()
  /** Those who are to be torn down. */
  readonly #setUp: Set<VirtualUser> = new Set()
  readonly #failed: Record<'setup' | 'teardown', { count: number; message: string }> = {
    setup: { count: 0, message: '' },
    teardown: { count: 0, message: '' },
  }

  constructor(hooks: UserHook, clock: Clock, cutting: AbortSignal) {
    this.#hooks = hooks
    this.#clock = clock
    this.#cutting = cutting
  }

  get hookFailures(): HookFailures[] {
    return (['setup', 'teardown'] as const).flatMap((hook) => {
      const { count, message } = this.#failed[hook]
      return count === 0 ? [] : [{ hook, failed: count, message }]
    })
  }

  get hasFailed(): boolean {
    return this.failures.length > 0 || this.#failed.setup.count > 0 || this.#failed.teardown.count > 0
  }

  /** Sets many up, before the load. They are all torn down, whatever came of it. */
  async setUpAll(vus: readonly VirtualUser[]): Promise<void> {
    for (const vu of vus) this.#setUp.add(vu)
    await this.#runAll('setup', vus)
  }

  /** Sets one up while the load runs. Resolves to whether that worked. */
  async setUp(vu: VirtualUser): Promise<boolean> {
    if (this.#hooks.setup === undefined) {
      this.#setUp.add(vu)
      return true
    }
    const work = this.#run('setup', vu)
    this.#pending.add(work)
    const hasWorked = await this.#inTime(work, () => this.#fail('setup', tooLong))
    this.#pending.delete(work)
    // Not before: it must not be torn down in the middle of its set-up.
    this.#setUp.add(vu)
    return hasWorked === true && !this.#cutting.aborted
  }

  /** Whether a set-up is under way. */
  get isSettingUp(): boolean {
    return this.#pending.size > 0
  }

  /** Tears one down while the load runs. */
  async tearDown(vu: VirtualUser): Promise<void> {
    this.#setUp.delete(vu)
    await this.#inTime(this.#run('teardown', vu), () => this.#fail('teardown', tooLong))
  }

  /** Tears down whoever was set up and still is. A set-up under way, which was cut, has a moment to end. */
  async tearDownAll(vus: readonly VirtualUser[]): Promise<void> {
    if (this.isSettingUp) {
      const settled = new AbortController()
      await Promise.race([Promise.all(this.#pending), this.#clock.sleep(settleLimitMs, settled.signal)])
      settled.abort()
      await this.#clock.nextTurn()
    }
    await this.#runAll(
      'teardown',
      vus.filter((vu) => this.#setUp.has(vu)),
    )
  }

  async #runAll(name: 'setup' | 'teardown', vus: readonly VirtualUser[]): Promise<void> {
    if (this.#hooks[name] === undefined) return
    const waiting = vus.values()
    // Several take from one iterator: each user is taken once.
    const work = async (): Promise<void> => {
      for (const vu of waiting) await this.#run(name, vu)
    }
    const all = Promise.all(Array.from({ length: Math.min(maxAtOnce, vus.length) }, work))
    await this.#inTime(all, () => this.failures.push(`${name} of the virtual users ${tooLong}`))
  }

  /** What a hook comes to, or what is to be done when it takes too long. */
  async #inTime<T>(work: Promise<T>, onTimeout: () => void): Promise<T | undefined> {
    const ended = new AbortController()
    const timeout = this.#clock.sleep(hookLimitMs, ended.signal).then(() => {
      if (!ended.signal.aborted) onTimeout()
      return undefined
    })
    const result = await Promise.race([work, timeout])
    ended.abort()
    return result
  }

  async #run(name: 'setup' | 'teardown', vu: VirtualUser): Promise<boolean> {
    try {
      await this.#hooks[name]?.(vu.session)
      return true
    } catch (error) {
      if (name === 'teardown' || !this.#cutting.aborted) this.#fail(name, messageOf(error))
      return false
    }
  }

  #fail(name: 'setup' | 'teardown', message: string): void {
    const failed = this.#failed[name]
    if (failed.count === 0) failed.message = message
    failed.count += 1
  }
}
