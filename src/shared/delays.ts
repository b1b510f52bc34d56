import { longestMs } from './durations.ts'

/** A length of time, fixed or random, ready to be drawn. All in milliseconds. */
export type Delay =
  | { readonly distribution: 'uniform'; readonly minMs: number; readonly maxMs: number }
  | {
      readonly distribution: 'normal' | 'log-normal'
      readonly meanMs: number
      readonly deviationMs: number
      readonly maxMs?: number | undefined
    }
  | { readonly distribution: 'exponential'; readonly meanMs: number; readonly maxMs?: number | undefined }

/**
 * Draws from a delay, in milliseconds. What a distribution gives beyond 0 or the delay's maximum is set to that end,
 * which takes as many random numbers from every delay of a kind.
 *
 * @param random - gives numbers from 0 up to 1.
 */
export function drawDelay(delay: Delay, random: () => number): number {
  switch (delay.distribution) {
    case 'uniform':
      return delay.minMs + random() * (delay.maxMs - delay.minMs)
    case 'normal':
      return within(delay.meanMs + delay.deviationMs * drawNormal(random), delay.maxMs)
    case 'log-normal':
      return within(drawLogNormal(delay.meanMs, delay.deviationMs, random), delay.maxMs)
    case 'exponential':
      // Inverse transform (Devroye, "Non-Uniform Random Variate Generation", 1986, II.2); 1 − x, for x may be 0.
      return within(-delay.meanMs * Math.log(1 - random()), delay.maxMs)
  }
}

/** A normal variate of mean 0 and deviation 1, from two uniform ones (Box and Muller, 1958). */
function drawNormal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return radius * Math.cos(2 * Math.PI * random())
}

/**
 * The exponential of a normal variate whose mean µ and deviation σ follow from those of the delay itself (Johnson, Kotz and
 * Balakrishnan, "Continuous Univariate Distributions", 1994, chapter 14): σ² = ln(1 + (deviation ÷ mean)²), µ = ln mean − σ² ÷ 2.
 */
function drawLogNormal(meanMs: number, deviationMs: number, random: () => number): number {
  const variance = Math.log1p((deviationMs / meanMs) ** 2)
  return meanMs * Math.exp(Math.sqrt(variance) * drawNormal(random) - variance / 2)
}

function within(ms: number, maxMs: number = longestMs): number {
  return Math.min(Math.max(ms, 0), maxMs)
}
