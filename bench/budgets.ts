import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { reportOptions } from './support/report.ts'

/** A benchmark with budgets, and what makes it short. */
interface Bench {
  readonly name: string
  /** Settings that show that it works, and say nothing else. */
  readonly quick: readonly string[]
}

const benches: readonly Bench[] = [
  { name: 'http', quick: ['--rounds', '1', '--requests', '20000'] },
  { name: 'users', quick: ['--rounds', '1'] },
  {
    name: 'memory',
    quick: ['--engine', '0.1,0.5', '--engine-base', '0.1', '--pool', '0.05,0.1', '--pool-base', '0.05'],
  },
  { name: 'arrivals', quick: ['--rounds', '1', '--seconds', '3'] },
  { name: 'cold-start', quick: ['--rounds', '2'] },
  { name: 'threads', quick: ['--rounds', '1', '--seconds', '3'] },
  { name: 'reporting', quick: ['--seconds', '10'] },
]

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: benches.map(({ name }) => name) },
    /** Short settings, written to a temporary folder. */
    quick: { type: 'boolean', default: false },
    folder: reportOptions.folder,
  },
})

/** Runs a benchmark to its end; what it prints goes where ours does. */
async function run({ name, quick }: Bench, folder: string): Promise<boolean> {
  const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  const settings = flags.quick ? quick : []
  console.error(`\n== ${name} ==`)
  const child = spawn(process.execPath, [script, ...settings, '--write', '--folder', folder], { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code === 0
}

const unknown = flags.only.filter((name) => !benches.some((bench) => bench.name === name))
if (unknown.length > 0)
  throw new Error(
    `There is no benchmark '${unknown.join("', '")}'. There are ${benches.map(({ name }) => name).join(', ')}.`,
  )
const folder = flags.quick ? await mkdtemp(join(tmpdir(), 'vitest-load-budgets-')) : flags.folder
const failed: string[] = []
for (const bench of benches.filter(({ name }) => flags.only.includes(name)))
  if (!(await run(bench, folder))) failed.push(bench.name)
console.log(`\n${await readFile(join(folder, 'RESULTS.md'), 'utf8')}`)
if (failed.length > 0) {
  console.error(`Ended with an error or over a budget: ${failed.join(', ')}.`)
  process.exitCode = 1
}
