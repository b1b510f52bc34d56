import type { Budget } from '../support/report.ts'
import { ratiosTo, type Spread } from '../support/statistics.ts'
import { names } from './contenders.ts'
import type { Workload } from './workloads.ts'

/** Up to how many times the CPU time of another contender a request may take. */
const limits: Readonly<Record<Workload, readonly (readonly [other: keyof typeof names, limit: number])[]>> = {
  'one-request': [
    ['bare', 1.25],
    ['k6', 0.25],
  ],
  'shop-flow': [
    ['bare', 1.5],
    ['k6', 0.33],
    ['autocannon', 1.1],
  ],
}

/** CPU times for each request in microseconds, a value for each round, by name of the contender. */
export type CpuTimes = ReadonlyMap<string, readonly number[]>

/**
 * Judges what a user runs. It contains the engine: where the difference of two lengths says that it takes less than the
 * engine alone, that is noise, and the engine counts.
 */
export function judgeWorkload(workload: Workload, times: CpuTimes, profile: string | undefined): Budget[] {
  return limits[workload].flatMap(([other, limit], index) => {
    const base = times.get(names[other])
    if (base === undefined) return []
    const all = [names.vitest, names.engine].flatMap((name) => {
      const ours = times.get(name)
      return ours === undefined ? [] : [{ name, ratio: ratiosTo(base, ours) }]
    })
    if (all.length === 0) return []
    return [
      {
        order: (workload === 'one-request' ? 10 : 20) + index,
        what: `CPU per request, ${workload}, to ${names[other]}`,
        budget: `≤ ${limit.toFixed(2)} ×`,
        measured: all.map(({ name, ratio }) => `${name} ${describe(ratio)}`).join('; '),
        isMet: Math.max(...all.map(({ ratio }) => ratio.median)) <= limit,
        ...(profile === undefined ? {} : { profile }),
      },
    ]
  })
}

function describe({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} × (${min.toFixed(2)}–${max.toFixed(2)})`
}
