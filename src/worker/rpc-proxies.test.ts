import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import { ControlChannel } from './control-channel.ts'
import { createFollowerRpc } from './rpc-proxies.ts'

it('tells main why a follower could not load the spec, by the plain data that Vitest makes of an error', async () => {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port1.close())
  const rpc = createFollowerRpc(new ControlChannel(port1)) as { onCollected: (files: unknown[]) => Promise<void> }
  const error: unknown = Object.assign(Object.create(null), {
    name: 'LoadError',
    message: 'twice',
    stack: 'at a.spec.ts',
  })
  const heard = once(port2, 'message')
  await rpc.onCollected([{ type: 'suite', mode: 'run', tasks: [], result: { state: 'fail', errors: [error] } }])
  expect(await heard).toEqual([
    { type: 'file-failed', error: { code: '', name: 'LoadError', message: 'twice', stack: 'at a.spec.ts' } },
  ])
})
