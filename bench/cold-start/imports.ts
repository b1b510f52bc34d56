import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { markdownTable } from '../support/markdown.ts'
import { spreadOf } from '../support/statistics.ts'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a config file and a spec load, and what most of the package's own share is made of. */
const specifiers = ['vitest/config', 'vitest-load/config', 'vitest-load', 'undici', 'hdr-histogram-js']

async function importMs(specifier: string): Promise<number> {
  const script = `const from = performance.now(); await import('${specifier}'); console.log(performance.now() - from)`
  const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', script], { cwd: root })
  return Number(stdout)
}

/** How long Node takes to load what a run loads, each in a process of its own. */
export async function profileImports(rounds: number): Promise<string> {
  const samples = new Map<string, number[]>(specifiers.map((specifier) => [specifier, []]))
  for (let round = 0; round < rounds; round++)
    for (const [specifier, values] of samples) values.push(await importMs(specifier))
  const rows = [...samples].map(([specifier, values]) => [
    `\`import '${specifier}'\``,
    spreadOf(values).median.toFixed(0),
  ])
  return markdownTable(['in a process of its own', 'ms'], rows)
}
