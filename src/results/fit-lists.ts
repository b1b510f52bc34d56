/** How much an entry of each list matters: the least goes first, and of equals the last. */
export type Ranks<Value, Name extends keyof Value> = {
  readonly [Key in Name]: (entry: Value[Key] extends readonly (infer Entry)[] ? Entry : never) => number
}

interface Fitting {
  readonly entries: readonly unknown[]
  /** Bytes of each entry's JSON, with the comma. */
  readonly bytes: readonly number[]
  /** Positions that are kept, the one that matters least at the end. */
  readonly kept: number[]
  total: number
}

/**
 * Shortens lists of a value until its JSON has no more than `maxBytes`: always the one that is the largest, so that a
 * small one is not the victim of a large one. What is kept stays in its order. Nothing but these lists is cut.
 */
export function fitLists<Value extends object, Name extends keyof Value & string>(
  value: Value,
  ranks: Ranks<Value, Name>,
  maxBytes: number,
): { fitted: Value; omitted: Record<Name, number> } {
  const names = Object.keys(ranks) as Name[]
  const lists = new Map(names.map((name) => [name, createFitting(value[name] as readonly unknown[], ranks[name])]))
  const all = [...lists.values()]
  const emptied = { ...value, ...Object.fromEntries(names.map((name) => [name, []])) }
  const room = maxBytes - bytesOf(emptied)
  while (all.reduce((sum, list) => sum + list.total, 0) > room) {
    const largest = all.reduce((left, right) => (right.total > left.total ? right : left))
    const dropped = largest.kept.pop()
    if (dropped === undefined) break
    largest.total -= largest.bytes[dropped] ?? 0
  }
  const left = [...lists].map(([name, list]): [Name, Fitting] => [name, list])
  const fitted = { ...value, ...Object.fromEntries(left.map(([name, list]) => [name, keptEntries(list)])) }
  const omitted = Object.fromEntries(left.map(([name, list]) => [name, list.entries.length - list.kept.length]))
  return { fitted, omitted: omitted as Record<Name, number> }
}

function createFitting(entries: readonly unknown[], rank: (entry: never) => number): Fitting {
  const bytes = entries.map((entry) => bytesOf(entry) + 1)
  const ranked = entries.map((entry, position) => ({ position, rank: rank(entry as never) }))
  const kept = ranked
    .toSorted((left, right) => (left.rank === right.rank ? left.position - right.position : right.rank - left.rank))
    .map(({ position }) => position)
  return { entries, bytes, kept, total: bytes.reduce((sum, size) => sum + size, 0) }
}

function keptEntries({ entries, kept }: Fitting): unknown[] {
  const positions = new Set(kept)
  return entries.filter((_, position) => positions.has(position))
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
