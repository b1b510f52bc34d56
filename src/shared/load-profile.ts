/** How high a load is planned to be over its time, at even distances: what a picture of it is drawn from. */
export interface LoadProfile {
  /** What `levels` count: virtual users, or iterations started per second. */
  readonly unit: 'VUs' | 'per second'
  /** The highest level of each part of the time. */
  readonly levels: readonly number[]
  /** How long it lasts, in milliseconds; `undefined` where the number of iterations decides. */
  readonly durationMs: number | undefined
}
