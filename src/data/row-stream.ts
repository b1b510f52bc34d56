import { abortListeners } from '../shared/abort-listeners.ts'
import { LoadError, messageOf } from '../shared/errors.ts'

type Source<Row> = () => AsyncIterable<Row> | Iterable<Row>

/** A row with its number in the source. */
export interface NumberedRow<Row> {
  readonly index: number
  readonly row: Row
}

/** Which rows of its source a thread uses, and how far it runs ahead. */
export interface StreamShare {
  /** Number of the first, and the distance to the next: those of all threads together are each row once. */
  readonly first: number
  readonly step: number
  /** The rows are this thread's alone: none is left out, and the numbers only tell them apart. */
  readonly takesAll: boolean
  readonly prefetch: number
  /** Whether the source is called again when it has ended. */
  readonly recycles: boolean
}

/** Runs a source ahead of those who take rows from it, and waits for them in turn. */
export class RowStream<Row> {
  readonly #source: Source<Row>
  readonly #share: StreamShare
  readonly #ready: NumberedRow<Row>[] = []
  /** Who waits for a row, first come first served. */
  readonly #waiting: Set<() => void> = new Set()
  #resume: (() => void) | undefined
  #iterator: AsyncIterator<Row> | Iterator<Row> | undefined
  #closed: boolean = false
  #ended: boolean = false
  #failure: LoadError | undefined

  constructor(source: Source<Row>, share: StreamShare) {
    this.#source = source
    this.#share = share
    void this.#pump()
  }

  /**
   * Resolves when the first row is there, or when there will be none.
   *
   * @throws {LoadError} `ERR_LOAD_DATA` when the source failed, or took too long.
   */
  async whenReady(limitMs: number): Promise<void> {
    const limit = AbortSignal.timeout(limitMs)
    while (this.#ready.length === 0 && !this.#ended && !limit.aborted) await this.#wait(limit)
    if (this.#failure !== undefined) throw this.#failure
    if (this.#ready.length > 0 || this.#ended) return
    throw new LoadError(
      'ERR_LOAD_DATA',
      `The source of streamed() gave no row within ${limitMs / 1000} s. Let it begin sooner, or load the rows beforehand.`,
    )
  }

  /** The next row, as soon as it is there; `undefined` when there is none any more, or `signal` is aborted. */
  take(signal: AbortSignal): NumberedRow<Row> | undefined | Promise<NumberedRow<Row> | undefined> {
    if (this.#waiting.size > 0) return this.#takeLater(signal)
    const row = this.#shift()
    return row === undefined && !this.#ended ? this.#takeLater(signal) : row
  }

  /** Goes through the source anew for the row with a number, to run its iteration again. */
  async find(index: number): Promise<Row> {
    let current = 0
    for await (const row of this.#source()) if (current++ === index) return row
    throw new LoadError('ERR_LOAD_DATA', `The source of streamed() has no row number ${index} any more.`)
  }

  close(): void {
    this.#closed = true
    this.#ended = true
    this.#wakeAll()
    // Best effort: a source that hangs is told by its signal.
    void Promise.resolve(this.#iterator?.return?.()).catch(() => {})
  }

  async #takeLater(signal: AbortSignal): Promise<NumberedRow<Row> | undefined> {
    for (;;) {
      await this.#wait(signal)
      if (signal.aborted) return undefined
      const row = this.#shift()
      if (row !== undefined || this.#ended) return row
    }
  }

  /** @throws {LoadError} when the source failed: what it gave before is used first. */
  #shift(): NumberedRow<Row> | undefined {
    const row = this.#ready.shift()
    if (row === undefined && this.#failure !== undefined) throw this.#failure
    this.#resume?.()
    return row
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.add(resolve)
    const listeners = abortListeners(signal)
    listeners.add(resolve)
    if (signal.aborted) resolve()
    await promise
    listeners.delete(resolve)
    this.#waiting.delete(resolve)
  }

  get #isFull(): boolean {
    return this.#ready.length >= this.#share.prefetch && !this.#closed
  }

  async #pump(): Promise<void> {
    try {
      for (let round = 0, given = 1; (round === 0 || this.#share.recycles) && given > 0 && !this.#closed; round++)
        given = await this.#pumpRound()
    } catch (cause) {
      const message = `The source of streamed() failed: ${messageOf(cause)}`
      this.#failure = new LoadError('ERR_LOAD_DATA', message, { cause })
    }
    this.#ended = true
    this.#wakeAll()
  }

  /** Goes through the source once. How many rows it has given: none at all must not be asked for again and again. */
  async #pumpRound(): Promise<number> {
    const { first, step, takesAll } = this.#share
    let count = 0
    const rows = this.#source()
    this.#iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]()
    for (;;) {
      const next = await this.#iterator.next()
      if (next.done === true || this.#closed) return count
      const index = takesAll ? first + count * step : count
      count += 1
      if (!takesAll && index % step !== first) continue
      this.#ready.push({ index, row: next.value })
      this.#wakeOne()
      while (this.#isFull) await this.#whenTaken()
    }
  }

  async #whenTaken(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#resume = resolve
    await promise
    this.#resume = undefined
  }

  #wakeOne(): void {
    const [next] = this.#waiting
    if (next === undefined) return
    this.#waiting.delete(next)
    next()
  }

  #wakeAll(): void {
    this.#resume?.()
    for (const wake of this.#waiting) wake()
  }
}
