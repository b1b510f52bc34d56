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

/** Iterations per second of the real thing. */
async function measure(threads: number): Promise<number> {
  const size = { LOAD_VUS: String(vus), LOAD_DURATION: `${flags.seconds}s`, LOAD_THREADS: String(threads) }
  await runSpec('threads.spec.ts', size)
  const { iterations, verdict, reasons } = await takeResult()
  if (verdict !== 'pass') throw new Error(`The load on ${threads} threads was ${verdict}: ${reasons.join('; ')}.`)
  return iterations.perSecond
}

const others = await sampleOthers()
await removeResults()
try {
  const samples = new Map<number, number[]>(threadCounts.map((threads) => [threads, []]))
  for (let round = 1; round <= Number(flags.rounds); round++) {
    for (const [threads, rates] of samples) rates.push(await measure(threads))
    console.error(`round ${round}: ${[...samples.values()].map((rates) => rates.at(-1)?.toFixed(0)).join(', ')}/s`)
  }
  const one = samples.get(1) ?? []
  const ratio = ratiosTo(one, samples.get(2) ?? [])
  const range = `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`
  const rows = [...samples].map(([threads, rates]) => {
    const { median, min, max } = spreadOf(rates)
    const toOne = `${ratiosTo(one, rates).median.toFixed(2)} ×`
    return [`${threads}`, median.toFixed(0), `${min.toFixed(0)}–${max.toFixed(0)}`, toOne]
  })
  await publish(
    {
      name: 'threads',
      title: 'Two threads',
      conditions: `\`vitest run\`, ${vus} VUs for ${flags.seconds} s, answers from within the thread, its main process beside it; medians of ${flags.rounds} rounds`,
      sections: [markdownTable(['threads', 'iterations per second', 'min–max', 'to one'], rows)],
      budgets: [
        {
          order: 80,
          what: 'two threads against an in-process dispatcher, to one',
          budget: `≥ ${limitRatio.toFixed(1)} ×`,
          measured: `${ratio.median.toFixed(2)} × (${range})`,
          isMet: ratio.median >= limitRatio,
        },
      ],
    },
    others,
    flags,
  )
} finally {
  await removeResults()
}
