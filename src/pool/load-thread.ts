import { setTimeout } from 'node:timers/promises'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { PoolOptions } from 'vitest/node'
import type { MainMessage, ThreadMessage, ThreadSetup } from './messages.ts'

/** The thread's entry stands beside the pool, compiled or not: threads do not strip types below node_modules. */
const entry = new URL(`../worker/entry${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

const stopLimitMs = 5000

/** What a thread tells the pool worker. */
export interface LoadThreadEvents {
  /** A message of Vitest's own protocol. */
  readonly onVitestMessage: (message: unknown) => void
  readonly onMessage: (message: ThreadMessage) => void
  /** The thread is gone, by an error or by itself; called once. */
  readonly onDeath: (error: Error) => void
}

/** One thread of the load pool in the main process's hands. */
export class LoadThread {
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #pool: PoolOptions
  readonly #thread: number
  readonly #onDeath: (error: Error) => void
  #ended: boolean = false

  constructor(pool: PoolOptions, setup: Omit<ThreadSetup, 'port'>, events: LoadThreadEvents) {
    const { port1, port2 } = new MessageChannel()
    this.#pool = pool
    this.#thread = setup.thread
    this.#port = port1
    this.#worker = new Worker(entry, {
      name: `vitest-load ${setup.thread + 1}`,
      workerData: { ...setup, port: port2 } satisfies ThreadSetup,
      transferList: [port2],
      env: pool.env as NodeJS.ProcessEnv,
      execArgv: pool.execArgv,
      stdout: true,
      stderr: true,
    })
    this.#onDeath = events.onDeath
    // Node emits `error` and `exit` in one tick; only the first is told.
    this.#worker.on('error', (error) => this.#die(explainDeath(error)))
    this.#worker.on('exit', (code) => this.#die(new Error(`it ended by itself with exit code ${code}.`)))
    this.#worker.on('message', events.onVitestMessage)
    this.#port.on('message', events.onMessage)
    this.#forwardOutput()
  }

  /** Passes on a message of Vitest's own protocol. */
  sendVitest(message: unknown): void {
    if (!this.#ended) this.#worker.postMessage(message)
  }

  send(message: MainMessage): void {
    if (!this.#ended) this.#port.postMessage(message)
  }

  /** Ends a thread that does not end by itself; nobody hears of it any more but of its death. */
  async kill(cause: Error): Promise<void> {
    this.#die(cause)
    await this.#worker.terminate()
  }

  async stop(): Promise<void> {
    this.#ended = true
    this.#port.close()
    const ended = new AbortController()
    const terminated = this.#worker.terminate().finally(() => ended.abort())
    await Promise.race([terminated, this.#complain(ended.signal)])
  }

  /** Native code, such as a child process that is waited for, cannot be ended, and Node waits for it at exit. */
  async #complain(ended: AbortSignal): Promise<void> {
    await setTimeout(stopLimitMs, undefined, { signal: ended, ref: false }).catch(() => {})
    if (ended.aborted) return
    this.#pool.project.vitest.logger.error(
      `vitest-load: thread ${this.#thread + 1} of the load generator cannot be ended, because native code in it blocks (execSync, for instance). The process ends when that does.`,
    )
  }

  #die(cause: Error): void {
    if (this.#ended) return
    this.#ended = true
    this.#onDeath(cause)
  }

  #forwardOutput(): void {
    const { outputStream, errorStream } = this.#pool.project.vitest.logger
    this.#worker.stdout.on('data', (chunk: Buffer) => outputStream.write(chunk))
    this.#worker.stderr.on('data', (chunk: Buffer) => errorStream.write(chunk))
  }
}

function explainDeath(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (!('code' in error) || error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error
  return new Error(
    'it ran out of memory. Keep less in the bodies and hooks, use fewer virtual users or more threads, or give Node more with NODE_OPTIONS=--max-old-space-size.',
    { cause: error },
  )
}
