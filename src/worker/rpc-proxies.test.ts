import { MessageChannel } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import type { MainMessage, ThreadMessage } from '../pool/messages.ts'
import { ControlChannel } from './control-channel.ts'
import { createFollowerRpc } from './rpc-proxies.ts'

interface FollowerRpc {
  onCollected(files: unknown[]): Promise<void>
  onTaskUpdate(packs: unknown[]): Promise<void>
}

/** A follower's line to Vitest, and what main hears on it but for calls, which it answers. */
function connect() {
  const { port1, port2 } = new MessageChannel()
  const heard: ThreadMessage[] = []
  port2.on('message', (message: ThreadMessage) => {
    if (message.type === 'call') port2.postMessage({ type: 'answer', id: message.id } satisfies MainMessage)
    else heard.push(message)
  })
  onTestFinished(() => port1.close())
  return { rpc: createFollowerRpc(new ControlChannel(port1)) as FollowerRpc, heard }
}

/** Vitest makes plain data of errors, without a prototype. */
function plainError(fields: Record<string, string>): unknown {
  return Object.assign(Object.create(null), fields)
}

it('tells main why a follower could not load the spec', async () => {
  const { rpc, heard } = connect()
  const error = plainError({ name: 'LoadError', message: 'twice', stack: 'at a.spec.ts' })
  await rpc.onCollected([{ type: 'suite', mode: 'run', tasks: [], result: { state: 'fail', errors: [error] } }])
  expect(heard).toEqual([
    { type: 'file-failed', error: { code: '', name: 'LoadError', message: 'twice', stack: 'at a.spec.ts' } },
  ])
})

it('tells main what fails in a follower, but not what main has told it', async () => {
  const { rpc, heard } = connect()
  const own = plainError({ name: 'Error', message: 'no disk', stack: 'at b.spec.ts' })
  const relayed = plainError({ name: 'LoadError', code: 'ERR_LOAD_THREAD', message: 'did not take place', stack: '' })
  await rpc.onTaskUpdate([
    ['task-1', { state: 'pass' }],
    ['task-2', { state: 'fail', errors: [own, relayed] }],
    ['task-3', undefined],
  ])
  expect(heard).toEqual([
    {
      type: 'task-failed',
      error: { code: '', name: 'Error', message: 'no disk', stack: 'at b.spec.ts' },
    },
  ])
})
