/**
 * Divides `total` whole things by weight, so that the parts together are the total exactly: by the method of Webster and
 * Sainte-Laguë, each next thing goes where it is due most. A part never gets smaller when the total grows – with largest
 * remainders it may (the "Alabama paradox"), and a ramp upwards would send users away.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const parts = weights.map((weight) => Math.round((total * weight) / sum))
  let left = total - parts.reduce((all, part) => all + part, 0)
  for (; left > 0; left--) {
    const next = indexOfBest(weights, (weight, index) => weight / (2 * (parts[index] ?? 0) + 1))
    parts[next] = (parts[next] ?? 0) + 1
  }
  for (; left < 0; left++) {
    // Of equals the last one goes: the first of them came first.
    const last =
      weights.length -
      1 -
      indexOfBest(weights.toReversed(), (weight, index) => {
        const part = parts[weights.length - 1 - index] ?? 0
        return part === 0 ? Number.NEGATIVE_INFINITY : -weight / (2 * part - 1)
      })
    parts[last] = (parts[last] ?? 0) - 1
  }
  return parts
}

/** The lowest total of which every part gets at least one. */
export function leastForAll(weights: readonly number[]): number {
  const lowest = Math.min(...weights)
  // So many of each come before, or together with, the first of the lightest.
  return weights.reduce((sum, weight) => sum + Math.floor((weight / lowest + 1) / 2), 0)
}

function indexOfBest(weights: readonly number[], merit: (weight: number, index: number) => number): number {
  const merits = weights.map(merit)
  return merits.indexOf(Math.max(...merits))
}
