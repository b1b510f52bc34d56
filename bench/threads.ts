import { parseArgs } from 'node:util'
import { removeResults, runSpec, takeResult } from './support/fixture.ts'
import { markdownTable } from './support/markdown.ts'
import { publish, reportOptions, sampleOthers } from './support/report.ts'
import { ratiosTo, spreadOf } from './support/statistics.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    ...reportOptions,
  },
})

const vus = 100
const limitRatio = 1.8
const threadCounts = [1, 2] as const

/** What one run came to, Vitest's main process included. */
interface Sample {
  readonly perSecond: number
  /** User and system time of the whole command for each iteration. */
  readonly cpuUs: number
  /** How many cores it had on average, from the command to its end. */
  readonly cores: number
}

async function measure(threads: number): Promise<Sample> {
  const size = { LOAD_VUS: String(vus), LOAD_DURATION: `${flags.seconds}s`, LOAD_THREADS: String(threads) }
  const startedAt = performance.now()
  const { cpuMs } = await runSpec('threads.spec.ts', size)
  const elapsedMs = performance.now() - startedAt
  const { iterations, verdict, reasons } = await takeResult()
  if (verdict !== 'pass') throw new Error(`The load on ${threads} threads was ${verdict}: ${reasons.join('; ')}.`)
  return { perSecond: iterations.perSecond, cpuUs: (cpuMs * 1000) / iterations.ok, cores: cpuMs / elapsedMs }
}

const others = await sampleOthers()
await removeResults()
try {
  const samples = new Map<number, Sample[]>(threadCounts.map((threads) => [threads, []]))
  for (let round = 1; round <= Number(flags.rounds); round++) {
    for (const [threads, all] of samples) all.push(await measure(threads))
    console.error(
      `round ${round}: ${[...samples.values()].map((all) => all.at(-1)?.perSecond.toFixed(0)).join(', ')}/s`,
    )
  }
  const ratesOf = (threads: number): number[] => (samples.get(threads) ?? []).map(({ perSecond }) => perSecond)
  const ratio = ratiosTo(ratesOf(1), ratesOf(2))
  const range = `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`
  const rows = [...samples].map(([threads, all]) => {
    const { median, min, max } = spreadOf(ratesOf(threads))
    return [
      `${threads}`,
      median.toFixed(0),
      `${min.toFixed(0)}–${max.toFixed(0)}`,
      `${ratiosTo(ratesOf(1), ratesOf(threads)).median.toFixed(2)} ×`,
      spreadOf(all.map(({ cpuUs }) => cpuUs)).median.toFixed(1),
      spreadOf(all.map(({ cores }) => cores)).median.toFixed(2),
    ]
  })
  const table = markdownTable(
    ['threads', 'iterations per second', 'min–max', 'to one', 'CPU µs each', 'cores used'],
    rows,
  )
  const isMet = ratio.median >= limitRatio
  await publish(
    {
      name: 'threads',
      title: 'Two threads',
      conditions: `\`vitest run\`, ${vus} VUs for ${flags.seconds} s, answers from within the thread, its main process beside it; medians of ${flags.rounds} rounds`,
      sections: [table],
      budgets: [
        {
          order: 80,
          what: 'two threads against an in-process dispatcher, to one',
          budget: `≥ ${limitRatio.toFixed(1)} ×`,
          measured: `${ratio.median.toFixed(2)} × (${range})`,
          isMet,
          ...(isMet ? {} : { profile: table }),
        },
      ],
    },
    others,
    flags,
  )
} finally {
  await removeResults()
}
