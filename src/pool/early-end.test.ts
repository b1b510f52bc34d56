import { expect, it } from 'vitest'
import type { RunResult } from '../results/run-result.ts'
import type { ThreadProgress } from '../results/thread-report.ts'
import { counts, delta } from '../slo/fixtures/deltas.ts'
import { below, checkout, p, slo } from '../slo/fixtures/measured.ts'
import type { Slo } from '../slo/model.ts'
import { circumstances, noWatch, plan, ThreadMetrics } from './fixtures/plans.ts'
import type { MainMessage } from './messages.ts'
import { ScenarioRun } from './scenario-run.ts'

const aborting: Slo = { ...slo(checkout, p(99), below(500_000)), abort: { brokenForMs: 2000, minSamples: 10 } }

/** A run on two threads that has started. */
function startRun() {
  const messages: MainMessage[] = []
  const results: RunResult[] = []
  const clock = { nowMs: 5000 }
  const run = new ScenarioRun({
    ...circumstances,
    taskId: 't1',
    threads: 2,
    watch: noWatch,
    arrivalLimitMs: 60_000,
    now: () => clock.nowMs,
    send: (_thread, message) => messages.push(message),
    onProgress: () => {},
    onResult: async (result) => void results.push(result),
  })
  for (const thread of [0, 1]) run.ready(thread, { ...plan, slos: [aborting] }, undefined)
  for (const thread of [0, 1]) run.armed(thread)
  messages.length = 0
  /** Both threads report work that has been under way for 2 s. */
  const stall = (second: number): void => {
    clock.nowMs = 5000 + second * 1000
    for (const thread of [0, 1]) run.progress(thread, stalled(second))
  }
  return { run, messages, results, stall }
}

function stalled(second: number): ThreadProgress {
  const deltas = [delta([], { overdue: counts(0, 5, 2000) })]
  return {
    activeVUs: 4,
    snapshot: new ThreadMetrics().snapshot(1),
    probes: { atMs: second * 1000, deltas, seen: [] },
  }
}

it('ends the load soon on all threads, keeps the results, and fails the objective', async () => {
  const { run, messages, results, stall } = startRun()
  stall(1)
  expect(messages).toEqual([])
  stall(2)
  const stop = { type: 'stop', taskId: 't1', gracefulStopMs: 1000 }
  expect(messages).toEqual([stop, stop])
  stall(3)
  for (const thread of [0, 1]) await run.report(thread, new ThreadMetrics().report(10))
  expect(messages.map(({ type }) => type)).toEqual(['stop', 'stop', 'outcome', 'outcome'])
  expect(results).toMatchObject([{ verdict: 'fail', iterations: { ok: 26 } }])
  expect(results[0]?.reasons).toEqual([
    "abort: 'checkout p(99)' was broken for 2 s: 2 s in the last second, wanted < 500 ms (20 samples); the load was ended after 2 s of 10 s",
  ])
  expect(results[0]?.slos).toMatchObject([{ status: 'fail', endedLoad: true }])
})

it('leaves a load alone that is already being ended', () => {
  const { run, messages, stall } = startRun()
  run.stop('the test run was cancelled')
  messages.length = 0
  for (const second of [1, 2, 3]) stall(second)
  expect(messages).toEqual([])
})
