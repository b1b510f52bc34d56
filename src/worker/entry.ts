import { parentPort, resourceLimits, workerData } from 'node:worker_threads'
import { init, runBaseTests, setupEnvironment } from 'vitest/worker'
import { installThreadHost } from '../engine/run-host.ts'
import type { ThreadSetup } from '../pool/messages.ts'
import { invariant } from '../shared/errors.ts'
import { ControlChannel } from './control-channel.ts'
import { PoolRunHost } from './pool-run-host.ts'
import { createFollowerRpc, createLeaderRpc } from './rpc-proxies.ts'

invariant(parentPort !== null, 'the thread entry runs in a worker thread')
const vitestPort = parentPort
const setup = workerData as ThreadSetup
const channel = new ControlChannel(setup.port)
const { port: _port, ...host } = setup

const youngHeapBytes = (resourceLimits.maxYoungGenerationSizeMb ?? 0) * 2 ** 20

installThreadHost({
  ...host,
  openRun: (taskId) => new PoolRunHost(channel, taskId, youngHeapBytes),
  tellReplay: (lines) => channel.send({ type: 'replay', lines }),
})

init({
  post: (message) => vitestPort.postMessage(message),
  on: (callback) => vitestPort.on('message', callback),
  off: (callback) => vitestPort.off('message', callback),
  teardown: () => vitestPort.removeAllListeners('message'),
  setup: (context) => {
    context.rpc = setup.thread === 0 ? createLeaderRpc(context.rpc) : (createFollowerRpc(channel) as typeof context.rpc)
    return setupEnvironment(context)
  },
  runTests: (state, traces) => runBaseTests('run', state, traces),
  collectTests: (state, traces) => runBaseTests('collect', state, traces),
})
