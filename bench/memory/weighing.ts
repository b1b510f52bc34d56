/** What is alive after so many requests, in bytes. */
export interface Weighing {
  readonly requests: number
  readonly thread: number
  /** Where the figures of all threads are merged. */
  readonly main: number
}

/** How much more may be alive at the end than at the base. */
export const toleratedBytes = 2_000_000

/** By how much the one of both grew that grew more. */
export function growthOf(base: Weighing, last: Weighing): number {
  return Math.max(last.thread - base.thread, last.main - base.main)
}
