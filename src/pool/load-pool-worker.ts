import { EventEmitter } from 'node:events'
import {
  createMethodsRPC,
  type PoolOptions,
  type PoolWorker,
  type WorkerRequest,
  type WorkerResponse,
} from 'vitest/node'
import { serializeError } from '../shared/errors.ts'
import { LoadThread } from './load-thread.ts'
import type { ThreadMessage, ThreadSetup } from './messages.ts'
import { RunCoordinator } from './run-coordinator.ts'

/** Name of the pool, as Vitest shows it. */
export const poolName = 'vitest-load'

/** What a pool worker is made of: Vitest's options, and what its threads are told. */
export interface LoadPoolWorkerOptions extends Omit<ThreadSetup, 'thread' | 'port'> {
  readonly pool: PoolOptions
  readonly runId: string
  readonly seed: number
}

type Reply = Extract<WorkerResponse, { type: unknown }>

/**
 * One spec on N threads, to Vitest a single worker. Thread 0, the leader, speaks Vitest's protocol untouched. The
 * followers get only the requests of the life cycle; Vitest sees a reply when all threads have given it. What else a
 * follower needs of Vitest, such as modules, it asks for on its own port.
 */
export class LoadPoolWorker implements PoolWorker {
  readonly name: string = poolName

  readonly #options: LoadPoolWorkerOptions
  readonly #events: EventEmitter = new EventEmitter()
  readonly #methods: Record<string, ((...input: unknown[]) => unknown) | undefined>
  readonly #coordinator: RunCoordinator
  #threads: LoadThread[] = []
  #alive: boolean[] = []
  /** Replies of the current life-cycle request, by thread. */
  #replies: (Reply | undefined)[] = []
  #offCancel: (() => void) | undefined

  constructor(options: LoadPoolWorkerOptions) {
    const { pool, threads, runId, seed, baseUrl } = options
    this.#options = options
    this.#methods = createMethodsRPC(pool.project) as unknown as Record<string, (...input: unknown[]) => unknown>
    this.#coordinator = new RunCoordinator({
      threads,
      runId,
      seed,
      baseUrl,
      project: pool.project,
      send: (thread, message) => this.#threads[thread]?.send(message),
    })
  }

  async start(): Promise<void> {
    const { pool, runId: _runId, seed: _seed, ...setup } = this.#options
    if (this.#threads.length > 0) return
    this.#offCancel = pool.project.vitest.onCancel(() => this.#coordinator.cancel())
    this.#alive = Array.from({ length: setup.threads }, () => true)
    this.#threads = this.#alive.map(
      (_, thread) =>
        new LoadThread(
          pool,
          { ...setup, thread },
          {
            onVitestMessage: (message) => this.#receiveVitest(thread, message),
            onMessage: (message) => this.#receive(thread, message),
            onDeath: (error) => this.#lose(thread, error),
          },
        ),
    )
  }

  async stop(): Promise<void> {
    this.#offCancel?.()
    await Promise.all(this.#threads.map((thread) => thread.stop()))
    this.#threads = []
  }

  send(message: WorkerRequest): void {
    // Whatever is not of the life cycle is Vitest's conversation with the leader.
    if (!('__vitest_worker_request__' in message)) {
      this.#threads[0]?.sendVitest(message)
      return
    }
    this.#replies = []
    if (message.type === 'run') this.#coordinator.beginFile(message.context.files[0]?.filepath ?? '')
    for (const thread of this.#threads) thread.sendVitest(message)
  }

  on(event: string, callback: (...input: unknown[]) => void): void {
    this.#events.on(event, callback)
  }

  off(event: string, callback: (...input: unknown[]) => void): void {
    this.#events.off(event, callback)
  }

  deserialize(data: unknown): unknown {
    return data
  }

  #receiveVitest(thread: number, message: unknown): void {
    if (!isReply(message)) {
      if (thread === 0) this.#events.emit('message', message)
      return
    }
    if (message.type === 'testfileFinished') {
      this.#coordinator.leave(thread, `thread ${thread + 1} ended the spec without running this scenario.`)
    }
    this.#replies[thread] = message
    this.#replyWhenJoined()
  }

  #replyWhenJoined(): void {
    const [leader] = this.#replies
    if (leader === undefined || !this.#alive.every((alive, thread) => !alive || this.#replies[thread] !== undefined))
      return
    const failed = this.#replies.find((reply) => reply?.error !== undefined && reply.error !== null)
    this.#replies = []
    this.#events.emit('message', failed === undefined ? leader : { ...leader, error: failed.error })
  }

  #receive(thread: number, message: ThreadMessage): void {
    if (message.type === 'call') void this.#answer(thread, message)
    else this.#coordinator.receive(thread, message)
  }

  async #answer(thread: number, { id, method, input }: Extract<ThreadMessage, { type: 'call' }>): Promise<void> {
    try {
      const value: unknown = await this.#methods[method]?.(...input)
      this.#threads[thread]?.send({ type: 'answer', id, value })
    } catch (error) {
      this.#threads[thread]?.send({ type: 'answer', id, error: serializeError(error) })
    }
  }

  #lose(thread: number, error: Error): void {
    this.#alive[thread] = false
    this.#coordinator.leave(thread, `thread ${thread + 1} of the load generator was lost: ${error.message}`)
    if (thread === 0) {
      this.#events.emit('error', error)
      return
    }
    this.#replyWhenJoined()
  }
}

function isReply(message: unknown): message is Reply {
  return (
    typeof message === 'object' &&
    message !== null &&
    '__vitest_worker_response__' in message &&
    message.__vitest_worker_response__ === true
  )
}
