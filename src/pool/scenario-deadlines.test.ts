import { expect, it } from 'vitest'
import { circumstances, plan, ThreadMetrics } from './fixtures/plans.ts'
import { ScenarioRun } from './scenario-run.ts'

/** A run of two threads that keeps what is expected of them: `thread: what within milliseconds`. */
function createRun() {
  const expected = new Map<number, string>()
  const run = new ScenarioRun({
    ...circumstances,
    taskId: 't1',
    threads: 2,
    now: () => 0,
    arrivalLimitMs: 70_000,
    watch: {
      expect: (thread, _taskId, what, limitMs) => void expected.set(thread, `${what} within ${limitMs}`),
      expects: (thread) => expected.has(thread),
      release: (thread) => void expected.delete(thread),
    },
    send: () => {},
    onProgress: () => {},
    onResult: async () => {},
  })
  return { run, expected: () => [0, 1].map((thread) => expected.get(thread)) }
}

/** Window 10 s, graceful stop 1 s, settling 1 s, and a margin with half a millisecond for each of two users. */
const wholeLoad = "the load of 'shopping' within 15501"
const rest = "the load of 'shopping' within 5501"

it('limits each phase of a run on each thread', async () => {
  const { run, expected } = createRun()
  run.enter(0, 'before')
  expect(expected()).toEqual(['before() within 63500', undefined])
  run.ready(1, plan, undefined)
  expect(expected()).toEqual(['before() within 63500', undefined])
  run.enter(0, 'idle')
  run.ready(0, plan, undefined)
  expect(expected()).toEqual(["setup() of 'shopping' within 63501", "setup() of 'shopping' within 63501"])
  run.armed(0)
  expect(expected()).toEqual([undefined, "setup() of 'shopping' within 63501"])
  run.armed(1)
  expect(expected()).toEqual([wholeLoad, wholeLoad])
  run.enter(1, 'teardown')
  run.stop('seen enough')
  expect(expected()).toEqual([rest, "teardown() of 'shopping' within 63501"])
  run.enter(1, 'idle')
  expect(expected()[1]).toBe("the report of 'shopping' within 4501")
  await run.report(1, new ThreadMetrics().report(1))
  await run.report(0, new ThreadMetrics().report(1))
  expect(expected()).toEqual([undefined, undefined])
  run.enter(0, 'after')
  expect(expected()[0]).toBe("after() of 'shopping' within 63501")
})

it('gives a load that starts later so much more time, and one that waits for another all of it', () => {
  const { run, expected } = createRun()
  const later = { ...plan, load: { ...plan.load, startTimeMs: 60_000 } }
  for (const thread of [0, 1]) run.ready(thread, later, undefined)
  for (const thread of [0, 1]) run.enter(thread, 'waiting')
  expect(expected()).toEqual([undefined, undefined])
  for (const thread of [0, 1]) run.armed(thread)
  expect(expected()[0]).toBe("the load of 'shopping' within 75501")
})

it('expects a thread to come to the scenario that another waits at', () => {
  const { run, expected } = createRun()
  run.ready(0, plan, undefined)
  expect(expected()).toEqual([undefined, 'its way to the scenario within 70000'])
  void run.lose(1, 'thread 2 was lost')
  expect(expected()).toEqual([undefined, undefined])
})

it('expects nothing of a run that does not take place', () => {
  const { run, expected } = createRun()
  run.ready(0, plan, undefined)
  run.ready(1, plan, undefined)
  run.refuse('cancelled')
  expect(expected()).toEqual([undefined, undefined])
})
