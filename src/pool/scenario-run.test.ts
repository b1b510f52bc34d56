import { describe, expect, it } from 'vitest'
import type { LiveProgress } from '../results/live.ts'
import type { RunResult } from '../results/run-result.ts'
import { circumstances, noWatch, plan, ThreadMetrics } from './fixtures/plans.ts'
import type { MainMessage } from './messages.ts'
import { ScenarioRun } from './scenario-run.ts'

/** A run whose messages are kept as `thread type`. */
function createRun(threads: number) {
  const log: string[] = []
  const messages: MainMessage[] = []
  const results: RunResult[] = []
  const progress: LiveProgress[] = []
  const clock = { nowMs: 5000 }
  const run = new ScenarioRun({
    ...circumstances,
    taskId: 't1',
    threads,
    baseUrl: 'http://shop.test',
    watch: noWatch,
    arrivalLimitMs: 60_000,
    now: () => clock.nowMs,
    send: (thread, message) => {
      log.push(`${thread} ${message.type}`)
      messages.push(message)
    },
    onProgress: (live) => progress.push(live),
    onResult: async (result) => {
      log.push('result')
      results.push(result)
    },
  })
  const take = (): string[] => log.splice(0)
  return { run, take, messages, results, progress, clock }
}

/** A run that has started on all threads. */
function startRun(threads: number) {
  const created = createRun(threads)
  for (let thread = 0; thread < threads; thread++) created.run.ready(thread, plan, undefined)
  for (let thread = 0; thread < threads; thread++) created.run.armed(thread)
  created.take()
  return created
}

const lost = 'thread 2 of the load generator was lost: out of memory'

describe('the barriers', () => {
  it('hold every thread until all are there', () => {
    const { run, take } = createRun(3)
    run.ready(2, plan, undefined)
    run.ready(0, plan, undefined)
    expect(take()).toEqual([])
    expect(run.isGathering).toBe(true)
    expect([0, 1, 2].map((thread) => run.isWaiting(thread))).toEqual([true, false, true])
    run.ready(1, plan, undefined)
    expect(take()).toEqual(['0 assignment', '1 assignment', '2 assignment'])
    expect(run.isGathering).toBe(false)
    run.armed(1)
    run.armed(2)
    expect(take()).toEqual([])
    run.armed(0)
    expect(take()).toEqual(['0 go', '1 go', '2 go'])
  })

  it("assign each thread its segment and the leader's preparation", () => {
    const { run, messages } = createRun(2)
    run.ready(1, plan, 'from a follower')
    run.ready(0, plan, { token: 'x' })
    const assignment = { runId: 'r1', seed: 7, prepared: { token: 'x' } }
    expect(messages).toEqual([
      { type: 'assignment', taskId: 't1', assignment: { ...assignment, segment: { index: 0, count: 2 } } },
      { type: 'assignment', taskId: 't1', assignment: { ...assignment, segment: { index: 1, count: 2 } } },
    ])
  })

  it('refuse a thread with another plan, and with it the run', () => {
    const { run, take, messages } = createRun(3)
    run.ready(0, plan, undefined)
    run.ready(2, { ...plan, load: { ...plan.load, vus: 5 } }, undefined)
    expect(take()).toEqual(['0 refused', '2 refused'])
    expect(messages[0]).toMatchInlineSnapshot(`
      {
        "reason": "thread 3 got another plan for 'shopping' than the first. Options of a scenario must not depend on the thread, the time or chance.",
        "skip": false,
        "taskId": "t1",
        "type": "refused",
      }
    `)
    expect(run.isOver(0)).toBe(true)
    expect(run.isOver(1)).toBe(false)
    run.ready(1, plan, undefined)
    expect(take()).toEqual(['1 refused'])
    expect(run.isOver(1)).toBe(true)
  })

  it('release everybody when a thread gives up', () => {
    const { run, take } = createRun(3)
    run.ready(1, plan, undefined)
    run.giveUp(0, 'before() threw: no server')
    expect(take()).toEqual(['1 refused'])
    run.ready(2, plan, undefined)
    expect(take()).toEqual(['2 refused'])
  })
})

describe('a lost thread', () => {
  it('means that the run does not take place before it has started', () => {
    const { run, take, messages } = createRun(2)
    run.ready(0, plan, undefined)
    void run.lose(1, lost)
    expect(take()).toEqual(['0 refused'])
    expect(messages[0]).toEqual({ type: 'refused', taskId: 't1', reason: lost, skip: false })
  })

  it('releases threads that are still setting up', () => {
    const { run, take } = createRun(3)
    for (const thread of [0, 1, 2]) run.ready(thread, plan, undefined)
    run.armed(2)
    take()
    void run.lose(1, lost)
    expect(take()).toEqual(['0 refused', '2 refused'])
    run.armed(0)
    expect(take()).toEqual([])
  })

  it('ends the load for the others, which keep what they measured', async () => {
    const { run, take, results } = startRun(3)
    const metrics = [new ThreadMetrics(), new ThreadMetrics(), new ThreadMetrics()] as const
    run.progress(1, { snapshot: metrics[1].snapshot(5), activeVUs: 1 })
    await run.lose(1, lost)
    expect(take()).toEqual(['0 stop', '2 stop'])
    await run.report(0, metrics[0].report(10))
    expect(take()).toEqual([])
    await run.report(2, metrics[2].report(20))
    expect(take()).toEqual(['result', '0 outcome', '2 outcome'])
    expect(results[0]).toMatchObject({ verdict: 'fail', reasons: [lost], iterations: { ok: 35 } })
    expect(results[0]?.health.map(({ thread }) => thread)).toEqual([1, 3])
  })

  it('may be the leader, or the last', async () => {
    const { run, take, results, clock } = startRun(2)
    clock.nowMs += 3000
    await run.lose(0, 'thread 1 was lost')
    await run.lose(1, 'thread 2 was lost')
    expect(take()).toEqual(['1 stop', 'result'])
    expect(results[0]).toMatchObject({
      verdict: 'fail',
      durationMs: 3000,
      reasons: [
        'thread 1 was lost',
        'thread 2 was lost',
        'no completed iteration was reported before the thread was lost',
      ],
    })
  })

  it('is no loss once it has reported', async () => {
    const { run, take, results } = startRun(2)
    await run.report(1, new ThreadMetrics().report(1))
    await run.lose(1, 'ended in good order')
    expect(take()).toEqual([])
    await run.report(0, new ThreadMetrics().report(1))
    expect(results[0]?.verdict).toBe('pass')
  })
})

describe('a request to stop', () => {
  it('reaches all threads once and fails the run', async () => {
    const { run, take, results } = startRun(2)
    run.stop('setup failed')
    run.stop('and again')
    expect(take()).toEqual(['0 stop', '1 stop'])
    for (const thread of [0, 1]) await run.report(thread, new ThreadMetrics().report(1, { failures: ['setup failed'] }))
    expect(results[0]?.reasons).toEqual(['setup failed'])
  })

  it('may leave the reason to the reports', async () => {
    const { run, take, results } = startRun(2)
    run.stop()
    expect(take()).toEqual(['0 stop', '1 stop'])
    const failing = (failed: number) => ({ hookFailures: [{ hook: 'setup' as const, failed, message: 'no account' }] })
    await run.report(0, new ThreadMetrics().report(1, failing(1)))
    await run.report(1, new ThreadMetrics().report(1, failing(2)))
    expect(results[0]?.reasons).toEqual(['setup failed for 3 of 4 virtual users: no account'])
  })

  it('does not hide that a thread is lost afterwards', async () => {
    const { run, results } = startRun(2)
    run.stop('enough')
    await run.lose(1, lost)
    await run.report(0, new ThreadMetrics().report(1))
    expect(results[0]?.reasons).toEqual(['enough', lost])
  })

  it('that comes before the start stops right after it', () => {
    const { run, take } = createRun(2)
    for (const thread of [0, 1]) run.ready(thread, plan, undefined)
    take()
    run.stop('cancelled')
    expect(take()).toEqual([])
    for (const thread of [0, 1]) run.armed(thread)
    expect(take()).toEqual(['0 go', '1 go', '0 stop', '1 stop'])
  })
})

describe('the result', () => {
  it('merges all threads and goes to the leader, after it was published', async () => {
    const { run, take, messages, results } = startRun(2)
    const [first, second] = [new ThreadMetrics(), new ThreadMetrics()]
    run.progress(0, { snapshot: first.snapshot(10, 1000), activeVUs: 2 })
    run.progress(1, { snapshot: second.snapshot(30, 3000), activeVUs: 2 })
    await run.report(0, first.report(5, { durationMs: 10_100 }))
    await run.report(1, second.report(5, { durationMs: 10_000 }))
    expect(take()).toEqual(['result', '0 outcome', '1 outcome'])
    expect(messages.slice(-2)).toEqual([
      { type: 'outcome', taskId: 't1', result: results[0] },
      { type: 'outcome', taskId: 't1', result: undefined },
    ])
    expect(results[0]).toMatchObject({
      runId: 'r1',
      scenario: 'shopping',
      file: 'a.spec.ts',
      project: 'load',
      seed: 7,
      threads: 2,
      vus: 4,
      baseUrl: 'http://shop.test',
      offline: undefined,
      executor: 'constant-vus',
      load: '4 VUs for 10s',
      durationMs: 10100,
      verdict: 'pass',
      reasons: [],
      warnings: [],
      iterations: {
        started: 50,
        ok: 50,
      },
      requests: {
        started: 50,
        ok: 50,
      },
    })
    const request = results[0]?.series.find(({ kind }) => kind === 'request')
    expect(request).toMatchObject({ name: 'GET /', ok: 50, latency: { count: 50, min: 1000, max: 3000, mean: 2200 } })
    expect(structuredClone(results[0])).toEqual(results[0])
  })

  it('adds up what the threads count', async () => {
    const { run, results } = startRun(2)
    const hang = 'setup of the virtual users did not end within 60 s'
    const trouble = {
      abandoned: 4,
      failures: [hang],
      hookFailures: [{ hook: 'teardown', failed: 1, message: 'locked' }],
    } as const
    await run.report(0, new ThreadMetrics().report(1, trouble))
    await run.report(1, new ThreadMetrics().report(1, trouble))
    expect(results[0]?.reasons).toEqual([hang, 'teardown failed for 2 of 4 virtual users: locked'])
    expect(results[0]?.warnings).toMatchInlineSnapshot(`
      [
        "8 iterations did not end although cut: the body waits for something that never comes; the errors of category aborted tell where",
      ]
    `)
  })

  it('has no health of a thread that tells none', async () => {
    const { run, results } = startRun(2)
    await run.report(0, new ThreadMetrics().report(1))
    await run.report(1, new ThreadMetrics().report(0, { health: undefined }))
    expect(results[0]?.health.map(({ thread }) => thread)).toEqual([1])
  })

  it('that cannot be made keeps nobody waiting', async () => {
    const messages: [thread: number, MainMessage][] = []
    const run = new ScenarioRun({
      ...circumstances,
      taskId: 't1',
      threads: 2,
      watch: noWatch,
      arrivalLimitMs: 60_000,
      now: () => 0,
      send: (thread, message) => messages.push([thread, message]),
      onProgress: () => undefined,
      onResult: () => Promise.reject(new Error('a reporter threw')),
    })
    for (const thread of [0, 1]) run.ready(thread, plan, undefined)
    for (const thread of [0, 1]) run.armed(thread)
    for (const thread of [0, 1]) await run.report(thread, new ThreadMetrics().report(1))
    const refused = {
      type: 'refused',
      taskId: 't1',
      reason: 'the result could not be made: a reporter threw',
      skip: false,
    }
    expect(messages.slice(-2)).toEqual([
      [0, refused],
      [1, refused],
    ])
  })

  it('comes once, whatever is said afterwards', async () => {
    const { run, take } = startRun(1)
    await run.report(0, new ThreadMetrics().report(1))
    take()
    run.stop('late')
    run.ready(0, plan, undefined)
    await run.report(0, new ThreadMetrics().report(1))
    await run.lose(0, 'late')
    expect(take()).toEqual([])
  })

  it('has a point for each second in which something was measured', async () => {
    const { run, results, clock } = startRun(1)
    const metrics = new ThreadMetrics()
    for (const atMs of [1003, 2008, 3011]) {
      clock.nowMs = 5000 + atMs
      run.progress(0, { snapshot: metrics.snapshot(10), activeVUs: 4 })
    }
    clock.nowMs = 5000 + 3400
    await run.report(0, metrics.report(4))
    expect(results[0]?.timeline.map(({ second, iterations, requests }) => [second, iterations, requests])).toEqual([
      [0, 10, 10],
      [1, 10, 10],
      [2, 10, 10],
      [3, 4, 4],
    ])
  })
})

describe('progress', () => {
  it('is told when the first thread reports, over all threads', () => {
    const { run, progress, clock } = startRun(2)
    const [first, second] = [new ThreadMetrics(), new ThreadMetrics()]
    clock.nowMs += 1002
    run.progress(1, { snapshot: second.snapshot(6, 3000), activeVUs: 2 })
    expect(progress).toEqual([])
    run.progress(0, { snapshot: first.snapshot(4), activeVUs: 1 })
    expect(progress).toEqual([
      {
        runId: 'r1',
        project: 'load',
        scenario: 'shopping',
        load: '4 VUs for 10s',
        elapsedMs: 1002,
        durationMs: 1e4,
        plannedIterations: undefined,
        activeVUs: 3,
        iterations: 10,
        dropped: 0,
        requestsPerSecond: 10,
        errorRatio: 0,
        p95: 3e3,
      },
    ])
  })

  it('goes on when the leader has ended', async () => {
    const { run, progress } = startRun(2)
    await run.report(0, new ThreadMetrics().report(1))
    run.progress(1, { snapshot: new ThreadMetrics().snapshot(6), activeVUs: 2 })
    expect(progress).toMatchObject([{ iterations: 7, activeVUs: 2 }])
  })

  it('tells a rate per second also after an hour', () => {
    const { run, progress, clock } = startRun(1)
    const metrics = new ThreadMetrics()
    for (let second = 1; second <= 3700; second++) {
      clock.nowMs += 1000
      run.progress(0, { snapshot: metrics.snapshot(5), activeVUs: 1 })
    }
    expect([10, 3598, 3599, 3600, 3601, 3699].map((second) => progress[second]?.requestsPerSecond)).toEqual([
      5, 5, 5, 5, 5, 5,
    ])
  })
})
