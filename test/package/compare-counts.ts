import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunResult } from 'vitest-load'

// Compares what the report of the fixture's load says with what its server counted.
// Usage: node compare-counts.ts <folder of the project>

const iterations = 20
const vus = 4
/** What `before` and `after` send by other means than the package's client: in no report, once per run. */
const notOurs = { 'POST /seasons': 1, 'DELETE /seasons/:id': 1 }

const [folder = '.'] = process.argv.slice(2)
const results = join(folder, '.vitest-load/results')
const loads = readdirSync(results).map((file) => readJson(join(results, file)) as RunResult)
const result = loads.find(({ scenario }) => scenario === 'shopping')
assert.ok(result, `a result of 'shopping' among ${loads.length}`)
const counted = readJson(join(folder, 'server-counts.json')) as Record<string, number>
const reported = Object.fromEntries(
  result.series
    .filter(({ kind }) => kind === 'request' || kind === 'hook')
    .map(({ name, ok, failed, aborted }) => [name, ok + failed + aborted]),
)

assert.deepEqual({ ...reported, ...notOurs }, counted)
assert.deepEqual(counted, { ...notOurs, 'GET /greeting': vus, 'POST /login': iterations, 'POST /orders': iterations })
assert.equal(result.iterations.ok, iterations)
assert.equal(result.requests.ok, 2 * iterations)
assert.equal(result.threads, 2)
assert.equal(result.verdict, 'pass')

const total = Object.values(counted).reduce((sum, count) => sum + count, 0)
console.log(`The server counted ${total} requests, ${total - 2} of them ours; the report says the same.`)

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}
