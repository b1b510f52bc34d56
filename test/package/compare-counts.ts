import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunResult } from 'vitest-load'

// Compares what the report of the fixture's load says with what its server counted.
// Usage: node compare-counts.ts <folder of the project>

const vus = 4
/** Of each scenario: what it asks for in an iteration, and how many iterations it has. */
const scenarios = [
  { scenario: 'shopping', iterations: 20, routes: ['POST /login', 'POST /orders'], failed: 0 },
  {
    scenario: 'first use',
    iterations: 8,
    // The first attempt fails.
    routes: ['GET /page', 'GET /feed', 'GET /stock', 'GET /events', 'GET /flaky', 'GET /flaky'],
    failed: 8,
  },
]
/** What `before` and `after` send by other means than the package's client: in no report, once per run. */
const notOurs = { 'POST /seasons': 1, 'DELETE /seasons/:id': 1 }
const expected: Record<string, number> = { ...notOurs, 'GET /greeting': vus }

const [folder = '.'] = process.argv.slice(2)
const results = join(folder, '.vitest-load/results')
const loads = readdirSync(results).map((file) => readJson(join(results, file)) as RunResult)
const counted = readJson(join(folder, 'server-counts.json')) as Record<string, number>
const reported: Record<string, number> = { ...notOurs }

for (const { scenario, iterations, routes, failed } of scenarios) {
  const result = loads.find((load) => load.scenario === scenario)
  assert.ok(result, `a result of '${scenario}' among ${loads.length}`)
  assert.equal(result.iterations.ok, iterations)
  assert.equal(result.requests.ok, iterations * routes.length - failed)
  assert.equal(result.requests.failed, failed)
  assert.equal(result.threads, 2)
  assert.equal(result.verdict, 'pass')
  for (const route of routes) expected[route] = (expected[route] ?? 0) + iterations
  for (const { kind, name, ok, failed: failures, aborted } of result.series)
    if (kind === 'request' || kind === 'hook') reported[name] = (reported[name] ?? 0) + ok + failures + aborted
}
assert.deepEqual(reported, counted)
assert.deepEqual(counted, expected)

const total = Object.values(counted).reduce((sum, count) => sum + count, 0)
console.log(`The server counted ${total} requests, ${total - 2} of them ours; the report says the same.`)

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}
