import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { weighEngine } from './memory/engine.ts'
import { weighPool } from './memory/pool.ts'
import { growthOf, toleratedBytes, type Weighing } from './memory/weighing.ts'
import { describeMachine, markdownTable } from './support/markdown.ts'

const { values: flags } = parseArgs({
  options: {
    /** Millions of requests at which the heaps are weighed. */
    engine: { type: 'string', default: '0.5,1,2,3,4,5' },
    pool: { type: 'string', default: '0.2,0.4,0.6,0.8,1' },
    /** What growth is counted from, in millions. */
    'engine-base': { type: 'string', default: '1' },
    'pool-base': { type: 'string', default: '0.2' },
    only: { type: 'string', multiple: true, default: ['engine', 'pool'] },
    write: { type: 'boolean', default: false },
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

async function measure({ name, title, weigh }: Part): Promise<{ text: string; passed: boolean }> {
  const checkpoints = flags[name].split(',').map((text) => Math.round(Number(text) * million))
  const baseRequests = Number(flags[`${name}-base`]) * million
  const weighings = await weigh(checkpoints)
  const [base, last] = [weighings.find(({ requests }) => requests === baseRequests), weighings.at(-1)]
  if (base === undefined || last === undefined)
    throw new Error(`${name}: nothing was weighed at ${baseRequests} requests.`)
  const growth = growthOf(base, last)
  const passed = growth <= toleratedBytes
  const verdict = `From ${base.requests / million} to ${last.requests / million} M requests: ${(growth / million).toFixed(2)} MB more, ${passed ? 'within' : 'OVER'} the budget of ${toleratedBytes / million} MB.`
  return { text: `### ${title}\n\n${render(weighings, base)}\n\n${verdict}`, passed }
}

const sections: string[] = []
for (const part of parts.filter(({ name }) => flags.only.includes(name))) {
  const { text, passed } = await measure(part)
  console.log(`${text}\n`)
  sections.push(text)
  if (!passed) process.exitCode = 1
}
const conditions = `${describeMachine()}; \`npx node bench/memory.ts\`.`
console.log(conditions)
if (flags.write) {
  const text = `# Results: memory\n\nAlive after a full collection, buffers included. ${conditions}\n\n${sections.join('\n\n')}\n`
  await writeFile(new URL('RESULTS-memory.md', import.meta.url), text)
}
