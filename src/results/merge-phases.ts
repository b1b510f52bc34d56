import { phaseLayout } from '../metrics/buckets.ts'
import { LatencyHistogram } from '../metrics/histogram.ts'
import type { RunResult } from './run-result.ts'
import type { SeriesTotals } from './run-totals.ts'

/** The phases of several series as one distribution each, by name: in the order of the first series that has them. */
export function mergePhases(all: readonly SeriesTotals[]): Pick<RunResult, 'phases'> {
  const merged = new Map<string, LatencyHistogram>()
  for (const { phaseNames, phases } of all) {
    for (const [index, name] of phaseNames.entries()) {
      const histogram = merged.get(name) ?? new LatencyHistogram(phaseLayout)
      const own = phases[index]
      if (own !== undefined) histogram.merge(own)
      merged.set(name, histogram)
    }
  }
  const measured = [...merged].filter(([, { count }]) => count > 0)
  if (measured.length === 0) return {}
  return { phases: Object.fromEntries(measured.map(([name, histogram]) => [name, histogram.summary()])) }
}
