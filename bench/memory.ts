import { parseArgs } from 'node:util'
import { weighEngine } from './memory/engine.ts'
import { weighPool } from './memory/pool.ts'
import { growthOf, toleratedBytes, type Weighing } from './memory/weighing.ts'
import { markdownTable } from './support/markdown.ts'
import { publish, reportOptions, sampleOthers, type Budget } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    /** Millions of requests at which the heaps are weighed. */
    engine: { type: 'string', default: '0.5,1,2,3,4,5' },
    pool: { type: 'string', default: '0.2,0.4,0.6,0.8,1' },
    /** What growth is counted from, in millions. */
    'engine-base': { type: 'string', default: '1' },
    'pool-base': { type: 'string', default: '0.2' },
    only: { type: 'string', multiple: true, default: ['engine', 'pool'] },
    ...reportOptions,
  },
})

const million = 1_000_000

interface Part {
  readonly name: 'engine' | 'pool'
  readonly title: string
  readonly weigh: (checkpoints: readonly number[]) => Promise<Weighing[]>
}

const parts: readonly Part[] = [
  { name: 'engine', title: 'Engine and HTTP client in a thread, answers from the process', weigh: weighEngine },
  { name: 'pool', title: '`vitest run`, one thread, a server on loopback', weigh: weighPool },
]

function render(weighings: readonly Weighing[], base: Weighing): string {
  const megabytes = (bytes: number): string => (bytes / million).toFixed(2)
  const signed = (bytes: number): string => `${bytes < 0 ? '−' : '+'}${megabytes(Math.abs(bytes))}`
  const rows = weighings.map(({ requests, thread, main }) => [
    `${requests / million} M`,
    megabytes(thread),
    signed(thread - base.thread),
    megabytes(main),
    signed(main - base.main),
  ])
  return markdownTable(['requests', 'load thread, MB', 'growth', 'main, MB', 'growth'], rows)
}

async function measure({ name, title, weigh }: Part): Promise<{ section: string; budget: Budget }> {
  const checkpoints = flags[name].split(',').map((text) => Math.round(Number(text) * million))
  const baseRequests = Number(flags[`${name}-base`]) * million
  const weighings = await weigh(checkpoints)
  const [base, last] = [weighings.find(({ requests }) => requests === baseRequests), weighings.at(-1)]
  if (base === undefined || last === undefined)
    throw new Error(`${name}: nothing was weighed at ${baseRequests} requests.`)
  const growth = growthOf(base, last)
  const budget: Budget = {
    order: name === 'engine' ? 40 : 41,
    what: `heap at ${base.requests / million} and at ${last.requests / million} million requests, ${name === 'engine' ? 'engine' : '`vitest run`'}`,
    budget: `≤ ${toleratedBytes / million} MB more`,
    measured: `${(growth / million).toFixed(2)} MB`,
    isMet: growth <= toleratedBytes,
  }
  return { section: `### ${title}\n\n${render(weighings, base)}`, budget }
}

const others = await sampleOthers()
const chosen = parts.filter(({ name }) => flags.only.includes(name))
const measured: { section: string; budget: Budget }[] = []
for (const part of chosen) measured.push(await measure(part))
const budgets = measured.map(({ budget }) => budget)
if (!budgets.every(({ isMet }) => isMet)) process.exitCode = 1
await publish(
  {
    name: 'memory',
    title: 'Memory, by number of requests',
    conditions: 'alive after a full collection, buffers included',
    sections: measured.map(({ section }) => section),
    budgets,
    isSteady: true,
  },
  others,
  flags,
)
