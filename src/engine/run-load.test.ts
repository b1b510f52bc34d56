import { describe, expect, it } from 'vitest'
import { rows } from '../data/rows.ts'
import { mixSeed } from '../shared/random.ts'
import { FakeClock } from './fixtures/fake-clock.ts'
import { runLocally, scenario } from './fixtures/run-locally.ts'
import { LocalHost } from './local-host.ts'
import type { ThreadProgress } from '../results/thread-report.ts'

const never = new Promise<never>(() => undefined)

/** A host that keeps what it is told. */
class WatchingHost extends LocalHost {
  readonly progress: ThreadProgress[] = []

  override snapshot(progress: ThreadProgress): void {
    this.progress.push(progress)
    super.snapshot(progress)
  }
}

describe('the end of a load', () => {
  it('does not wait for a body that never settles, and tells', async () => {
    const { endedAtMs, report, totals } = await runLocally({
      load: { vus: 3, duration: '10s', gracefulStop: '5s' },
      body: () => never,
    })
    expect(endedAtMs).toBe(16_000)
    expect(report.durationMs).toBe(16_000)
    expect(totals.counters).toMatchObject({ iterationsStarted: 3, iterationsAborted: 3 })
    expect(report.abandoned).toBe(3)
    expect(report.failures).toEqual([])
  })

  it('comes although a body never awaits anything', async () => {
    const clock = new FakeClock()
    const { endedAtMs, totals } = await runLocally({
      clock,
      load: { vus: 5, duration: '1s' },
      body: async () => clock.spend(1),
    })
    expect(endedAtMs).toBeLessThanOrEqual(1005)
    expect(totals.counters.iterationsOk).toBeGreaterThanOrEqual(1000)
  })

  it('lets time be told while a body never awaits anything', async () => {
    const clock = new FakeClock()
    const host = new WatchingHost()
    await runLocally({ clock, host, load: { duration: '4500ms' }, body: async () => clock.spend(1) })
    expect(host.progress).toHaveLength(4)
  })

  it('comes early when somebody asks for it, with time for what runs', async () => {
    const clock = new FakeClock()
    const host = new LocalHost()
    const { endedAtMs, totals } = await runLocally({
      clock,
      host,
      load: {
        vus: 2,
        duration: '1h',
        gracefulStop: '1s',
      },
      body: async (session) => {
        if (session.vuId === 1 && session.iteration === 2) host.requestStop('enough')
        await clock.sleep(session.vuId === 1 ? 100 : 5e3, session.signal)
      },
    })
    expect(host.stopReasons).toEqual(['enough'])
    expect(endedAtMs).toBe(1200)
    expect(totals.counters).toMatchObject({ iterationsStarted: 4, iterationsOk: 3, iterationsAborted: 1 })
  })

  it('comes at once when it was asked for before the start', async () => {
    const host = new LocalHost()
    const { endedAtMs, totals } = await runLocally({
      host,
      load: { iterations: 5 },
      body: () => undefined,
      onStart: () => host.requestStop('never mind'),
    })
    expect(endedAtMs).toBe(0)
    expect(totals.counters).toMatchObject({ iterationsStarted: 0, iterationsDropped: 5 })
  })

  it('does not wait for the graceful stop when nothing runs', async () => {
    const clock = new FakeClock()
    const { endedAtMs } = await runLocally({
      clock,
      load: { iterations: 2, gracefulStop: '1h' },
      body: () => clock.sleep(10),
    })
    expect(endedAtMs).toBe(20)
  })
})

describe('the start of a load', () => {
  it('comes at its time, from which everything is counted', async () => {
    const clock = new FakeClock()
    const starts: number[] = []
    const { endedAtMs, report, totals } = await runLocally({
      clock,
      load: { rate: 10, duration: '1s', startTime: '30s' },
      onStart: () => starts.push(clock.now()),
      body: () => starts.push(clock.now()),
    })
    expect(starts).toEqual([30_000, ...Array.from({ length: 10 }, (_, index) => 30_000 + index * 100)])
    expect(endedAtMs).toBe(31_000)
    expect(report.durationMs).toBe(1000)
    expect(totals.find('iteration', scenario)?.latency.summary().max).toBeLessThan(10)
  })

  it('does not come when the load is stopped before', async () => {
    const clock = new FakeClock()
    const host = new LocalHost()
    void clock.sleep(10_000).then(() => host.requestStop('enough'))
    const { endedAtMs, totals } = await runLocally({
      clock,
      host,
      load: { rate: 5, duration: '1s', startTime: '30s' },
      body: () => undefined,
    })
    expect(endedAtMs).toBe(10_000)
    expect(totals.counters).toMatchObject({ iterationsStarted: 0, iterationsDropped: 0 })
  })
})

describe('progress', () => {
  it('is told every second, with what is new and who is busy', async () => {
    const clock = new FakeClock()
    const host = new WatchingHost()
    const { report, totals } = await runLocally({
      clock,
      host,
      load: { vus: 3, duration: '2500ms' },
      body: () => clock.sleep(400),
    })
    expect(host.progress.map(({ snapshot }) => snapshot.counters.iterationsOk)).toEqual([6, 6])
    expect(host.progress.map(({ activeVUs }) => activeVUs)).toEqual([3, 3])
    expect(report).toMatchObject({ activeVUs: 0, snapshot: { counters: { iterationsOk: 9 } } })
    expect(totals.find('iteration', scenario)?.ok).toBe(21)
  })
})

describe('hooks of the virtual users', () => {
  it('run once for each, before and after the load', async () => {
    const clock = new FakeClock()
    const order: string[] = []
    const { report } = await runLocally({
      clock,
      load: {
        vus: 2,
        iterations: 2,
      },
      setup: async (session) => {
        await clock.sleep(50)
        order.push(`setup ${session.vuId}`)
      },
      onStart: () => order.push('start'),
      body: (session) => {
        order.push(`body ${session.vuId}`)
        return clock.sleep(100)
      },
      teardown: async (session) => void order.push(`teardown ${session.vuId}`),
    })
    expect(order).toEqual(['setup 1', 'setup 2', 'start', 'body 1', 'body 2', 'teardown 1', 'teardown 2'])
    expect(report).toMatchObject({ durationMs: 100, failures: [] })
  })

  it('stop the load everywhere when set-up fails, and are torn down', async () => {
    const tornDown: number[] = []
    const { report, host, totals } = await runLocally({
      load: { vus: 3, duration: '1m' },
      setup: async ({ vuId }) => {
        if (vuId > 1) throw new Error(`no account for ${vuId}`)
      },
      body: () => expect.fail('the load ran'),
      teardown: async ({ vuId }) => void tornDown.push(vuId),
    })
    expect(report.hookFailures).toEqual([{ hook: 'setup', failed: 2, message: 'no account for 2' }])
    expect(host.stops).toBe(1)
    expect(host.stopReasons).toEqual([])
    expect(totals.counters.iterationsStarted).toBe(0)
    expect(tornDown).toEqual([1, 2, 3])
  })

  it('fail the run when tear-down fails', async () => {
    const { report, totals } = await runLocally({
      load: { iterations: 1 },
      body: () => undefined,
      teardown: () => Promise.reject(new Error('locked')),
    })
    expect(report.hookFailures).toEqual([{ hook: 'teardown', failed: 1, message: 'locked' }])
    expect(totals.counters.iterationsOk).toBe(1)
  })

  it('tear down also when the load does not take place', async () => {
    const tornDown: number[] = []
    class RefusingHost extends LocalHost {
      override go(): Promise<void> {
        return Promise.reject(new Error('thread 2 was lost'))
      }
    }
    const running = runLocally({
      host: new RefusingHost(),
      load: { vus: 2, iterations: 2 },
      body: () => expect.fail('the load ran'),
      teardown: async ({ vuId }) => void tornDown.push(vuId),
    })
    await expect(running).rejects.toThrow('thread 2 was lost')
    expect(tornDown).toEqual([1, 2])
  })

  it('are given up when they hang', async () => {
    const { report, endedAtMs } = await runLocally({
      load: { iterations: 1 },
      body: () => undefined,
      setup: () => never,
    })
    expect(report.failures).toMatchInlineSnapshot(`
      [
        "setup of the virtual users did not end within 60 s",
      ]
    `)
    expect(endedAtMs).toBe(60_000)
  })
})

describe('health', () => {
  it('is told by a thread that had something to do', async () => {
    const clock = new FakeClock()
    const { report } = await runLocally({ clock, load: { iterations: 1 }, body: () => clock.sleep(100) })
    expect(report.health).toEqual({
      eventLoopDelayP99: expect.any(Number),
      eventLoopUtilization: expect.any(Number),
      cpuUtilization: expect.any(Number),
    })
  })

  it('is not told by one without virtual users, or with too little time to tell', async () => {
    const clock = new FakeClock()
    const idle = await runLocally({
      clock,
      segment: { index: 1, count: 2 },
      load: { vus: 1, duration: '1s' },
      body: () => undefined,
    })
    expect(idle.report.health).toBeUndefined()
    const short = await runLocally({ clock, load: { iterations: 1 }, body: () => clock.sleep(99) })
    expect(short.report.health).toBeUndefined()
  })
})

describe('sessions', () => {
  it('are closed at the end, once', async () => {
    let closed = 0
    await runLocally({
      load: { vus: 3, iterationsPerVU: 2 },
      body: (session) => {
        if (session.iteration === 0) session.onClose(() => void (closed += 1))
      },
    })
    expect(closed).toBe(3)
  })
})

describe('data rows', () => {
  it('are the same for an iteration on 1, 2 and 3 segments', async () => {
    const items = Array.from({ length: 50 }, (_, index) => index)
    const pick = async (count: number): Promise<Record<string, number>> => {
      const picked: Record<string, number> = {}
      for (let index = 0; index < count; index++) {
        const clock = new FakeClock()
        const feeder = rows(items, { pick: 'shuffle' })
        await runLocally({
          clock,
          seed: 9,
          segment: {
            index,
            count,
          },
          load: {
            vus: 4,
            iterations: 24,
          },
          body: (_session, key) => {
            picked[String(key.globalIteration)] = feeder.rowIndex({
              ...key,
              runSeed: mixSeed(9, scenario),
              vus: 4,
            })
            return clock.sleep(10)
          },
        })
      }
      return picked
    }
    const one = await pick(1)
    expect(new Set(Object.values(one)).size).toBe(24)
    expect(await pick(2)).toEqual(one)
    expect(await pick(3)).toEqual(one)
  })
})
