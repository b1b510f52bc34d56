import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the store of this project listens. */
    storeUrl: string
  }
}

type StoreProcess = ChildProcess & { stdout: Readable; stderr: Readable }

const startTimeoutMs = 10_000
const stopTimeoutMs = 5_000

/**
 * Vitest's `globalSetup`: starts a store in a process of its own, so that the load and its target do not share a
 * thread, and provides its address as `storeUrl`. Every project that uses it gets its own store.
 *
 * @returns the teardown, which ends that process
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // No inherited `execArgv`: a debugger's port would be taken twice. In a process group of its own: Ctrl-C in a terminal
  // reaches the whole group, and the store must serve until the load has ended. It ends with this process in any case.
  const options = { silent: true, execArgv: [], detached: true }
  const store = fork(new URL('./main.ts', import.meta.url), options) as StoreProcess
  try {
    project.provide('storeUrl', await readUrl(store))
  } catch (error) {
    await stop(store)
    throw error
  }
  store.stderr.pipe(process.stderr)
  return () => stop(store)
}

async function readUrl(store: StoreProcess): Promise<string> {
  let stderr = ''
  const collect = (chunk: string): unknown => (stderr += chunk)
  store.stderr.setEncoding('utf8').on('data', collect)
  try {
    const line = await firstLine(store)
    return (JSON.parse(line) as { url: string }).url
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`The store did not start: ${reason}. Its stderr was:\n${stderr || '(empty)'}`, { cause })
  } finally {
    store.stderr.off('data', collect)
  }
}

async function firstLine(store: StoreProcess): Promise<string> {
  const signal = AbortSignal.timeout(startTimeoutMs)
  // 'close' rather than 'exit': only then has all of stderr arrived.
  const closed = once(store, 'close', { signal }).then(([code]) => {
    throw new Error(`it ended with exit code ${String(code)}`)
  })
  const opened = once(createInterface(store.stdout), 'line', { signal }) as Promise<[string]>
  const [line] = await Promise.race([opened, closed])
  return line
}

async function stop(store: StoreProcess): Promise<void> {
  if (store.pid === undefined || store.exitCode !== null || store.signalCode !== null) return
  const exited = once(store, 'exit')
  store.kill('SIGTERM')
  const timer = setTimeout(() => store.kill('SIGKILL'), stopTimeoutMs)
  await exited
  clearTimeout(timer)
}
