import { systemClock } from '../engine/clock.ts'
import type { RunHost } from '../engine/run-host.ts'
import type { Session } from '../session/session.ts'
import { findScarceData } from '../options/scenario-options.ts'
import { LoadError, messageOf, throwProblems } from '../shared/errors.ts'
import { mixSeed } from '../shared/random.ts'
import { loadRows, openLoaded, type LoadedRows } from './row-supply.ts'
import { callHook, clonePrepared, type ScenarioDefinition } from './scenario-definition.ts'

type HookName = 'before' | 'after'

/**
 * The hooks of a run as a whole. They run on the leader, where the other threads do not wait for them yet, or no
 * longer: so they are limited in time, and `run.abort()` in one of them has no run to stop, but fails the load.
 */
export class LeaderHooks {
  readonly #definition: ScenarioDefinition
  readonly #host: RunHost
  readonly #limitMs: number
  #running: boolean = false
  #abortReason: string | undefined

  constructor(definition: ScenarioDefinition, host: RunHost, limitMs: number) {
    this.#definition = definition
    this.#host = host
    this.#limitMs = limitMs
  }

  /** What `run.abort()` does in this thread, in a hook or in the load. */
  abort(reason: string): void {
    if (this.#running) this.#abortReason ??= reason
    else this.#host.requestStop(reason)
  }

  /** Reads the data rows, before any request. When that fails, or they are too few, no thread goes on. */
  async loadRows(): Promise<LoadedRows> {
    const { options, resolved, name } = this.#definition
    if (!Object.values(options.data ?? {}).some(({ load }) => load !== undefined)) return {}
    this.#host.enter('data')
    try {
      const loaded = await loadRows(options.data)
      const problems = findScarceData(await openLoaded(options.data, loaded), resolved.load)
      throwProblems(`Options of scenario '${name}'`, problems)
      return loaded
    } catch (error) {
      this.#host.giveUp(messageOf(error))
      throw error
    } finally {
      this.#host.enter('idle')
    }
  }

  /** Runs `before` and returns what it returned, cloned. When it fails, no thread goes on. */
  async before(session: Session): Promise<unknown> {
    const { options, name } = this.#definition
    try {
      return clonePrepared(name, await this.#call('before', session, () => options.before?.()))
    } catch (error) {
      this.#host.giveUp(messageOf(error))
      throw error
    }
  }

  /** Runs `after`. */
  async after(session: Session, prepared: unknown): Promise<void> {
    await this.#call('after', session, () => this.#definition.options.after?.({ prepared }))
  }

  async #call(hook: HookName, session: Session, call: () => unknown): Promise<unknown> {
    const label = `${hook}() of '${this.#definition.name}'`
    const ended = new AbortController()
    session.reseed(mixSeed(this.#definition.name, session.vuId, hook))
    this.#running = true
    this.#host.enter(hook)
    try {
      return await Promise.race([this.#callOrExplain(label, session, call), this.#expire(label, ended.signal)])
    } finally {
      ended.abort()
      this.#running = false
      this.#host.enter('idle')
      this.#throwIfAborted(label)
    }
  }

  async #callOrExplain(label: string, session: Session, call: () => unknown): Promise<unknown> {
    try {
      return await callHook(session, call)
    } catch (cause) {
      throw new LoadError('ERR_LOAD_HOOK', `${label} threw: ${messageOf(cause)}`, { cause })
    }
  }

  async #expire(label: string, ended: AbortSignal): Promise<void> {
    await systemClock.sleep(this.#limitMs, ended)
    if (ended.aborted) return
    throw new LoadError(
      'ERR_LOAD_HOOK',
      `${label} did not end within ${this.#limitMs / 1000} s. Let it return, or do what takes long in a global set-up.`,
    )
  }

  /** An abort counts, also when the hook has thrown as well. */
  #throwIfAborted(label: string): void {
    const reason = this.#abortReason
    this.#abortReason = undefined
    if (reason !== undefined) throw new LoadError('ERR_LOAD_ABORTED', `${label} aborted the run: ${reason}`)
  }
}
