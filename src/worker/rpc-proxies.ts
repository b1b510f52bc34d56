import type { RunnerTaskResultPack, RunnerTestFile } from 'vitest'
import type { ControlChannel } from './control-channel.ts'
import { selectTasks } from './select-tasks.ts'

/** What a follower asks Vitest for: modules, and what the user should hear of. The rest of its reports is dropped. */
const forwarded: readonly (string | symbol)[] = [
  'fetch',
  'fetchWarmModules',
  'prewarmModuleGraph',
  'resolve',
  'transform',
  'resolveSnapshotPath',
  'getCountOfFailedTests',
  'ensureModuleGraphEntry',
  'onUnhandledError',
  'onUserConsoleLog',
]

type Method = ((...input: unknown[]) => Promise<unknown>) & { asEvent?: unknown }

/** The leader's line to Vitest: untouched, but for the choice of what runs in a collected file. */
export function createLeaderRpc<Rpc extends object>(rpc: Rpc): Rpc {
  return new Proxy(rpc, {
    get(target, name, receiver): unknown {
      const method: unknown = Reflect.get(target, name, receiver)
      if (name !== 'onCollected' || typeof method !== 'function') return method
      return withEvent(async (files) => {
        selectTasks(files as RunnerTestFile[])
        return (method as Method)(files)
      })
    },
  })
}

/** A follower's line to Vitest, over its own port to main. */
export function createFollowerRpc(channel: ControlChannel): object {
  const methods = new Map<string | symbol, unknown>([
    ['then', undefined],
    ['$rejectPendingCalls', () => []],
    ['onTaskUpdate', withEvent(async (packs) => reportFailures(channel, packs as RunnerTaskResultPack[]))],
    ['onCollected', withEvent(async (files) => reportCollected(channel, files as RunnerTestFile[]))],
  ])
  return new Proxy(
    {},
    {
      get(_target, name): unknown {
        if (!methods.has(name))
          methods.set(
            name,
            forwarded.includes(name) ? forward(channel, String(name)) : withEvent(async () => undefined),
          )
        return methods.get(name)
      },
    },
  )
}

function forward(channel: ControlChannel, name: string): Method {
  return withEvent((...input) => channel.call(name, input))
}

async function reportCollected(channel: ControlChannel, files: readonly RunnerTestFile[]): Promise<void> {
  selectTasks(files)
  for (const file of files) {
    const [error] = file.result?.errors ?? []
    if (file.result?.state !== 'fail' || error === undefined) continue
    // Vitest has made plain data of it already, without a prototype.
    const { name = 'Error', message, stack } = error
    channel.send({ type: 'file-failed', error: { code: '', name, message, stack } })
  }
  await channel.settle()
}

/** What fails a scenario on all threads comes from main, and need not be told to it. */
async function reportFailures(channel: ControlChannel, packs: readonly RunnerTaskResultPack[]): Promise<void> {
  let failed = false
  for (const [, result] of packs) {
    for (const error of result?.errors ?? []) {
      const { name = 'Error', message, stack } = error
      const code = 'code' in error && typeof error['code'] === 'string' ? error['code'] : ''
      if (code === 'ERR_LOAD_THREAD') continue
      failed = true
      channel.send({ type: 'task-failed', error: { code, name, message, stack } })
    }
  }
  // Main must know before it hears, on another line, that this thread has ended the spec.
  if (failed) await channel.settle()
}

/** Vitest calls some methods as events, without waiting for an answer. */
function withEvent(method: (...input: unknown[]) => Promise<unknown>): Method {
  return Object.assign(method, { asEvent: method })
}
