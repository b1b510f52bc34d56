import { performance } from 'node:perf_hooks'

/** Milliseconds of a monotonic clock: the platform's own, whatever a spec puts in place of `performance.now`. */
export const now: () => number = performance.now.bind(performance)
