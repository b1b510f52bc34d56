import type { Reporter, TestProject, Vitest } from 'vitest/node'
import { poolName } from '../pool/load-pool-worker.ts'

/**
 * Names of the projects whose load a saved file would have started. On `globalThis`, because a restart evaluates the
 * configuration anew while Vitest keeps the filters of before; see `src/results/live.ts`.
 */
const heldKey = Symbol.for('vitest-load.held')
const registry = globalThis as { [heldKey]?: WeakMap<object, Set<string>> }

/**
 * In watch mode a saved file runs no load: nobody asked for it at that moment. The keys of Vitest's watch mode and its UI do,
 * and a sentence says so.
 */
export function keepOutOfReruns(vitest: Vitest, { name }: TestProject): void {
  if (!vitest.config.watch) return
  const held = heldOf(vitest)
  vitest.onFilterWatchedSpecification(({ project }) => {
    if (project.name !== name || project.config.pool !== poolName) return true
    held.add(name)
    // A rerun of nothing is no failure.
    vitest.config.passWithNoTests = true
    return false
  })
  const hint: Reporter = {
    onWatcherStart() {
      if (held.delete(name))
        vitest.logger.log(` Saving a file does not start the load of '${name}': press Enter to run it.\n`)
    },
  }
  vitest.config.reporters.push(hint)
}

function heldOf(vitest: Vitest): Set<string> {
  const all = (registry[heldKey] ??= new WeakMap())
  const held = all.get(vitest) ?? new Set()
  all.set(vitest, held)
  return held
}
