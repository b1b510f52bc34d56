import { parseArgs } from 'node:util'
import type { ReportingArguments, ReportingResult, Spent } from './reporting/main.ts'
import { runGenerator } from './support/children.ts'
import { markdownTable } from './support/markdown.ts'
import { profileGenerator } from './support/profile.ts'
import { publish, reportOptions, sampleOthers, type Budget } from './support/report.ts'
import { percentileOf } from './support/statistics.ts'

const { values: flags } = parseArgs({
  options: {
    threads: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '60' },
    /** Of each thread. The more there are, the more cells of the histograms change in a second. */
    requests: { type: 'string', multiple: true, default: ['500', '5000', '20000'] },
    ...reportOptions,
  },
})

/** The load that is judged. */
const judgedRate = 5000
const limitsMs = { thread: 5, main: 10 } as const

const script = new URL('reporting/main.ts', import.meta.url)

function argumentsOf(requestsPerSecond: number): string[] {
  const told: ReportingArguments = {
    threads: Number(flags.threads),
    seconds: Number(flags.seconds),
    requestsPerSecond,
  }
  return [JSON.stringify(told)]
}

/** CPU time, and median and p99 of the time it took, in milliseconds. */
function figuresOf({ cpuMs, elapsedMs }: Spent): [cpu: number, median: number, p99: number] {
  const sorted = elapsedMs.toSorted((left, right) => left - right)
  return [cpuMs, percentileOf(sorted, 50), percentileOf(sorted, 99)]
}

async function judge({ thread, main }: ReportingResult): Promise<Budget[]> {
  const isMet = thread.cpuMs <= limitsMs.thread && main.cpuMs <= limitsMs.main
  const profile = isMet ? undefined : await profileGenerator(script, argumentsOf(judgedRate))
  const row = (order: number, where: string, spent: Spent, limitMs: number): Budget => {
    const [cpuMs, median, p99] = figuresOf(spent).map((ms) => ms.toFixed(1))
    return {
      order,
      what: `merging and reporting at 100 series, per second, ${where}`,
      budget: `≤ ${limitMs} ms`,
      measured: `${cpuMs} ms of CPU at ${judgedRate.toLocaleString('en')} requests/s a thread; took ${median} ms, p99 ${p99} ms`,
      isMet: spent.cpuMs <= limitMs,
      ...(profile === undefined ? {} : { profile }),
    }
  }
  return [
    row(90, 'in a thread', thread, limitsMs.thread),
    row(91, `in main at ${flags.threads} threads`, main, limitsMs.main),
  ]
}

const others = await sampleOthers()
const rows: string[][] = []
const budgets: Budget[] = []
for (const rate of flags.requests.map(Number)) {
  const result = (await runGenerator(script, argumentsOf(rate))) as ReportingResult
  const figures = [...figuresOf(result.thread), ...figuresOf(result.main)].map((ms) => ms.toFixed(2))
  rows.push([rate.toLocaleString('en'), ...figures, (result.snapshotBytes / 1000).toFixed(0)])
  if (rate === judgedRate) budgets.push(...(await judge(result)))
}
const head = [
  'requests per second and thread',
  'thread, CPU ms',
  'took',
  'p99',
  'main, CPU ms',
  'took',
  'p99',
  'kB each',
]
await publish(
  {
    name: 'reporting',
    title: 'Merging and reporting',
    conditions: `CPU time per second at 100 series; thread: a snapshot and its sending; main: receiving, merging and showing those of ${flags.threads} threads; ${flags.seconds} seconds, simulated`,
    sections: [markdownTable(head, rows)],
    budgets,
  },
  others,
  flags,
)
