import type { MessagePort } from 'node:worker_threads'
import type { MainMessage, ThreadMessage } from '../pool/messages.ts'
import { deserializeError } from '../shared/errors.ts'

type RunMessage = Exclude<MainMessage, { type: 'answer' | 'ping' }>

interface PendingCall {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** This thread's end of its own line to the main process. */
export class ControlChannel {
  readonly #port: MessagePort
  readonly #listeners: Map<string, (message: RunMessage) => void> = new Map()
  readonly #calls: Map<number, PendingCall> = new Map()
  #calling: number = 0

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (message: MainMessage) => this.#receive(message))
    port.unref()
  }

  send(message: ThreadMessage, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer)
  }

  /** Calls one of Vitest's methods in the main process. */
  async call(method: string, input: readonly unknown[]): Promise<unknown> {
    const id = this.#calling++
    // The thread must not end while an answer is on its way.
    this.#port.ref()
    const answer = new Promise<unknown>((resolve, reject) => this.#calls.set(id, { resolve, reject }))
    this.send({ type: 'call', id, method, input })
    return answer
  }

  /** Resolves when main has read everything that was said so far. */
  async settle(): Promise<void> {
    await this.call('', [])
  }

  /** Listens to what main says about one run; one listener for each run. */
  listen(taskId: string, listener: (message: RunMessage) => void): void {
    this.#listeners.set(taskId, listener)
    this.#port.ref()
  }

  unlisten(taskId: string): void {
    this.#listeners.delete(taskId)
    this.#unrefWhenIdle()
  }

  #receive(message: MainMessage): void {
    if (message.type === 'ping') {
      this.send({ type: 'pong' })
      return
    }
    if (message.type !== 'answer') {
      this.#listeners.get(message.taskId)?.(message)
      return
    }
    const call = this.#calls.get(message.id)
    this.#calls.delete(message.id)
    this.#unrefWhenIdle()
    if (message.error === undefined) call?.resolve(message.value)
    else call?.reject(deserializeError(message.error))
  }

  #unrefWhenIdle(): void {
    if (this.#calls.size === 0 && this.#listeners.size === 0) this.#port.unref()
  }
}
