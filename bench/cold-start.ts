import { access, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { profileImports } from './cold-start/imports.ts'
import { startServer, usageOf, type RunningServer } from './support/children.ts'
import { markdownTable } from './support/markdown.ts'
import { publish, reportOptions, sampleOthers } from './support/report.ts'
import { ratiosTo, spreadOf } from './support/statistics.ts'

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, ...reportOptions },
})

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const root = here('cold-start/fixture')
const vitest = fileURLToPath(new URL('../vitest.mjs', import.meta.resolve('vitest')))
const limitRatio = 1.2

/** One way to have a request sent by Vitest. */
interface Way {
  readonly name: string
  readonly config: string
  readonly project?: string
  readonly environment?: Readonly<Record<string, string>>
}

const plain: Way = { name: 'plain test with fetch, threads pool', config: 'plain.config.ts' }
const functional: Way = { name: 'scenario as a test, threads pool', config: 'functional.config.ts' }
const load: Way = { name: 'scenario under load, one thread', config: 'load.config.ts', project: 'load' }
/** As on a machine that has never run it, with all files in the system's cache all the same. */
const firstLoad: Way = {
  ...load,
  name: 'the same, nothing compiled before',
  environment: { NODE_DISABLE_COMPILE_CACHE: '1' },
}
const ways = [plain, functional, load, firstLoad]

interface Start {
  /** From the command to the first request, by the server's clock. */
  readonly firstRequestMs: number
  /** User and system of the whole command. */
  readonly cpuMs: number
}

async function start(way: Way, server: RunningServer): Promise<Start> {
  const flagsOfProject = way.project === undefined ? [] : ['--project', way.project]
  const command = [process.execPath, vitest, 'run', '--root', root, '--config', way.config, ...flagsOfProject]
  const startedNs = process.hrtime.bigint()
  const { cpuMs } = await usageOf(command, { ...way.environment, BENCH_URL: server.url })
  const answer = await server.ask('first')
  if (answer === 'undefined') throw new Error(`${way.name} has sent no request.`)
  return { firstRequestMs: Number(BigInt(answer) - startedNs) / 1_000_000, cpuMs }
}

async function measure(server: RunningServer): Promise<ReadonlyMap<Way, readonly Start[]>> {
  const samples = new Map<Way, Start[]>(ways.map((way) => [way, []]))
  // The first of each reads files that nobody has read since they were built.
  for (const way of ways) await start(way, server)
  for (let round = 1; round <= Number(flags.rounds); round++) {
    for (const [way, starts] of samples) starts.push(await start(way, server))
    console.error(
      `round ${round}: ${ways.map((way) => samples.get(way)?.at(-1)?.firstRequestMs.toFixed(0)).join(', ')} ms`,
    )
  }
  return samples
}

await access(here('../dist/src/index.js')).catch(() => {
  throw new Error('There is no dist: build the package first, with `npm run build`.')
})
const others = await sampleOthers()
const server = await startServer(new URL('cold-start/server.ts', import.meta.url))
try {
  const samples = await measure(server)
  const timesOf = (way: Way): number[] => (samples.get(way) ?? []).map(({ firstRequestMs }) => firstRequestMs)
  const rows = ways.map((way) => {
    const { median, min, max } = spreadOf(timesOf(way))
    const ratio = ratiosTo(timesOf(plain), timesOf(way))
    const cpu = spreadOf((samples.get(way) ?? []).map(({ cpuMs }) => cpuMs))
    return [
      way.name,
      median.toFixed(0),
      `${min.toFixed(0)}–${max.toFixed(0)}`,
      `${ratio.median.toFixed(2)} ×`,
      `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
      cpu.median.toFixed(0),
    ]
  })
  const ratio = ratiosTo(timesOf(plain), timesOf(load))
  const imports = await profileImports(Math.min(5, Number(flags.rounds)))
  await publish(
    {
      name: 'cold-start',
      title: 'From the command to the first request',
      conditions: `the built package, not pinned to cores; medians of ${flags.rounds} rounds`,
      sections: [
        markdownTable(['way', 'ms to first request', 'min–max', 'to plain', 'min–max', 'CPU ms of all'], rows),
        imports,
      ],
      budgets: [
        {
          order: 70,
          what: "cold start, command to first request, to Vitest's own threads pool",
          budget: `≤ ${limitRatio.toFixed(2)} ×`,
          measured: `${ratio.median.toFixed(2)} × (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`,
          isMet: ratio.median <= limitRatio,
          profile: imports,
        },
      ],
    },
    others,
    flags,
  )
} finally {
  await server.stop()
  await rm(`${root}/.vitest-load`, { recursive: true, force: true })
}
