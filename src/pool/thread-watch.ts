/** What the watch needs of its surroundings. */
export interface ThreadWatchOptions {
  readonly now: () => number
  /** Asks a thread for a sign of life, to be reported by `heard`. */
  readonly ping: (thread: number) => void
  /** Called once for a thread that is too late; it has to be ended. */
  readonly onOverdue: (thread: number, cause: string) => void
}

interface Expectation {
  readonly what: string
  dueMs: number
}

const checkIntervalMs = 250
/** A thread that turns its event loop answers at once; below this, silence means nothing. */
const remarkableSilenceMs = 2000
/** What a thread gets beyond its time that still answers: it is busy with ending what it has. */
const patienceMs = 15_000
/** How long a thread may be silent where nothing else limits it: while it loads the spec, or in Vitest's own hooks. */
const silenceLimitMs = 60_000

/**
 * Watches from the main process that threads do in time what is expected of them. What a thread could do for itself with
 * a timer it does; but a loop that never awaits stops its timers as well, and only main can end such a thread.
 */
export class ThreadWatch {
  readonly #options: ThreadWatchOptions
  /** By thread, then by scenario. */
  readonly #expectations: Map<number, Map<string, Expectation>> = new Map()
  readonly #heardMs: Map<number, number> = new Map()
  #checkedMs: number = 0
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(options: ThreadWatchOptions) {
    this.#options = options
  }

  /** Starts to watch these threads. */
  begin(threads: readonly number[]): void {
    const nowMs = this.#options.now()
    this.#checkedMs = nowMs
    for (const thread of threads) this.#heardMs.set(thread, nowMs)
    this.#timer ??= setInterval(() => this.#check(), checkIntervalMs).unref()
  }

  end(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#heardMs.clear()
    this.#expectations.clear()
  }

  /** A thread has said something. */
  heard(thread: number): void {
    if (this.#heardMs.has(thread)) this.#heardMs.set(thread, this.#options.now())
  }

  /** A thread must be done with something of a scenario within a time, in place of what it had to do there before. */
  expect(thread: number, taskId: string, what: string, limitMs: number): void {
    const known = this.#expectations.get(thread) ?? new Map<string, Expectation>()
    known.set(taskId, { what, dueMs: this.#options.now() + limitMs })
    this.#expectations.set(thread, known)
  }

  /** Whether something of a scenario is expected of a thread. */
  expects(thread: number, taskId: string): boolean {
    return this.#expectations.get(thread)?.has(taskId) === true
  }

  /** Nothing of a scenario is expected of a thread any more. */
  release(thread: number, taskId: string): void {
    this.#expectations.get(thread)?.delete(taskId)
  }

  /** A thread has ended. */
  forget(thread: number): void {
    this.#heardMs.delete(thread)
    this.#expectations.delete(thread)
  }

  #check(): void {
    const nowMs = this.#options.now()
    const sinceLastMs = nowMs - this.#checkedMs
    this.#checkedMs = nowMs
    if (sinceLastMs > checkIntervalMs * 3) {
      this.#forgive(sinceLastMs - checkIntervalMs)
      return
    }
    for (const [thread, heardMs] of this.#heardMs) {
      const cause = this.#findCause(thread, nowMs, nowMs - heardMs)
      if (cause === undefined) {
        this.#options.ping(thread)
        continue
      }
      this.forget(thread)
      this.#options.onOverdue(thread, cause)
    }
  }

  /** Main was held up, or the whole process was: what the threads have said meanwhile is still to be read. */
  #forgive(gapMs: number): void {
    for (const thread of this.#heardMs.keys()) this.heard(thread)
    for (const known of this.#expectations.values()) {
      for (const expectation of known.values()) expectation.dueMs += gapMs
    }
  }

  #findCause(thread: number, nowMs: number, silentMs: number): string | undefined {
    const overdue = [...(this.#expectations.get(thread)?.values() ?? [])].find(({ dueMs }) => nowMs > dueMs)
    const blocked = `it has not answered for ${(silentMs / 1000).toFixed(1)} s: something in it blocks the event loop, such as a loop that never awaits`
    if (silentMs > silenceLimitMs) return blocked
    if (overdue === undefined) return undefined
    if (silentMs > remarkableSilenceMs) return blocked
    return nowMs > overdue.dueMs + patienceMs ? `${overdue.what} did not end in time` : undefined
  }
}
