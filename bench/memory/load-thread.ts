import { parentPort, workerData } from 'node:worker_threads'
import { countFailure, createRunContext, createSession } from '../../src/dsl/run-context.ts'
import { callBody, type ScenarioDefinition } from '../../src/dsl/scenario-definition.ts'
import { systemClock } from '../../src/engine/clock.ts'
import { LocalHost } from '../../src/engine/local-host.ts'
import { runLoad } from '../../src/engine/run-load.ts'
import { defaultHttpConfig, httpConfigSlot } from '../../src/http/config.ts'
import { resolveScenarioOptions } from '../../src/options/scenario-options.ts'
import type { ThreadProgress, ThreadReport } from '../../src/results/thread-report.ts'
import { untidy } from './body.ts'
import { liveBytes } from './heap.ts'
import type { CheckpointMessage, SnapshotMessage, ThreadArguments } from './messages.ts'
import { createTransport } from './transport.ts'

// A thread of the load: the engine, the DSL and the HTTP client as in the pool, its figures sent to main each second.

const { checkpoints } = workerData as ThreadArguments
const name = 'untidy'

class PostingHost extends LocalHost {
  override snapshot(progress: ThreadProgress): void {
    const { cells, totals } = progress.snapshot
    const message: SnapshotMessage = { type: 'snapshot', snapshot: progress.snapshot }
    parentPort?.postMessage(message, [cells.buffer, totals.buffer])
  }

  override result(report: ThreadReport): Promise<undefined> {
    this.snapshot(report)
    return Promise.resolve(undefined)
  }
}

const host = new PostingHost()
let requests = 0
const config = { ...defaultHttpConfig, baseUrl: 'http://127.0.0.1:1', transport: createTransport(count) }

/** Weighs the heap where the load stands: the virtual users and what they have in flight are the same each time. */
function count(): void {
  requests += 1
  if (!checkpoints.includes(requests)) return
  const message: CheckpointMessage = { type: 'checkpoint', requests, bytes: liveBytes() }
  parentPort?.postMessage(message)
  if (requests === checkpoints.at(-1)) host.requestStop()
}

const environment = { asked: true, load: undefined, threads: undefined, seed: undefined, baseUrl: undefined }
const resolved = resolveScenarioOptions(name, { load: { vus: 50, duration: '1h' } }, environment)
const record = { name, declarations: [], sealed: true }
const definition: ScenarioDefinition = {
  name,
  options: {},
  resolved,
  body: untidy,
  record,
  site: new Error('here'),
}
const context = createRunContext({ thinks: true, abort: (reason) => host.requestStop(reason) })

await runLoad({
  plan: { scenario: name, revision: 1, load: resolved.load, slos: [] },
  program: {
    createSession: ({ vuId, runId, signal }) => {
      const session = createSession(context, { vuId, runId, signal, scenario: name, cookieScope: 'iteration' })
      session.set(httpConfigSlot, config)
      return session
    },
    body: (session, key) =>
      callBody(definition, session, key, { prepared: undefined, state: undefined, runSeed: 1, vus: 50 }),
    setup: undefined,
    teardown: undefined,
    fail: countFailure,
  },
  host,
  metrics: context.metrics,
  clock: systemClock,
  prepared: undefined,
  onStart: context.start,
})
