import { MessageChannel } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import { RunSkipped } from '../engine/run-host.ts'
import { plan, ThreadMetrics } from '../pool/fixtures/plans.ts'
import type { MainMessage, ThreadMessage } from '../pool/messages.ts'
import { ControlChannel } from './control-channel.ts'
import { PoolRunHost } from './pool-run-host.ts'

const assignment = { segment: { index: 0, count: 2 }, runId: 'r1', seed: 7, prepared: { token: 'x' } }

/** A host in a thread, and main at the other end of its line, which answers what `answer` says. */
function connect(answer: (message: ThreadMessage) => MainMessage[]) {
  const { port1, port2 } = new MessageChannel()
  const heard: string[] = []
  port2.on('message', (message: ThreadMessage) => {
    heard.push(message.type)
    for (const reply of message.type === 'call' ? [{ type: 'answer', id: message.id } as const] : answer(message))
      port2.postMessage(reply)
  })
  onTestFinished(() => port1.close())
  const channel = new ControlChannel(port1)
  /** Resolves when everything said so far has been answered. */
  const settle = (): Promise<unknown> => channel.call('anything', [])
  return { host: new PoolRunHost(channel, 't1', 0), heard, settle }
}

const refused = (skip: boolean): MainMessage => ({ type: 'refused', taskId: 't1', reason: 'thread 2 was lost', skip })

describe('PoolRunHost', () => {
  it('goes through a run, message by message', async () => {
    const { host, heard, settle } = connect(({ type }) => {
      if (type === 'ready') return [{ type: 'assignment', taskId: 't1', assignment }]
      if (type === 'armed') return [{ type: 'go', taskId: 't1' }]
      return type === 'report' ? [{ type: 'outcome', taskId: 't1', result: undefined }] : []
    })
    const metrics = new ThreadMetrics()
    await expect(host.ready(plan, undefined)).resolves.toEqual(assignment)
    await host.go()
    host.snapshot({ snapshot: metrics.snapshot(3), activeVUs: 1 })
    await expect(host.result(metrics.report(1))).resolves.toBeUndefined()
    await settle()
    expect(heard).toEqual(['ready', 'armed', 'progress', 'report', 'call'])
  })

  it('hears of a refusal that came while the thread was setting up', async () => {
    const { host, settle } = connect(({ type }) =>
      type === 'ready' ? [{ type: 'assignment', taskId: 't1', assignment }, refused(false)] : [],
    )
    await host.ready(plan, undefined)
    await settle()
    await expect(host.go()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[LoadError: The load did not take place: thread 2 was lost]`,
    )
  })

  it('tells a skipped run from one that failed', async () => {
    await expect(connect(() => [refused(true)]).host.ready(plan, undefined)).rejects.toThrow(RunSkipped)
    await expect(connect(() => [refused(false)]).host.ready(plan, undefined)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_LOAD_THREAD' }),
    )
  })

  it('passes on a request to stop, also one that came before anybody listened', async () => {
    const { host, settle } = connect(({ type }) => [
      type === 'ready' ? { type: 'assignment', taskId: 't1', assignment } : { type: 'stop', taskId: 't1' },
    ])
    let stops = 0
    await host.ready(plan, undefined)
    host.requestStop('enough')
    await settle()
    host.onStop(() => (stops += 1))
    expect(stops).toBe(1)
  })
})
