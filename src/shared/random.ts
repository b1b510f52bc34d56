/** The highest seed: seeds are 32-bit numbers. */
export const highestSeed = 0xffff_ffff

/** Mixes numbers and strings into one 32-bit seed (FNV-1a over the parts, then Murmur3's finaliser). */
export function mixSeed(...parts: readonly (number | string)[]): number {
  let hash = 0x811c9dc5
  for (const item of parts) {
    if (typeof item === 'number') {
      hash = Math.imul(hash ^ (item & 0xffff), 0x01000193)
      hash = Math.imul(hash ^ (item >>> 16), 0x01000193)
    } else {
      for (let index = 0; index < item.length; index++) hash = Math.imul(hash ^ item.charCodeAt(index), 0x01000193)
    }
    hash = Math.imul(hash ^ 0xff, 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A seeded generator of numbers in [0, 1): mulberry32, one 32-bit word of state. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Starts the sequence of another seed, so that one object serves every iteration of a VU. */
  reseed(seed: number): void {
    this.#state = seed >>> 0
  }

  /** The next number, 0 ≤ x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
