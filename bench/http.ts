import { parseArgs } from 'node:util'
import { judgeWorkload } from './http/budgets.ts'
import { createContenders, names, type Contender, type Cost } from './http/contenders.ts'
import { requestsPerIteration, workloads, type Round, type Workload } from './http/workloads.ts'
import { isPinned, startServer } from './support/children.ts'
import { removeResults } from './support/fixture.ts'
import { markdownTable } from './support/markdown.ts'
import { profileGenerator } from './support/profile.ts'
import { publish, reportOptions, sampleOthers, type Budget } from './support/report.ts'
import { ratiosTo, spreadOf } from './support/statistics.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    /** Requests in each measurement. */
    requests: { type: 'string', default: '200000' },
    workload: { type: 'string', multiple: true, default: [...workloads] },
    /** Part of the names of those that run; the baseline always does. */
    only: { type: 'string', multiple: true, default: [''] },
    ...reportOptions,
  },
})

const warmupShare = 0.3
const megabyte = 1_000_000

type Samples = ReadonlyMap<Contender, Cost[]>

function roundOf(workload: Workload, url: string, share: number): Round {
  const iterations = Math.ceil((Number(flags.requests) * share) / requestsPerIteration[workload])
  return { workload, url, iterations, warmup: Math.ceil(iterations * warmupShare) }
}

/** Runs everything once per round, in turn, so that a noisy minute hits all alike. */
async function measureWorkload(workload: Workload, contenders: readonly Contender[], url: string): Promise<Samples> {
  const samples = new Map<Contender, Cost[]>(contenders.map((contender) => [contender, []]))
  for (let number = 1; number <= Number(flags.rounds); number++) {
    const figures: string[] = []
    for (const [contender, costs] of samples) {
      const cost = await contender.measure(roundOf(workload, url, contender.share))
      costs.push(cost)
      figures.push(`${contender.name} ${cost.cpuUs.toFixed(1)}`)
    }
    console.error(`${workload}, round ${number}: ${figures.join(', ')}`)
  }
  return samples
}

function cpuTimesOf(samples: Samples): Map<string, readonly number[]> {
  return new Map([...samples].map(([{ name }, costs]) => [name, costs.map(({ cpuUs }) => cpuUs)]))
}

function renderWorkload(workload: Workload, samples: Samples): string {
  const times = cpuTimesOf(samples)
  const ratioTo = (name: string, values: readonly number[]): string => {
    const base = times.get(name)
    return base === undefined ? '–' : `${ratiosTo(base, values).median.toFixed(2)} ×`
  }
  const rows = [...samples].map(([{ name }, costs]) => {
    const values = times.get(name) ?? []
    const { median, min, max } = spreadOf(values)
    const ratio = ratiosTo(times.get(names.bare) ?? [], values)
    const peak = spreadOf(costs.map(({ peakBytes }) => peakBytes / megabyte))
    return [
      name,
      median.toFixed(1),
      `${min.toFixed(1)}–${max.toFixed(1)}`,
      `${ratio.median.toFixed(2)} ×`,
      `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
      ratioTo(names.k6, values),
      ratioTo(names.autocannon, values),
      peak.median.toFixed(0),
    ]
  })
  const head = ['generator', 'µs per request', 'min–max', 'to bare', 'min–max', 'to k6', 'to autocannon', 'peak MB']
  return `### ${workload}\n\n${markdownTable(head, rows)}`
}

/** Judges, and profiles the engine when something is over the budget. */
async function judge(workload: Workload, samples: Samples, url: string): Promise<Budget[]> {
  const times = cpuTimesOf(samples)
  const judged = judgeWorkload(workload, times, undefined)
  if (judged.every(({ isMet }) => isMet)) return judged
  const round = JSON.stringify(roundOf(workload, url, 1))
  return judgeWorkload(workload, times, await profileGenerator(new URL('http/engine.ts', import.meta.url), [round]))
}

const chosen = workloads.filter((workload) => flags.workload.includes(workload))
const contenders = createContenders().filter(
  ({ name }) => name === names.bare || flags.only.some((part) => name.includes(part)),
)
const others = await sampleOthers()
const server = await startServer(new URL('http/server.ts', import.meta.url))
const sections: string[] = []
const budgets: Budget[] = []
try {
  for (const workload of chosen) {
    const samples = await measureWorkload(workload, contenders, server.url)
    sections.push(renderWorkload(workload, samples))
    budgets.push(...(await judge(workload, samples, server.url)))
  }
} finally {
  await server.stop()
  await removeResults()
}
const pinning = isPinned ? 'server on one core, generator on another' : 'not pinned to cores'
await publish(
  {
    name: 'http',
    title: 'What a request costs',
    conditions: `CPU time of the generator, user and system; ${pinning}; ${flags.rounds} rounds of ${flags.requests} requests, Artillery a tenth of them`,
    sections,
    budgets,
  },
  others,
  flags,
)
