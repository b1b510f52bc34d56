import { EventEmitter } from 'node:events'
import { url as inspectorUrl } from 'node:inspector'
import { performance } from 'node:perf_hooks'
import {
  createMethodsRPC,
  type PoolOptions,
  type PoolWorker,
  type WorkerRequest,
  type WorkerResponse,
} from 'vitest/node'
import { warnOfHttp } from '../options/http-warnings.ts'
import { publishLive } from '../results/live.ts'
import type { RunResult } from '../results/run-result.ts'
import { serializeError } from '../shared/errors.ts'
import { FollowerFailures, isTold } from './follower-failures.ts'
import { holdInterrupts } from './interrupts.ts'
import { LoadThread } from './load-thread.ts'
import { reportForLeader } from './lost-leader.ts'
import type { ThreadMessage, ThreadSetup } from './messages.ts'
import type { RunCoordinator } from './run-coordinator.ts'
import { ThreadWatch } from './thread-watch.ts'

/** Name of the pool, as Vitest shows it. */
export const poolName = 'vitest-load'

/** What a pool worker is made of: Vitest's options, and what its threads are told. */
export interface LoadPoolWorkerOptions extends Omit<ThreadSetup, 'thread' | 'port'> {
  readonly pool: PoolOptions
  readonly runId: string
  readonly seed: number
  /** Path of the module whose handlers answer in place of the network. */
  readonly offline: string | undefined
}

type Reply = Extract<WorkerResponse, { type: unknown }>

const replyTypes = {
  start: 'started',
  run: 'testfileFinished',
  collect: 'testfileFinished',
  stop: 'stopped',
} as const satisfies Record<string, Reply['type']>

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
  /** There is one as soon as the worker has started. */
  #coordinator: RunCoordinator | undefined
  readonly #watch: ThreadWatch
  readonly #followerFailures: FollowerFailures
  #threads: LoadThread[] = []
  /** Why a thread is no more, once it is not. */
  #deaths: (Error | undefined)[] = []
  /** The life-cycle request that is not answered yet, and the replies to it by thread. */
  #request: keyof typeof replyTypes | undefined
  #replies: (Reply | undefined)[] = []
  #filepath: string = ''
  #onStop: (() => void)[] = []

  constructor(options: LoadPoolWorkerOptions) {
    const { pool } = options
    this.#options = options
    this.#methods = createMethodsRPC(pool.project) as unknown as Record<string, (...input: unknown[]) => unknown>
    this.#followerFailures = new FollowerFailures(pool.project.vitest)
    this.#watch = new ThreadWatch({
      now: () => performance.now(),
      ping: (thread) => this.#threads[thread]?.send({ type: 'ping' }),
      onOverdue: (thread, cause) => void this.#threads[thread]?.kill(new Error(`${cause}.`)),
    })
  }

  async start(): Promise<void> {
    const { pool, runId: _runId, seed: _seed, offline: _offline, ...setup } = this.#options
    if (this.#threads.length > 0) return
    const { vitest } = pool.project
    this.#deaths = Array.from({ length: setup.threads }, () => undefined)
    this.#threads = this.#deaths.map(
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
    const coordinator = this.#loadCoordinator()
    this.#onStop = [vitest.onCancel(() => void coordinator.then((loaded) => loaded.cancel()))]
    if (setup.asked) this.#onStop.push(holdInterrupts(vitest))
    this.#coordinator = await coordinator
  }

  /** What merges and judges is loaded while the threads load their part, which takes longer. */
  async #loadCoordinator(): Promise<RunCoordinator> {
    const { RunCoordinator: Coordinator } = await import('./run-coordinator.ts')
    const { pool, threads, runId, seed, baseUrl, offline, options } = this.#options
    return new Coordinator({
      threads,
      runId,
      seed,
      baseUrl,
      offline,
      validity: options.validity,
      // Where there is no network, there is nothing to tell of it.
      warnings: offline === undefined ? warnOfHttp(options, threads) : [],
      project: pool.project,
      watch: this.#watch,
      send: (thread, message) => this.#threads[thread]?.send(message),
    })
  }

  async stop(): Promise<void> {
    this.#watch.end()
    for (const undo of this.#onStop.splice(0)) undo()
    await Promise.all(this.#threads.map((thread) => thread.stop()))
    this.#threads = []
  }

  send(message: WorkerRequest): void {
    // Whatever is not of the life cycle is Vitest's conversation with the leader.
    if (!('__vitest_worker_request__' in message) || !(message.type in replyTypes)) {
      this.#threads[0]?.sendVitest(message)
      return
    }
    this.#request = message.type as keyof typeof replyTypes
    this.#replies = []
    if (message.type === 'run') {
      this.#filepath = message.context.files[0]?.filepath ?? ''
      this.#coordinator?.beginFile(this.#filepath)
      for (const [thread, death] of this.#deaths.entries())
        if (death !== undefined) this.#coordinator?.leave(thread, death.message)
      // Who debugs stops threads for as long as he likes.
      if (inspectorUrl() === undefined && !this.#options.pool.project.config.inspector.enabled)
        this.#watch.begin([...this.#threads.keys()].filter((thread) => this.#deaths[thread] === undefined))
    }
    for (const thread of this.#threads) thread.sendVitest(message)
    void this.#replyWhenJoined()
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
    this.#watch.heard(thread)
    if (!isReply(message)) {
      if (thread === 0) this.#events.emit('message', message)
      return
    }
    if (message.type === 'testfileFinished') {
      const cause = this.#followerFailures.firstOf(thread)
      const why = cause === undefined ? '.' : `: ${cause}`
      this.#coordinator?.leave(thread, `thread ${thread + 1} ended the spec without finishing this scenario${why}`)
    }
    this.#replies[thread] = message
    void this.#replyWhenJoined()
  }

  async #replyWhenJoined(): Promise<void> {
    const request = this.#request
    if (request === undefined) return
    if (!this.#deaths.every((death, thread) => death !== undefined || this.#replies[thread] !== undefined)) return
    this.#request = undefined
    const [leader] = this.#replies
    const failed = this.#replies.find((reply) => reply?.error !== undefined && reply.error !== null)
    if (request === 'run') {
      await this.#finishFile().catch((error: unknown) => this.#events.emit('error', error))
    }
    const reply = leader ?? { __vitest_worker_response__: true, type: replyTypes[request] }
    this.#events.emit('message', failed === undefined ? reply : { ...reply, error: failed.error })
  }

  /** Tells Vitest what no leader can tell any more, and what only followers know. */
  async #finishFile(): Promise<void> {
    await this.#coordinator?.whenIdle()
    const { project } = this.#options.pool
    const file = project.vitest.state
      .getFiles([this.#filepath])
      .find((candidate) => candidate.projectName === project.name)
    const [leaderDeath] = this.#deaths
    if (leaderDeath !== undefined) {
      if (file === undefined || file.tasks.length === 0) {
        this.#events.emit('error', leaderDeath)
        return
      }
      const resultOf = (taskId: string): RunResult | undefined => this.#coordinator?.runOf(taskId)?.result
      const { packs, events } = reportForLeader(file, resultOf, leaderDeath.message)
      await this.#methods['onTaskUpdate']?.(packs, events)
    }
    this.#followerFailures.report(file)
    for (const death of this.#deaths) {
      // After the last load, for instance in a hook, a death fails no test.
      if (death !== undefined && !isTold(file, death.message)) project.vitest.state.catchError(death, 'Unhandled Error')
    }
  }

  #receive(thread: number, message: ThreadMessage): void {
    this.#watch.heard(thread)
    if (message.type === 'call') void this.#answer(thread, message)
    else if (message.type === 'task-failed') this.#followerFailures.add(thread, message.error)
    else if (message.type === 'replay') publishLive(this.#options.pool.project.vitest, message)
    else if (message.type !== 'pong') this.#coordinator?.receive(thread, message)
  }

  async #answer(thread: number, { id, method, input }: Extract<ThreadMessage, { type: 'call' }>): Promise<void> {
    try {
      const value: unknown = await this.#methods[method]?.(...input)
      this.#threads[thread]?.send({ type: 'answer', id, value })
    } catch (error) {
      this.#threads[thread]?.send({ type: 'answer', id, error: serializeError(error) })
    }
  }

  #lose(thread: number, cause: Error): void {
    const death = new Error(`thread ${thread + 1} of the load generator was lost: ${cause.message}`, { cause })
    this.#deaths[thread] = death
    this.#watch.forget(thread)
    this.#coordinator?.leave(thread, death.message)
    // Vitest listens to errors only while it waits for something; once a spec runs there is more to say than that.
    if (this.#request === 'start' || this.#request === 'collect') this.#events.emit('error', death)
    else void this.#replyWhenJoined()
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
