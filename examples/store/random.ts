/** A sequence of numbers from 0 up to 1. */
export interface Random {
  next(): number
  /** Starts the sequence again. */
  reset(): void
}

/** Creates the sequence that belongs to `seed`, by mulberry32: the same numbers on every machine. */
export function createRandom(seed: number): Random {
  let state = seed
  return {
    next: () => {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
    reset: () => {
      state = seed
    },
  }
}
