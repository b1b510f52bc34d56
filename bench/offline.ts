import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { runGenerator } from './support/children.ts'
import { describeMachine, markdownTable } from './support/markdown.ts'
import { ratiosTo, spreadOf } from './support/statistics.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    /** Requests in each measurement. */
    requests: { type: 'string', default: '50000' },
    write: { type: 'boolean', default: false },
  },
})

const baseline = 'bare getResponse'
const ways = [baseline, 'vitest-load engine', 'setupServer and fetch']
/** Handlers that are asked in vain before the one that answers. */
const handlersBefore = [0, 20]

const script = new URL('offline/generator.ts', import.meta.url)

async function measure(way: string, handlers: number): Promise<number> {
  // The slowest way by far; as many requests would take minutes.
  const requests = way === 'setupServer and fetch' ? Number(flags.requests) / 10 : Number(flags.requests)
  const result = await runGenerator(script, [JSON.stringify({ way, handlers, requests })])
  return (result as { readonly microseconds: number }).microseconds
}

async function measureHandlers(handlers: number): Promise<string> {
  const samples = new Map<string, number[]>(ways.map((way) => [way, []]))
  for (let round = 1; round <= Number(flags.rounds); round++) {
    // Everything once per round, in turn, so that a noisy minute hits all alike.
    for (const [way, values] of samples) values.push(await measure(way, handlers))
    console.error(`${handlers} handlers before, round ${round}`)
  }
  const bare = samples.get(baseline) ?? []
  const rows = [...samples].map(([way, values]) => {
    const { median, min, max } = spreadOf(values)
    const ratio = ratiosTo(bare, values)
    return [way, median.toFixed(1), `${min.toFixed(1)}–${max.toFixed(1)}`, `${ratio.median.toFixed(2)} ×`]
  })
  return `### ${handlers} handlers before the one that answers\n\n${markdownTable(['way', 'µs per request', 'min–max', 'to bare'], rows)}`
}

const sections: string[] = []
for (const handlers of handlersBefore) sections.push(await measureHandlers(handlers))
const conditions = `${describeMachine()}; ${flags.rounds} rounds of ${flags.requests} requests.`
console.log(`${sections.join('\n\n')}\n\n${conditions}`)
if (flags.write) {
  const text = `# Mocked requests\n\nCPU time for each request that MSW handlers answer, user and system. ${conditions}\n\n${sections.join('\n\n')}\n`
  await writeFile(new URL('RESULTS-offline.md', import.meta.url), text)
}
