/** A typed key under which a layer above keeps its own object on a session (a protocol its client, for example). */
export interface Slot<T> {
  readonly key: symbol
  /** Never set: carries the type of the value from `defineSlot` to `session.get`. */
  readonly type?: T
}

/** Declares a slot once, at module level. */
export function defineSlot<T>(name: string): Slot<T> {
  return { key: Symbol(name) }
}
