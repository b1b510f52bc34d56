/**
 * A map that forgets: it keeps at least the `capacity` entries used last, and never more than twice as many.
 *
 * Two generations do this at the price of a plain map. Evicting the first key of one large `Map` instead gets slower
 * the more were deleted before it, because V8 walks over the holes.
 */
export class RecentMap<Key, Value extends object> {
  readonly #capacity: number
  #young: Map<Key, Value> = new Map()
  #old: Map<Key, Value> = new Map()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value)
    if (this.#young.size < this.#capacity) return
    this.#old = this.#young
    this.#young = new Map()
  }

  delete(key: Key): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
