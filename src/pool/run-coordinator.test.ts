import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TestProject } from 'vitest/node'
import { subscribeLive, type LiveEvent } from '../results/live.ts'
import type { RunResult } from '../results/run-result.ts'
import { circumstances, noWatch, plan, ThreadMetrics } from './fixtures/plans.ts'
import type { MainMessage } from './messages.ts'
import { RunCoordinator } from './run-coordinator.ts'

function createCoordinator(threads: number, root: string = '/project') {
  const log: string[] = []
  const messages: MainMessage[] = []
  const task: { meta: Record<string, unknown> } = { meta: { kept: true } }
  const vitest = { config: { root }, state: { idMap: new Map([['A', task]]) } }
  const project = { name: 'load', config: { root, hookTimeout: 0 }, vitest } as unknown as TestProject
  const coordinator = new RunCoordinator({
    project,
    threads,
    runId: 'r1',
    seed: 7,
    baseUrl: undefined,
    offline: undefined,
    validity: circumstances.validity,
    watch: noWatch,
    send: (thread, message) => {
      messages.push(message)
      log.push(`${thread} ${message.type} ${'taskId' in message ? message.taskId : ''}`)
    },
  })
  coordinator.beginFile(join(root, 'specs/a.spec.ts'))
  const ready = (thread: number, taskId: string): void =>
    coordinator.receive(thread, { type: 'ready', taskId, plan, prepared: undefined })
  const armed = (thread: number, taskId: string): void => coordinator.receive(thread, { type: 'armed', taskId })
  const take = (): string[] => log.splice(0)
  const reasons = (): string[] => messages.flatMap((message) => (message.type === 'refused' ? [message.reason] : []))
  return { coordinator, ready, armed, take, reasons, messages, vitest, task }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a load that waits for another one', () => {
  it('is skipped when the test run is cancelled', () => {
    const { coordinator, ready, armed, take, messages } = createCoordinator(2)
    for (const thread of [0, 1]) ready(thread, 'A')
    coordinator.receive(0, { type: 'phase', taskId: 'A', phase: 'waiting' })
    coordinator.receive(1, { type: 'phase', taskId: 'A', phase: 'waiting' })
    armed(1, 'A')
    take()
    coordinator.cancel()
    expect(take()).toEqual(['0 refused A', '1 refused A'])
    expect(messages.at(-1)).toMatchObject({ skip: true, reason: 'the test run was cancelled' })
  })

  it('is no longer held once it has started', () => {
    const { coordinator, ready, armed, take } = createCoordinator(1)
    ready(0, 'A')
    coordinator.receive(0, { type: 'phase', taskId: 'A', phase: 'waiting' })
    armed(0, 'A')
    take()
    coordinator.cancel()
    expect(take()).toEqual(['0 stop A'])
  })
})

describe('threads at different scenarios', () => {
  it('are released when nobody can arrive any more', () => {
    const { ready, take, reasons } = createCoordinator(3)
    ready(0, 'A')
    ready(1, 'A')
    ready(2, 'B')
    expect(take()).toEqual([])
    vi.advanceTimersByTime(1000)
    expect(take()).toEqual(['0 refused A', '1 refused A', '2 refused B'])
    expect(reasons()[0]).toMatchInlineSnapshot(
      `"threads arrived at different scenarios. Which scenarios a spec runs must not depend on the thread, the time or chance."`,
    )
  })

  it('are not refused while another may still arrive', () => {
    const { ready, take } = createCoordinator(3)
    ready(0, 'A')
    ready(1, 'B')
    vi.advanceTimersByTime(60_000)
    expect(take()).toEqual([])
  })

  it('are not refused when the scenarios are concurrent', () => {
    const { ready, take } = createCoordinator(2)
    ready(0, 'A')
    ready(0, 'B')
    vi.advanceTimersByTime(60_000)
    expect(take()).toEqual([])
    ready(1, 'B')
    ready(1, 'A')
    expect(take()).toEqual(['0 assignment B', '1 assignment B', '0 assignment A', '1 assignment A'])
  })

  it('are not refused when concurrent scenarios are reached in another order', () => {
    const { ready, take } = createCoordinator(2)
    ready(0, 'B')
    ready(1, 'A')
    vi.advanceTimersByTime(900)
    ready(1, 'B')
    vi.advanceTimersByTime(900)
    ready(0, 'A')
    vi.advanceTimersByTime(60_000)
    expect(take()).toEqual(['0 assignment B', '1 assignment B', '0 assignment A', '1 assignment A'])
  })
})

describe('a thread that ends', () => {
  it('is not waited for, now or later', () => {
    const { coordinator, ready, take, reasons } = createCoordinator(2)
    ready(0, 'A')
    coordinator.leave(1, 'thread 2 ended')
    expect(take()).toEqual(['0 refused A'])
    ready(0, 'B')
    expect(take()).toEqual(['0 refused B'])
    expect(reasons()).toEqual(['thread 2 ended', 'thread 2 ended'])
  })

  it('takes part again in the next file', () => {
    const { coordinator, ready, take } = createCoordinator(2)
    coordinator.leave(1, 'thread 2 ended')
    coordinator.beginFile('/project/specs/b.spec.ts')
    ready(0, 'A')
    ready(1, 'A')
    expect(take()).toEqual(['0 assignment A', '1 assignment A'])
  })

  it('says why it could not load the spec', () => {
    const { coordinator, ready, reasons } = createCoordinator(2)
    coordinator.receive(1, {
      type: 'file-failed',
      error: { code: '', name: 'SyntaxError', message: 'Unexpected token', stack: undefined },
    })
    ready(0, 'A')
    expect(reasons()).toMatchInlineSnapshot(`
      [
        "thread 2 could not load the spec: Unexpected token",
      ]
    `)
  })
})

describe('a refused scenario', () => {
  it('does not spoil the next one when a thread is late', () => {
    const { coordinator, ready, take } = createCoordinator(2)
    coordinator.receive(0, { type: 'give-up', taskId: 'A', reason: 'before() threw' })
    ready(0, 'B')
    ready(1, 'A')
    expect(take()).toEqual(['1 refused A'])
    ready(1, 'B')
    expect(take()).toEqual(['0 assignment B', '1 assignment B'])
  })

  it('is not revived by a thread that was setting up', () => {
    const { coordinator, ready, armed, take } = createCoordinator(2)
    ready(0, 'A')
    ready(1, 'A')
    take()
    coordinator.leave(1, 'thread 2 was lost')
    expect(take()).toEqual(['0 refused A'])
    armed(0, 'A')
    expect(take()).toEqual([])
  })

  it('may be run again by threads that have heard of it', () => {
    const { coordinator, ready, take } = createCoordinator(2)
    coordinator.receive(0, { type: 'give-up', taskId: 'B', reason: 'once' })
    ready(1, 'B')
    take()
    ready(0, 'B')
    ready(1, 'B')
    expect(take()).toEqual(['0 assignment B', '1 assignment B'])
  })
})

describe('a cancelled test run', () => {
  it('skips what gathers, stops what runs and starts nothing more', () => {
    const { coordinator, ready, armed, take, messages } = createCoordinator(2)
    for (const thread of [0, 1]) ready(thread, 'A')
    for (const thread of [0, 1]) armed(thread, 'A')
    ready(0, 'B')
    take()
    coordinator.cancel()
    expect(take()).toEqual(['0 stop A', '1 stop A', '0 refused B'])
    expect(messages.at(-1)).toEqual({ type: 'refused', taskId: 'B', reason: 'the test run was cancelled', skip: true })
    ready(0, 'C')
    expect(take()).toEqual(['0 refused C'])
  })
})

describe('a finished scenario', () => {
  it('is published, filed and attached to its task', async () => {
    vi.useRealTimers()
    const root = await mkdtemp(join(tmpdir(), 'vitest-load-'))
    try {
      const { coordinator, ready, armed, vitest, task } = createCoordinator(1, root)
      const published = new Promise<LiveEvent>((resolve) => {
        subscribeLive(vitest, (event) => event.type === 'result' && resolve(event))
      })
      ready(0, 'A')
      armed(0, 'A')
      coordinator.receive(0, { type: 'report', taskId: 'A', report: new ThreadMetrics().report(3) })
      const event = await published
      if (event.type !== 'result' || event.resultFile === undefined) throw new Error('There is no result file.')
      const written = JSON.parse(await readFile(join(root, event.resultFile), 'utf8')) as RunResult
      expect(written).toMatchObject({ scenario: 'shopping', file: 'specs/a.spec.ts', iterations: { ok: 3 } })
      expect(task.meta).toMatchObject({ kept: true, load: { iterations: { ok: 3 } } })
      expect(task.meta['load']).not.toHaveProperty('timeline')
    } finally {
      await rm(root, { recursive: true })
    }
  })
})
