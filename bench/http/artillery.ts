import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generatorCore, usageOf, type Usage } from '../support/children.ts'
import { requestsPerIteration, vus, type Round, type Workload } from './workloads.ts'

// Artillery's own way to write the workloads: captures and matches. One arrival is one virtual user, who loops.

const agent = { 'user-agent': 'vitest-load' }
const bearer = { ...agent, authorization: 'Bearer {{ token }}' }

const health = { get: { url: '/health', headers: agent, match: { json: '$.status', value: 'ok' } } }

const shop = [
  {
    post: {
      url: '/auth/login',
      headers: agent,
      json: { email: 'ada@example.com', password: 'correct horse' },
      capture: { json: '$.token', as: 'token' },
    },
  },
  { get: { url: '/products?q=lamp', headers: agent, capture: { json: '$[0].id', as: 'id' } } },
  { get: { url: '/products/{{ id }}', headers: agent, match: { json: '$.id', value: '{{ id }}' } } },
  {
    post: {
      url: '/cart/items',
      headers: bearer,
      json: { productId: '{{ id }}', quantity: 1 },
      match: { json: '$.items.length', value: 1 },
    },
  },
  {
    post: {
      url: '/orders',
      headers: { ...bearer, 'idempotency-key': 'artillery-{{ $uuid }}' },
      match: { json: '$.status', value: 'confirmed' },
    },
  },
]

const flows: Readonly<Record<Workload, readonly unknown[]>> = { 'one-request': [health], 'shop-flow': shop }

/** A script for Artillery: JSON is YAML. */
function scriptOf({ workload, url }: Round, loops: number): string {
  const phases = [{ duration: 1, arrivalCount: vus }]
  const scenarios = [{ flow: [{ loop: flows[workload], count: loops }] }]
  return JSON.stringify({ config: { target: url, phases }, scenarios })
}

/** Runs so many iterations and gives what that used. Throws when the answers were not those expected. */
export function runArtillery(program: string): (round: Round, iterations: number) => Promise<Usage> {
  return async (round, iterations) => {
    const folder = await mkdtemp(join(tmpdir(), 'vitest-load-bench-'))
    const [script, report] = [join(folder, 'script.yml'), join(folder, 'report.json')]
    const loops = Math.ceil(iterations / vus)
    try {
      await writeFile(script, scriptOf(round, loops))
      const command = [process.execPath, realpathSync(program), 'run', '--quiet', '--output', report, script]
      const usage = await usageOf(command, { ARTILLERY_DISABLE_TELEMETRY: 'true' }, generatorCore)
      assertReport(await readFile(report, 'utf8'), loops * vus * requestsPerIteration[round.workload])
      return usage
    } finally {
      await rm(folder, { recursive: true })
    }
  }
}

function assertReport(text: string, requests: number): void {
  const { counters } = (JSON.parse(text) as { aggregate: { counters: Readonly<Record<string, number>> } }).aggregate
  const wrong = Object.keys(counters).some((name) => name.startsWith('errors.'))
  if (wrong || counters['http.responses'] !== requests || counters['vusers.failed'] !== 0)
    throw new Error(`Artillery was to make ${requests} requests; it counted ${JSON.stringify(counters)}.`)
}
