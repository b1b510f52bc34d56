import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { baseline, createContenders, type Contender } from './http/contenders.ts'
import { requestsPerIteration, workloads, type Workload } from './http/workloads.ts'
import { isPinned, startServer } from './support/children.ts'
import { removeResults } from './support/fixture.ts'
import { describeMachine, markdownTable } from './support/markdown.ts'
import { ratiosTo, spreadOf } from './support/statistics.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    /** Requests in each measurement. */
    requests: { type: 'string', default: '200000' },
    workload: { type: 'string', multiple: true, default: [...workloads] },
    /** Part of the names of those that run; the baseline always does. */
    only: { type: 'string', multiple: true, default: [''] },
    write: { type: 'boolean', default: false },
  },
})

const warmupShare = 0.3

type Samples = ReadonlyMap<Contender, number[]>

/** Runs everything once per round, in turn, so that a noisy minute hits all alike. */
async function measureWorkload(workload: Workload, contenders: readonly Contender[], url: string): Promise<Samples> {
  const samples = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]))
  const iterations = Math.ceil(Number(flags.requests) / requestsPerIteration[workload])
  const round = { workload, url, iterations, warmup: Math.ceil(iterations * warmupShare) }
  for (let number = 1; number <= Number(flags.rounds); number++) {
    const figures: string[] = []
    for (const [contender, values] of samples) {
      const microseconds = await contender.measure(round)
      values.push(microseconds)
      figures.push(`${contender.name} ${microseconds.toFixed(1)}`)
    }
    console.error(`${workload}, round ${number}: ${figures.join(', ')}`)
  }
  return samples
}

function renderWorkload(workload: Workload, samples: Samples): string {
  const bare = [...samples].find(([contender]) => contender.name === baseline)?.[1] ?? []
  const rows = [...samples].map(([{ name }, values]) => {
    const { median, min, max } = spreadOf(values)
    const ratio = ratiosTo(bare, values)
    const range = `${min.toFixed(1)}–${max.toFixed(1)}`
    return [
      name,
      median.toFixed(1),
      range,
      `${ratio.median.toFixed(2)} ×`,
      `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
    ]
  })
  const head = ['generator', 'µs per request', 'min–max', 'to bare', 'min–max']
  return `### ${workload}\n\n${markdownTable(head, rows)}`
}

const chosen = workloads.filter((workload) => flags.workload.includes(workload))
const contenders = createContenders().filter(
  ({ name }) => name === baseline || flags.only.some((part) => name.includes(part)),
)
const server = await startServer(new URL('http/server.ts', import.meta.url))
const sections: string[] = []
try {
  for (const workload of chosen) {
    const section = renderWorkload(workload, await measureWorkload(workload, contenders, server.url))
    console.log(`${section}\n`)
    sections.push(section)
  }
} finally {
  await server.stop()
  await removeResults()
}
const pinning = isPinned ? 'server on one core, generator on another' : 'not pinned to cores'
const conditions = `${describeMachine()}; ${pinning}; ${flags.rounds} rounds of ${flags.requests} requests.`
console.log(conditions)
if (flags.write) {
  const text = `# Results\n\nCPU time of the generator, user and system. ${conditions}\n\n${sections.join('\n\n')}\n`
  await writeFile(new URL('RESULTS.md', import.meta.url), text)
}
