import type { ErrorCategory } from '../shared/error-category.ts'
import { printable } from '../shared/text.ts'
import { detached, maxErrorRows, otherName, shortName } from './bounds.ts'

/** A failure as a protocol or the engine reports it. */
export interface Failure {
  readonly category: ErrorCategory
  /** What happened, without ids or values that differ from one occurrence to the next. */
  readonly message: string
}

/** Where and when a failure happened: enough to run that iteration again. */
export interface Exemplar {
  readonly vu: number
  readonly iteration: number
  readonly seed: number
  /** Among all iterations of the run, where the executor numbers them. */
  readonly globalIteration?: number
  /** Set where it happened in a hook (`before`, `setup`, …): there is no iteration to run again. */
  readonly inHook?: true
  /** Feeder name and row number, never the row: it may hold passwords. */
  readonly rows: Readonly<Record<string, number>>
  /** What the server answered, cut and cleaned; empty when there was no answer. */
  readonly response: string
  /** The trace id that the request carried (W3C Trace Context), where it had one. */
  readonly traceId?: string
  /** What was sent; absent where the failure is not a request's. */
  readonly request?: ExemplarRequest
}

/** A request as an exemplar keeps it: cut, cleaned and without credentials. */
export interface ExemplarRequest {
  readonly method: string
  readonly url: string
  /** Names and values as the request gave them, without what is added on the connection (`host`, cookies of the jar). */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The beginning of what was sent; empty where nothing was. */
  readonly body: string
}

/** Step and request in which a failure happened; empty where there is none. */
export interface Place {
  readonly step: string
  readonly request: string
  /** Whether it was in a hook: counted with the others in the end, but no example of what can be run again. */
  readonly hook?: boolean
}

/** Failures of one kind at one place since the last snapshot. */
export interface ErrorRow {
  readonly category: ErrorCategory
  readonly message: string
  readonly step: string
  readonly request: string
  count: number
  /** Milliseconds since the start of the load. */
  firstSeenMs: number
  lastSeenMs: number
  exemplar: Exemplar | undefined
}

const nowhere: Place = { step: '', request: '' }
const maxMessageLength = 300
/** Of a message as thrown, which may be a whole page. */
const maxKeptLength = 1000

/** A bounded table of failures: over the bound, everything of a category goes to one `other` row. */
export class ErrorTable {
  overflowed: number = 0
  #rows: Map<string, ErrorRow> = new Map()
  readonly #known: Set<string> = new Set()
  /** By what was thrown: looking for credentials costs microseconds, and most failures say what another one said. */
  readonly #messages: Map<string, string> = new Map()

  /** Counts a failure; `exemplar` is called for the first of its row only. */
  add(failure: Failure, at: Place, atMs: number, exemplar: () => Exemplar): void {
    const message = this.#printable(failure.message)
    const place: Place = { step: shortName(at.step), request: shortName(at.request) }
    const name = `${failure.category}\n${message}\n${place.step}\n${place.request}`
    const key = at.hook === true ? `${name}\nhook` : name
    if (this.#known.has(key) || this.#known.size < maxErrorRows) {
      this.#count(key, { ...failure, message }, place, atMs, exemplar)
      return
    }
    this.overflowed += 1
    this.#count(`${failure.category}\n${otherName}`, { ...failure, message: otherName }, nowhere, atMs, exemplar)
  }

  /** The rows since the last call. */
  drain(): ErrorRow[] {
    const rows = [...this.#rows.values()]
    this.#rows = new Map()
    return rows
  }

  #printable(thrown: string): string {
    const known = this.#messages.get(thrown)
    if (known !== undefined) return known
    const message = detached(printable(thrown, maxMessageLength))
    if (this.#messages.size < maxErrorRows && thrown.length < maxKeptLength)
      this.#messages.set(detached(thrown), message)
    return message
  }

  #count(key: string, failure: Failure, place: Place, atMs: number, exemplar: () => Exemplar): void {
    const row = this.#rows.get(key)
    if (row !== undefined) {
      row.count += 1
      row.lastSeenMs = atMs
      return
    }
    const isNew = !this.#known.has(key)
    this.#known.add(key)
    this.#rows.set(key, {
      ...failure,
      ...place,
      count: 1,
      firstSeenMs: atMs,
      lastSeenMs: atMs,
      exemplar: isNew ? exemplar() : undefined,
    })
  }
}
