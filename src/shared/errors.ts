import type { ErrorCategory } from './error-category.ts'

/**
 * Every code a `LoadError` can carry. Codes are stable: match on them, not on the text. `docs/errors.md` explains each.
 */
export const loadErrorCodes = [
  'ERR_LOAD_OPTIONS',
  'ERR_LOAD_URL',
  'ERR_LOAD_TARGET',
  'ERR_LOAD_CONTEXT',
  'ERR_LOAD_COLLECTION',
  'ERR_LOAD_DATA',
  'ERR_LOAD_DATA_EXHAUSTED',
  'ERR_LOAD_REQUEST',
  'ERR_LOAD_UNEXPECTED_STATUS',
  'ERR_LOAD_EXTRACTION',
  'ERR_LOAD_SCHEMA',
  'ERR_LOAD_ABORTED',
  'ERR_LOAD_VU_FAIL',
  'ERR_LOAD_HOOK',
  'ERR_LOAD_THREAD',
  'ERR_LOAD_RUN',
  'ERR_LOAD_UNSUPPORTED',
  'ERR_LOAD_INTERNAL',
] as const

/** A stable code of a `LoadError`. */
export type LoadErrorCode = (typeof loadErrorCodes)[number]

/**
 * Base class of every error that vitest-load throws itself.
 * The text reads `<what failed>: <why, with the received value>. <what to do>.`
 */
export class LoadError extends Error {
  /** Stable identifier; see `loadErrorCodes`. */
  readonly code: LoadErrorCode

  constructor(code: LoadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = 'LoadError'
  }
}

/** What a `CategorisedError` knows besides its text. */
export interface CategorisedErrorOptions extends ErrorOptions {
  /** Set when the failure is in the error table already, so that whoever catches the error does not count it again. */
  readonly counted?: boolean
  /** What the error table says of it, where the error's own text differs from one answer to the next. */
  readonly row?: FailureRow
}

/** A failure as the error table has it: equal ones are one row. */
export interface FailureRow {
  readonly message: string
  /** The beginning of the answer, for the row's exemplar. */
  readonly excerpt: string
}

/** A failure of the system under test, thrown into a scenario body: the category says where reports count it. */
export class CategorisedError extends LoadError {
  readonly category: ErrorCategory
  /** Whether the failure has been counted in the error table already. */
  readonly counted: boolean
  /** Private, because Vitest prints every member of an error. */
  readonly #row: FailureRow | undefined

  constructor(code: LoadErrorCode, category: ErrorCategory, message: string, options?: CategorisedErrorOptions) {
    super(code, message, options)
    this.category = category
    this.counted = options?.counted ?? false
    this.#row = options?.row
  }

  /** What the error table says of an error, where that is not its own text. */
  static rowOf(error: object): FailureRow | undefined {
    return #row in error ? error.#row : undefined
  }
}

/** What is left of an error after it crossed a thread: `structuredClone` drops class, name and own fields. */
export interface SerializedLoadError {
  readonly code: string
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
}

/** The text of anything thrown: whatever it is made of, getters that throw included, asking for it never throws. */
export function messageOf(thrown: unknown): string {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : thrown
    return typeof message === 'string' ? message : String(message)
  } catch {
    return 'something was thrown that cannot be shown'
  }
}

/** The name of an error; asking for it never throws. */
export function nameOf(error: Error): string {
  try {
    const name: unknown = error.name
    return typeof name === 'string' ? name : 'Error'
  } catch {
    return 'Error'
  }
}

/** Turns anything thrown into plain data that survives `postMessage`. */
export function serializeError(thrown: unknown): SerializedLoadError {
  const error = thrown instanceof Error ? thrown : new Error(messageOf(thrown))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { code, name: error.name, message: messageOf(error), stack: error.stack }
}

/** Rebuilds an `Error` from `serializeError`'s output, keeping name, code and stack. */
export function deserializeError(data: SerializedLoadError): Error {
  const error = new Error(data.message)
  error.name = data.name
  if (data.stack !== undefined) error.stack = data.stack
  return Object.assign(error, { code: data.code })
}

/** Marks our own bugs: throws `ERR_LOAD_INTERNAL` when an assumption of this package does not hold. */
export function invariant(condition: unknown, assumption: string): asserts condition {
  if (condition) return
  throw new LoadError(
    'ERR_LOAD_INTERNAL',
    `vitest-load broke its own assumption: ${assumption}. This is a bug in vitest-load: please report it.`,
  )
}

/** Throws one `ERR_LOAD_OPTIONS` error that lists every problem, so that a user fixes them in one go. */
export function throwProblems(what: string, problems: readonly string[]): void {
  if (problems.length === 0) return
  const noun = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  throw new LoadError('ERR_LOAD_OPTIONS', `${what}: ${noun}.\n${problems.map((line) => `  - ${line}`).join('\n')}`)
}
