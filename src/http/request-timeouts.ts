import type { Failure } from '../metrics/error-table.ts'
import type { Duration } from '../shared/durations.ts'
import type { HttpConfig } from './config.ts'
import { isRecord, timeoutMsOf, UnusableOptions } from './request-checks.ts'

/** How long the parts of a request may take. Connecting has a time of its own, `connectTimeout` of the project. */
export interface TimeoutOptions {
  /** From the call to the last byte, redirects included. @default '60s' */
  readonly total?: Duration | undefined
  /**
   * From the start of a request, of which a redirect asks for another, to the headers of its answer: waiting for a
   * connection, connecting and sending included. @default none but `total`
   */
  readonly headers?: Duration | undefined
  /** Longest silence between two pieces of the answer's body. @default none but `total` */
  readonly body?: Duration | undefined
}

/** The timeouts of a request in milliseconds. */
export interface RequestTimeouts {
  readonly totalMs: number
  readonly headersMs: number | undefined
  readonly bodyMs: number | undefined
}

const members: ReadonlySet<string> = new Set(['total', 'headers', 'body'])

/** Names of the members of a timeout. */
export const timeoutNames: readonly string[] = [...members]

/** The timeouts of requests that have none of their own. */
export function configuredTimeouts(config: HttpConfig): RequestTimeouts {
  return { totalMs: config.timeoutMs, headersMs: config.headersTimeoutMs, bodyMs: config.bodyTimeoutMs }
}

/**
 * The timeouts of a request that has its own.
 *
 * @throws {UnusableOptions} for what is none.
 */
export function timeoutsOf(given: Duration | TimeoutOptions, defaults: RequestTimeouts): RequestTimeouts {
  if (!isRecord(given)) return { ...defaults, totalMs: usable(given as Duration) }
  for (const name in given) if (!members.has(name)) throw new UnusableOptions()
  const { total, headers, body } = given as TimeoutOptions
  return {
    totalMs: total === undefined ? defaults.totalMs : usable(total),
    headersMs: headers === undefined ? defaults.headersMs : usable(headers),
    bodyMs: body === undefined ? defaults.bodyMs : usable(body),
  }
}

function usable(value: Duration): number {
  const ms = timeoutMsOf(value)
  if (ms === undefined) throw new UnusableOptions()
  return ms
}

/** Deadlines of a request by what it waits for; only for one that has more than a total timeout. */
export class PhaseDeadlines {
  readonly #headersMs: number
  readonly #bodyMs: number
  /** The deadline of the whole. */
  totalAt: number
  #part: 'total' | 'headers' | 'body' = 'headers'

  constructor({ headersMs, bodyMs }: RequestTimeouts, totalAt: number) {
    this.#headersMs = headersMs ?? Number.POSITIVE_INFINITY
    this.#bodyMs = bodyMs ?? Number.POSITIVE_INFINITY
    this.totalAt = totalAt
  }

  /** The deadline of a request that starts. */
  started(atMs: number): number {
    return this.#earliest('headers', atMs + this.#headersMs)
  }

  /** The deadline of an answer of which something has come. */
  received(atMs: number): number {
    return this.#earliest('body', atMs + this.#bodyMs)
  }

  /** The deadline of an answer that is made to wait: its silence is ours. */
  halted(): number {
    this.#part = 'total'
    return this.totalAt
  }

  /** Time stood still. */
  postpone(byMs: number): void {
    this.totalAt += byMs
  }

  /** Why the request that was to be ready by the last deadline has failed; `undefined` for the total. */
  failure(): Failure | undefined {
    if (this.#part === 'total') return undefined
    return this.#part === 'headers'
      ? { category: 'timeout', message: `no headers of an answer within ${this.#headersMs} ms (timeout.headers)` }
      : { category: 'timeout', message: `nothing more of the body for ${this.#bodyMs} ms (timeout.body)` }
  }

  #earliest(part: 'headers' | 'body', at: number): number {
    this.#part = at < this.totalAt ? part : 'total'
    return Math.min(at, this.totalAt)
  }
}

/** The shortest time that a request may wait for something: how often to look. */
export function shortestOf({ totalMs, headersMs, bodyMs }: RequestTimeouts): number {
  return Math.min(totalMs, headersMs ?? totalMs, bodyMs ?? totalMs)
}
