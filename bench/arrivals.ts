import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { ArrivalsArguments, ArrivalsResult } from './arrivals/generator.ts'
import { runGenerator, startServer } from './support/children.ts'
import { describeMachine, markdownTable } from './support/markdown.ts'
import { percentileOf } from './support/statistics.ts'

const { values: flags } = parseArgs({
  options: {
    /** Arrivals per second. */
    rate: { type: 'string', multiple: true, default: ['100', '1000', '5000', '10000'] },
    seconds: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
  },
})

const here = (path: string): URL => new URL(path, import.meta.url)

async function run(load: ArrivalsArguments['load'], path: string): Promise<ArrivalsResult> {
  // A server of its own for each: the stall counts from its first request.
  const server = await startServer(here('arrivals/server.ts'))
  try {
    return (await runGenerator(here('arrivals/generator.ts'), [
      JSON.stringify({ url: server.url, path, load }),
    ])) as ArrivalsResult
  } finally {
    await server.stop()
  }
}

const timers = ['coarse', 'precise'] as const

async function measureRates(): Promise<string> {
  const rows: string[][] = []
  // Side by side for each rate, so that a change of the machine meets both.
  for (const [rate, timer] of flags.rate.map(Number).flatMap((each) => timers.map((name) => [each, name] as const))) {
    const { started, dropped, lag, cpuUs } = await run({ rate, timer, duration: `${flags.seconds}s` }, '/')
    rows.push([
      `${rate.toLocaleString('en')}/s`,
      timer,
      (started + dropped).toLocaleString('en'),
      dropped.toLocaleString('en'),
      lag.p50.toFixed(2),
      lag.p90.toFixed(2),
      lag.p99.toFixed(2),
      cpuUs.toFixed(0),
      ((cpuUs * started) / Number(flags.seconds) / 10_000).toFixed(0),
    ])
    console.error(rows.at(-1)?.join(', '))
  }
  return markdownTable(
    ['rate', 'timer', 'planned', 'dropped', 'start lag p50, ms', 'p90', 'p99', 'CPU µs each', '% of a core'],
    rows,
  )
}

const stallRate = 200
const stallSeconds = 10

/** Latency from the planned start, where a request ends 1 ms after it, or with the stall. */
function trueLatencies(): number[] {
  return Array.from({ length: stallRate * stallSeconds }, (_, index) => (index * 1000) / stallRate)
    .map((atMs) => (atMs >= 4000 && atMs < 6000 ? 6000 - atMs : 1))
    .toSorted((left, right) => left - right)
}

async function measureStall(): Promise<string> {
  const load = { rate: stallRate, duration: `${stallSeconds}s` }
  const truth = trueLatencies()
  const rows = [
    ['truth', '2,000', '0', ...[50, 90, 99, 100].map((percentile) => percentileOf(truth, percentile).toFixed(1))],
  ]
  for (const [name, options] of [
    ['default options', load],
    ['maxVUs: 10', { ...load, maxVUs: 10 }],
  ] as const) {
    const { started, dropped, latency } = await run(options, '/stall')
    const figures = [latency.p50, latency.p90, latency.p99, latency.max].map((value) => value.toFixed(1))
    rows.push([name, started.toLocaleString('en'), dropped.toLocaleString('en'), ...figures])
  }
  return markdownTable(['', 'sent', 'dropped', 'p50, ms', 'p90', 'p99', 'max'], rows)
}

const rates = await measureRates()
const stall = await measureStall()
const text = `### Rates, one thread, ${flags.seconds} s each; start lag after the first second\n\n${rates}\n\n### A server that stalls for 2 s, 200/s for 10 s\n\n${stall}\n\n${describeMachine()}.`
console.log(text)
if (flags.write) await writeFile(here('RESULTS-arrivals.md'), `# Open loads\n\n${text}\n`)
