import { randomInt } from 'node:crypto'
import type { Vitest } from 'vitest/node'

/** What all scenarios of one start share. */
export interface RunIdentity {
  readonly runId: string
  readonly seed: number
}

const identities = new WeakMap<Vitest, RunIdentity>()

/** The identity of the current start; every rerun in watch mode has its own. */
export function runIdentity(vitest: Vitest): RunIdentity {
  const known = identities.get(vitest)
  if (known !== undefined) return known
  const created = { runId: `${Date.now().toString(36)}${randomInt(36 ** 4).toString(36)}`, seed: randomInt(2 ** 32) }
  if (!watched.has(vitest)) {
    watched.add(vitest)
    vitest.onTestsRerun(() => {
      identities.delete(vitest)
    })
  }
  identities.set(vitest, created)
  return created
}

const watched = new WeakSet<Vitest>()
