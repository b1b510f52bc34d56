import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { DataFigures, DataSettings } from './data/generator.ts'
import { runGenerator } from './support/children.ts'
import { describeMachine, markdownTable } from './support/markdown.ts'
import { spreadOf } from './support/statistics.ts'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
})

const rows = Number(flags.rows)
const script = new URL('data/generator.ts', import.meta.url)
const megabyte = 1_000_000

async function writeRows(file: string): Promise<void> {
  const out = createWriteStream(file)
  out.write('id,email,password,name,city,score\r\n')
  for (let row = 0; row < rows; row++) {
    const line = `${row},user-${row}@example.com,secret-${row},"User, ${row}",City ${row % 977},${row % 100}\r\n`
    if (!out.write(line)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}

async function measure(settings: Omit<DataSettings, 'rows'>): Promise<string[]> {
  const figures: DataFigures[] = []
  for (let round = 0; round < Number(flags.rounds); round++)
    figures.push((await runGenerator(script, [JSON.stringify({ ...settings, rows })])) as DataFigures)
  const median = (of: (figure: DataFigures) => number): number => spreadOf(figures.map(of)).median
  const inMegabytes = (of: (figure: DataFigures) => number): string => `${(median(of) / megabyte).toFixed(0)} MB`
  return [
    `${settings.threads} ${settings.threads === 1 ? 'thread' : 'threads'}, ${settings.withSchema ? 'zod schema' : 'no schema'}`,
    `${(median(({ loadMs }) => loadMs) / 1000).toFixed(1)} s`,
    `${(median(({ loadCpuMs }) => loadCpuMs) / 1000).toFixed(1)} s`,
    inMegabytes(({ grownBytes }) => grownBytes),
    inMegabytes(({ peakBytes }) => peakBytes),
    inMegabytes(({ heapBytes }) => heapBytes),
    `${median(({ microsecondsPerRow }) => microsecondsPerRow).toFixed(1)} µs`,
  ]
}

const folder = await mkdtemp(join(tmpdir(), 'vitest-load-data-'))
try {
  const file = join(folder, 'users.csv')
  await writeRows(file)
  const table: string[][] = []
  for (const withSchema of [false, true])
    for (const threads of [1, 4]) table.push(await measure({ file, threads, withSchema }))
  const head = ['', 'load', 'of it CPU', 'process grows', 'while loading', 'heap of a thread', 'a row']
  const fileBytes = (await stat(file)).size
  const conditions = `${describeMachine()}; ${rows.toLocaleString('en')} rows of 6 columns, a file of ${(fileBytes / megabyte).toFixed(0)} MB; ${flags.rounds === '1' ? 'one round' : `medians of ${flags.rounds} rounds`}.`
  const text = `# Data rows\n\nWhat it takes to load a CSV file, and to read a row of it. ${conditions}\n\n${markdownTable(head, table)}\n`
  console.log(text)
  if (flags.write) await writeFile(new URL('RESULTS-data.md', import.meta.url), text)
} finally {
  await rm(folder, { recursive: true })
}
