/** On `globalThis`, because Vite may load this module more than once; see `src/results/live.ts`. */
const claimsKey = Symbol.for('vitest-load.reporter')
const registry = globalThis as { [claimsKey]?: WeakMap<object, object> }

/**
 * Makes `reporter` the one that prints for a Vitest instance, unless there is one already: every load project's plugin
 * adds a reporter, and a user may have added another. Returns whether it is the one.
 */
export function claimOutput(vitest: object, reporter: object): boolean {
  const claims = (registry[claimsKey] ??= new WeakMap())
  const holder = claims.get(vitest)
  if (holder === undefined) claims.set(vitest, reporter)
  return holder === undefined || holder === reporter
}

/** Lets another reporter print for a Vitest instance, as one made when its server restarts. */
export function releaseOutput(vitest: object, reporter: object): void {
  const claims = registry[claimsKey]
  if (claims?.get(vitest) === reporter) claims.delete(vitest)
}
