import { parseArgs } from 'node:util'
import { findProgram, runGenerator, startServer, type RunningServer } from './support/children.ts'
import { markdownTable } from './support/markdown.ts'
import { publish, reportOptions, sampleOthers, type Budget } from './support/report.ts'
import { spreadOf } from './support/statistics.ts'
import type { UsersArguments, UsersResult, Waiting } from './users/generator.ts'
import { profileHeap } from './users/heap-profile.ts'
import { weighK6 } from './users/k6.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    parked: { type: 'string', default: '10000' },
    connected: { type: 'string', default: '1000' },
    ...reportOptions,
  },
})

const kilobyte = 1000
const limitsBytes: Readonly<Record<Waiting, number>> = { parked: 4 * kilobyte, connected: 60 * kilobyte }
const rounds = Number(flags.rounds)

/** What one user takes, in bytes, a value for each round. */
interface Weights {
  readonly waiting: Waiting
  readonly vus: number
  readonly heap: number[]
  readonly external: number[]
  readonly resident: number[]
  readonly k6: number[]
}

async function weighOurs(url: string, weights: Weights): Promise<void> {
  const { waiting, vus } = weights
  const told: UsersArguments = { url, waiting, vus }
  const result = (await runGenerator(new URL('users/generator.ts', import.meta.url), [
    JSON.stringify(told),
  ])) as UsersResult
  weights.heap.push(result.heapBytes / vus)
  weights.external.push(result.externalBytes / vus)
  weights.resident.push(result.residentBytes / vus)
}

async function weighTheirs(server: RunningServer, { waiting, vus, k6 }: Weights): Promise<void> {
  const program = findProgram('k6')
  if (program === undefined) return
  const connections = async (): Promise<number> => Number(await server.ask('connections'))
  const common = { url: server.url, waiting, connections }
  const one = await weighK6(program, { ...common, vus: 1 })
  const all = await weighK6(program, { ...common, vus })
  k6.push((all - one) / (vus - 1))
}

async function weigh(waiting: Waiting): Promise<Weights> {
  const weights: Weights = { waiting, vus: Number(flags[waiting]), heap: [], external: [], resident: [], k6: [] }
  for (let round = 1; round <= rounds; round++) {
    const server = await startServer(new URL('users/server.ts', import.meta.url))
    try {
      await weighOurs(server.url, weights)
      await weighTheirs(server, weights)
    } finally {
      await server.stop()
    }
    console.error(`${waiting}, round ${round}: ${weights.resident.at(-1)?.toFixed(0)} bytes resident each`)
  }
  return weights
}

function kilobytes(values: readonly number[]): string {
  return values.length === 0 ? '–' : (spreadOf(values).median / kilobyte).toFixed(1)
}

/**
 * Parked users live on the heap only, and V8 keeps more pages than it needs: what is alive counts. A connection lives
 * outside of the heap as well: what the process has grown by counts.
 */
async function judge({ waiting, vus, heap, external, resident, k6 }: Weights): Promise<Budget> {
  const live = heap.map((bytes, round) => bytes + (external[round] ?? 0))
  const limitBytes = limitsBytes[waiting]
  const isMet = spreadOf(waiting === 'parked' ? live : resident).median <= limitBytes
  return {
    order: waiting === 'parked' ? 30 : 31,
    what: waiting === 'parked' ? 'memory per parked VU' : 'memory per VU with an open TCP connection',
    budget: `≤ ${limitBytes / kilobyte} kB`,
    measured: `${kilobytes(live)} kB live, ${kilobytes(resident)} kB resident, ${vus.toLocaleString('en')} VUs; k6 ${kilobytes(k6)} kB`,
    isMet,
    ...(isMet ? {} : { profile: await profile(waiting) }),
  }
}

async function profile(waiting: Waiting): Promise<string> {
  const server = await startServer(new URL('users/server.ts', import.meta.url))
  try {
    return await profileHeap({ url: server.url, waiting })
  } finally {
    await server.stop()
  }
}

const others = await sampleOthers()
const all = [await weigh('parked'), await weigh('connected')]
const rows = all.map(({ waiting, vus, heap, external, resident, k6 }) => [
  `${waiting}, ${vus.toLocaleString('en')} VUs`,
  ...[heap, external, resident, k6].map(kilobytes),
])
const budgets = await Promise.all(all.map(judge))
const head = ['users', 'heap, kB each', 'external', 'resident', 'k6, resident']
await publish(
  {
    name: 'users',
    title: 'Memory of users that wait',
    conditions: `engine, DSL and HTTP client in one thread, after a full collection; of k6 what the process has more than with one user; medians of ${rounds} rounds`,
    sections: [markdownTable(head, rows)],
    budgets,
    isSteady: true,
  },
  others,
  flags,
)
